"""A parked draft is at one place at a time: at the hall, or at the one desk that took it, whatever is lost on the way."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from backoffice import schema
from backoffice.auditing import trail_of
from backoffice.parking import books, parking
from backoffice.parking.parking import CLAIM_LASTS, KEPT, MOST_DESKS, REMEMBERED
from backoffice.people import Person
from backoffice.scopes import EVERYTHING
from backoffice.web.drafts import MOST_BYTES
from tests.backoffice.helpers import RunningServer
from tests.fakes.clock import FakeClock

DRAFTS, HALL = "/desk/v1/drafts", "/desk/v1/hall"
ONE_ENGINE = pytest.mark.one_engine


@dataclass
class HallDesk:
    """One machine, with somebody signed in at it."""

    client: httpx.Client

    def park(self, draft: str = "D1", box: str = "box", kind: str = "complaint", title: str = "tv") -> httpx.Response:
        return self.client.put(f"{DRAFTS}/{draft}", json={"kind": kind, "title": title, "box": box})

    def claim(self, draft: str = "D1") -> httpx.Response:
        return self.client.post(f"{DRAFTS}/{draft}/claim")

    def take(self, draft: str = "D1") -> httpx.Response:
        return self.client.delete(f"{DRAFTS}/{draft}")

    def states(self) -> dict[str, str]:
        return {one["id"]: one["state"] for one in self.client.get(DRAFTS).json()["drafts"]}

    def tell(self, key: bytes) -> httpx.Response:
        return self.client.put(HALL, json={"key": base64.b64encode(key).decode()})


def at(
    server: RunningServer, device: str | None, person: str = "mei", hall: str = "xihu", role: str = "clerk"
) -> HallDesk:
    """A desk with a person of that hall."""
    who = Person(person, person.title(), role)
    if server.people.find(person) is None:
        server.people.put(who, None, department=hall)
    return HallDesk(server.client_with(server.people.grant(who, device).token))


def test_what_one_desk_parks_another_of_the_hall_resumes_and_then_it_is_gone(server: RunningServer) -> None:
    one, other = at(server, "desk-1"), at(server, "desk-2", "li")
    assert (one.park().status_code, one.park().status_code) == (201, 200)
    (told,) = other.client.get(DRAFTS).json()["drafts"]
    assert told == {
        "id": "D1", "href": f"{DRAFTS}/D1", "kind": "complaint", "title": "tv", "hall": "xihu", "state": "parked",
        "author": {"id": "mei", "name": "Mei"}, "parkedAt": "2026-03-25T04:00:00.000Z", "claimedBy": None,
    }  # fmt: skip
    assert other.client.get(f"{DRAFTS}/D1").json() == told
    assert other.claim().json()["box"] == "box"
    assert one.states() == {"D1": "claimed"}
    assert [other.take().status_code for _ in range(2)] == [200, 200]
    assert one.states() == {}


def test_of_all_who_claim_at_once_one_gets_it_and_the_others_hear_who(server: RunningServer) -> None:
    desks = [at(server, f"desk-{number}", f"clerk{number}") for number in range(6)]
    desks[0].park()
    with ThreadPoolExecutor(len(desks)) as pool:
        answers = list(pool.map(HallDesk.claim, desks))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409, 409, 409]
    (winner,) = (number for number, one in enumerate(answers) if one.status_code == 200)
    assert {one.json()["holder"] for one in answers if one.status_code == 409} == {f"Clerk{winner}"}
    assert "box" not in answers[(winner + 1) % len(desks)].json()
    assert desks[winner].claim().json()["box"] == "box"


@ONE_ENGINE
def test_a_draft_that_is_parked_once_more_after_it_was_resumed_elsewhere_does_not_come_back(
    server: RunningServer,
) -> None:
    one, other = at(server, "desk-1"), at(server, "desk-2", "li")
    one.park()
    other.claim()
    assert (one.park(box="again").json()["state"], other.claim().json()["box"]) == ("claimed", "box")
    other.take()
    assert (one.park(box="again").json()["state"], one.states()) == ("taken", {})
    assert other.park(box="more").status_code == 201
    assert one.claim().json()["box"] == "more"


@ONE_ENGINE
def test_a_claim_that_nobody_follows_up_lapses_and_who_had_it_is_told(server: RunningServer, clock: FakeClock) -> None:
    one, other = at(server, "desk-1"), at(server, "desk-2", "li")
    one.park()
    other.claim()
    clock.move(CLAIM_LASTS - timedelta(seconds=1))
    assert one.claim().status_code == 409
    clock.move(timedelta(seconds=1))
    assert one.states() == {"D1": "parked"}
    assert one.claim().status_code == 200
    assert other.take().json() == {
        "code": "conflict", "reason": "This draft is being resumed.", "id": "D1", "state": "claimed", "holder": "Mei",
    }  # fmt: skip
    assert one.take().json() == {"id": "D1", "state": "taken"}
    assert other.take().json() == {
        "code": "conflict", "reason": "This draft has been resumed.", "id": "D1", "state": "taken", "holder": "Mei",
    }  # fmt: skip
    assert other.claim().status_code == 409


@pytest.mark.whole
@ONE_ENGINE
def test_what_another_desk_has_parked_again_is_accounted_for_and_stays_as_it_is(server: RunningServer) -> None:
    one, other = at(server, "desk-1"), at(server, "desk-2", "li")
    one.park()
    other.claim()
    other.take()
    other.park(box="longer")
    assert (one.park().status_code, one.park().json()) == (200, {"id": "D1", "state": "parked"})
    assert one.claim().json()["box"] == "longer"


@pytest.mark.whole
@ONE_ENGINE
def test_who_parked_at_the_same_desk_before_writes_over_nothing_of_who_did_since(server: RunningServer) -> None:
    mei, li = at(server, "desk-1"), at(server, "desk-1", "li")
    mei.park()
    li.claim()
    li.take()
    li.park(box="longer")
    assert mei.park().json()["state"] == "parked"
    assert li.claim().json()["box"] == "longer"


@ONE_ENGINE
def test_what_a_desk_has_claimed_it_takes_also_where_its_clerk_has_moved_to_another_hall(server: RunningServer) -> None:
    one, other = at(server, "desk-1"), at(server, "desk-2", "li")
    one.park()
    other.claim()
    server.people.put(Person("li", "Li", "clerk"), None, department="binjiang")
    moved = at(server, "desk-2", "li")
    assert [moved.take().status_code for _ in range(2)] == [200, 200]
    assert one.states() == {}
    absent = {"code": "notFound", "reason": "No such draft is parked.", "id": "D1", "state": "absent"}
    assert moved.client.get(f"{DRAFTS}/D1").json() == absent


@ONE_ENGINE
def test_what_a_desk_could_not_use_is_everybodys_again_at_once(server: RunningServer) -> None:
    one, other = at(server, "desk-1"), at(server, "desk-2", "li")
    one.park()
    other.claim()
    claim = f"{DRAFTS}/D1/claim"
    assert one.client.delete(claim).json() == {"id": "D1", "state": "claimed"}
    assert other.client.delete(claim).json() == {"id": "D1", "state": "parked"}
    assert other.take().json()["reason"] == "Claim this draft first."
    assert one.claim().status_code == 200


@pytest.mark.whole
@ONE_ENGINE
def test_a_claim_that_has_lapsed_can_still_be_followed_up_while_nobody_else_has_claimed(
    server: RunningServer, clock: FakeClock
) -> None:
    one, other = at(server, "desk-1"), at(server, "desk-2", "li")
    one.park()
    other.claim()
    clock.move(CLAIM_LASTS * 2)
    assert other.take().status_code == 200


@pytest.mark.whole
@ONE_ENGINE
def test_what_nobody_has_claimed_only_its_author_takes_away(server: RunningServer) -> None:
    one, other = at(server, "desk-1"), at(server, "desk-2", "li")
    one.park()
    assert other.take().json()["reason"] == "Claim this draft first."
    assert at(server, "desk-3").take().status_code == 200
    assert one.states() == {}


@ONE_ENGINE
def test_what_has_expired_goes_back_to_its_author_or_a_supervisor_and_does_not_vanish(
    server: RunningServer, clock: FakeClock
) -> None:
    author = at(server, "desk-1")
    author.park("D1")
    author.park("D2")
    clock.move(KEPT)
    author, other, boss = (
        at(server, "desk-1"),
        at(server, "desk-2", "li"),
        at(server, "desk-3", "boss", role="supervisor"),
    )
    assert author.states() == {"D1": "expired", "D2": "expired"}
    assert other.claim("D1").status_code == 403
    assert [author.claim("D1").status_code, boss.claim("D2").status_code] == [200, 200]
    clock.move(REMEMBERED)
    assert at(server, "desk-1").states() == {"D1": "expired", "D2": "expired"}


@pytest.mark.whole
@ONE_ENGINE
def test_another_hall_sees_nothing(server: RunningServer) -> None:
    one, other = at(server, "desk-1"), at(server, "desk-2", "zhao", "binjiang")
    one.park()
    assert other.states() == {}
    answers = [other.client.get(f"{DRAFTS}/D1"), other.claim(), other.take()]
    assert {(one.status_code, one.json()["reason"]) for one in answers} == {
        (410, "This draft is parked at another hall.")
    }
    assert (other.park(box="other").json()["state"], one.claim().json()["box"]) == ("parked", "box")


@ONE_ENGINE
@pytest.mark.parametrize(("device", "role"), [(None, "clerk"), ("desk-1", "viewer"), ("desk-1", "admin")])
def test_only_a_desk_with_somebody_who_serves_customers_may(
    server: RunningServer, device: str | None, role: str
) -> None:
    desk = at(server, device, "somebody", role=role)
    answers = [
        desk.client.get(DRAFTS),
        desk.client.get(HALL),
        desk.park(),
        desk.claim(),
        desk.take(),
        desk.tell(bytes(32)),
    ]
    assert {one.status_code for one in answers} == {403}


@ONE_ENGINE
@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"box": "x" * MOST_BYTES}, 201), ({"box": "x" * (MOST_BYTES + 1)}, 413), ({"box": ""}, 400),
        ({"title": "张伟 13800138000"}, 400), ({"kind": "Complaint of Li"}, 400),
    ],
)  # fmt: skip
def test_boxes_are_bounded_and_titles_are_words(server: RunningServer, more: dict[str, str], status: int) -> None:
    assert at(server, "desk-1").park(**more).status_code == status


@pytest.mark.whole
@ONE_ENGINE
def test_a_hall_is_bounded(server: RunningServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parking, "MOST_AT_A_HALL", 2)
    one = at(server, "desk-1")
    assert [one.park(f"D{number}").status_code for number in (1, 2, 3, 2)] == [201, 201, 409, 200]
    assert one.park("D3").json() == {
        "code": "conflict", "reason": "At most 2 drafts are parked at a hall.", "id": "D3", "state": "absent",
    }  # fmt: skip
    clock.move(KEPT)
    assert at(server, "desk-1").park("D3").status_code == 201


@pytest.mark.whole
@ONE_ENGINE
def test_a_list_reads_no_box(server: RunningServer) -> None:
    at(server, "desk-1").park()
    with server.store.reading(EVERYTHING) as reader:
        assert [(one.id, one.box) for one in books.parked_at(reader, "xihu")] == [("D1", "")]


@pytest.mark.whole
@ONE_ENGINE
def test_what_was_taken_is_remembered_for_a_month_without_its_box(server: RunningServer, clock: FakeClock) -> None:
    one, other = at(server, "desk-1"), at(server, "desk-2", "li")
    one.park("D1")
    other.claim("D1")
    other.take("D1")
    with server.store.reading(EVERYTHING) as reader:
        assert reader.connection.exec_driver_sql("SELECT box FROM parked_draft").scalars().all() == [""]
    clock.move(REMEMBERED + timedelta(seconds=1))
    at(server, "desk-1").park("D2")
    with server.store.reading(EVERYTHING) as reader:
        assert reader.connection.exec_driver_sql("SELECT id FROM parked_draft").scalars().all() == ["D2"]


@ONE_ENGINE
def test_a_hall_tells_the_keys_of_its_desks_and_of_none_that_was_shut_out(
    server: RunningServer, clock: FakeClock
) -> None:
    for number, hall in ((1, "xihu"), (2, "xihu"), (3, "binjiang")):
        clock.move(timedelta(seconds=1))
        assert at(server, f"desk-{number}", f"of-{hall}", hall).tell(bytes([number] * 32)).status_code == 200
    one = at(server, "desk-1", "of-xihu")
    one.tell(bytes([9] * 32))
    at(server, "desk-2", "of-binjiang", "binjiang").tell(bytes([4] * 32))  # it stays a desk of xihu
    at(server, "desk-5", "of-xihu").tell(bytes([5] * 32))
    with server.store.writing() as transaction:
        transaction.connection.execute(schema.desk.insert().values(name="five", device="desk-5", revoked=1))
    told = one.client.get(HALL).json()
    assert told["hall"] == "xihu"
    keys = {desk["device"]: base64.b64decode(desk["key"])[0] for desk in told["desks"]}
    assert keys == {"desk-2": 2, "desk-1": 9}
    assert len(keys) < MOST_DESKS


@ONE_ENGINE
@pytest.mark.parametrize("key", ["", "no base64 !", base64.b64encode(bytes(31)).decode()])
def test_a_key_that_is_none_is_refused(server: RunningServer, key: str) -> None:
    assert at(server, "desk-1").client.put(HALL, json={"key": key}).status_code == 400


@pytest.mark.whole
@ONE_ENGINE
def test_the_audit_chain_holds_who_parked_claimed_and_took(server: RunningServer) -> None:
    one, other = at(server, "desk-1"), at(server, "desk-2", "li")
    one.park()
    one.park()
    other.claim()
    other.take()
    other.take()
    with server.store.reading(EVERYTHING) as reader:
        assert trail_of(reader.connection).problems == ()
        rows = reader.connection.exec_driver_sql(
            "SELECT author, act FROM audit WHERE subject = 'draft/D1' ORDER BY number"
        ).all()
    assert [tuple(row) for row in rows] == [("mei", "park"), ("li", "claim"), ("li", "take")]
