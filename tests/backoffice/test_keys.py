"""Each command takes effect at most once, and its desk can always learn what became of it."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from backoffice import schema
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.web.context import Options
from backoffice.writing import Transaction
from tests.backoffice.helpers import FAULTS, TICKETS, RunningServer, ticket

SENDERS = 8


@pytest.fixture
def desk(server: RunningServer) -> httpx.Client:
    """A registered desk."""
    return server.client("clerk", "desk-1")


def keyed(key: str, sequence: int | None = None, acknowledged: int | None = None) -> dict[str, str]:
    numbers = {"Desk-Sequence": sequence, "Desk-Acknowledged": acknowledged}
    return {"Idempotency-Key": key, **{k: str(v) for k, v in numbers.items() if v is not None}}


def outcome(client: httpx.Client, key: str) -> httpx.Response:
    return client.get(f"/desk/v1/commands/{key}")


def test_the_same_request_again_gets_the_first_answer_again(desk: httpx.Client) -> None:
    first = desk.post(TICKETS, json=ticket(), headers=keyed("K1"))
    changed = desk.patch(
        first.headers["Location"], json={"name": "x"}, headers=keyed("K2") | {"If-Match": first.headers["ETag"]}
    )
    again = desk.post(TICKETS, json=ticket(), headers=keyed("K1"))
    assert changed.status_code == 200
    assert (again.status_code, again.content) == (201, first.content)
    for name in ("ETag", "Location"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert len(desk.get(TICKETS).json()) == 1


def test_the_spelling_of_the_json_is_not_the_request(desk: httpx.Client) -> None:
    headers = {**keyed("K1"), "Content-Type": "application/json"}
    desk.post(TICKETS, content=b'{"description":"x","severity":"y","ticketType":"z"}', headers=headers)
    again = desk.post(
        TICKETS, content=b'{ "ticketType":"z", "severity":"y", "description":"\\u0078" }', headers=headers
    )
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_forgotten_key_is_told_from_one_that_never_was(desk: httpx.Client) -> None:
    desk.post(TICKETS, json=ticket(), headers=keyed("K1", 1))
    desk.post(TICKETS, json=ticket(), headers=keyed("K2", 2, acknowledged=1))
    asked = [("K1", "?sequence=1"), ("K1", ""), ("K2", "?sequence=2"), ("K3", "?sequence=3"), ("K1", "?sequence=0")]
    answers = [outcome(desk, f"{key}{query}") for key, query in asked]
    assert [one.status_code for one in answers] == [410, 404, 200, 404, 400]
    assert answers[0].json()["code"] == "keyForgotten"


def test_what_was_acknowledged_in_another_epoch_is_not_forgotten(desk: httpx.Client) -> None:
    """A restored back office may have lost what the desk believes to have ended."""
    desk.post(TICKETS, json=ticket(), headers=keyed("K1", 1))
    epoch = outcome(desk, "K1").json()["epoch"]
    for number, (told, status) in enumerate((("another", 200), (epoch, 410)), start=2):
        headers = keyed(f"K{number}", number, acknowledged=1) | {"Desk-Epoch": told}
        assert desk.post(TICKETS, json=ticket(), headers=headers).status_code == 201
        assert outcome(desk, "K1?sequence=1").status_code == status


def test_a_delete_is_replayed_too(server: RunningServer) -> None:
    desk = server.client("supervisor", "desk-1")
    made = desk.post(TICKETS, json=ticket(), headers=keyed("K1"))
    headers = keyed("K2") | {"If-Match": made.headers["ETag"]}
    for replayed in (None, "true"):
        answer = desk.delete(made.headers["Location"], headers=headers)
        assert (answer.status_code, answer.headers.get("Idempotency-Replayed")) == (204, replayed)


def test_of_what_was_deleted_no_answer_is_kept(server: RunningServer) -> None:
    desk = server.client("supervisor", "desk-1")
    made = desk.post(TICKETS, json=ticket(description="13800138000"), headers=keyed("K1"))
    where, tag = made.headers["Location"], made.headers["ETag"]
    changed = desk.patch(where, json={"name": "x"}, headers=keyed("K2") | {"If-Match": tag})
    desk.delete(where, headers=keyed("K3") | {"If-Match": changed.headers["ETag"]})
    again = desk.post(TICKETS, json=ticket(description="13800138000"), headers=keyed("K1"))
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.json() == {name: made.json()[name] for name in ("id", "href")}
    assert desk.delete(where, headers=keyed("K3") | {"If-Match": changed.headers["ETag"]}).status_code == 204
    with server.store.reading(EVERYTHING) as reader:
        kept = reader.connection.scalars(select(schema.command.c.answer)).all()
    assert not any("13800138000" in (answer or "") for answer in kept)


def test_a_key_is_not_taken_for_another_request(server: RunningServer) -> None:
    desk = server.client("supervisor", "desk-1")
    made = desk.post(TICKETS, json=ticket(), headers=keyed("K1"))
    for answer in (
        desk.post(TICKETS, json=ticket(description="other"), headers=keyed("K1")),
        desk.patch(made.headers["Location"], json=ticket(), headers=keyed("K1") | {"If-Match": "*"}),
        desk.delete(made.headers["Location"], headers=keyed("K1") | {"If-Match": "*"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "keyReused")
    assert desk.get(TICKETS).json() == [made.json()]


def test_a_refused_request_may_be_corrected_under_its_key(desk: httpx.Client) -> None:
    assert desk.post(TICKETS, json=ticket(severity=None), headers=keyed("K1")).status_code == 400
    assert outcome(desk, "K1").status_code == 404
    made = desk.post(TICKETS, json=ticket(), headers=keyed("K1"))
    assert made.status_code == 201
    stale = keyed("K2") | {"If-Match": '"stale-1"'}
    assert desk.patch(made.headers["Location"], json={"name": "x"}, headers=stale).status_code == 412
    fresh = keyed("K2") | {"If-Match": made.headers["ETag"]}
    assert desk.patch(made.headers["Location"], json={"name": "x"}, headers=fresh).status_code == 200


def test_eight_senders_of_one_key_have_one_effect(server: RunningServer) -> None:
    clients = [server.client("clerk", "desk-1") for _ in range(SENDERS)]
    for round_ in range(5):
        with ThreadPoolExecutor(SENDERS) as pool:
            send = lambda client, key=f"K{round_}": client.post(TICKETS, json=ticket(), headers=keyed(key))  # noqa: E731
            answers = list(pool.map(send, clients))
        made = [answer for answer in answers if answer.status_code == 201]
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len({answer.content for answer in made}) == 1
        assert sum("Idempotency-Replayed" not in answer.headers for answer in made) == 1
        assert all(answer.headers["Retry-After"] for answer in answers if answer.status_code == 409)
        assert len(clients[0].get(TICKETS).json()) == round_ + 1


def test_two_servers_on_one_database_have_one_effect_per_key(server: RunningServer, tmp_path: Path) -> None:
    other = RunningServer(server.database, Options(), server.clock)
    other.start()
    try:
        clients = [each.client("clerk", "desk-1") for each in (server, other) for _ in range(SENDERS // 2)]
        with ThreadPoolExecutor(SENDERS) as pool:
            answers = list(pool.map(lambda client: client.post(TICKETS, json=ticket(), headers=keyed("K1")), clients))
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len(clients[0].get(TICKETS).json()) == 1
    finally:
        other.stop()


def test_a_request_whose_first_copy_still_runs_is_told_to_come_back(server: RunningServer, desk: httpx.Client) -> None:
    with ThreadPoolExecutor(2) as pool:
        with server.store.writing():  # whichever copy comes first waits for this transaction
            copies = [pool.submit(desk.post, TICKETS, json=ticket(), headers=keyed("K1")) for _ in range(2)]
            second, (first,) = wait(copies, return_when=FIRST_COMPLETED)
        (refused,) = second
        assert (refused.result().status_code, refused.result().headers["Retry-After"]) == (409, "1")
        assert first.result().status_code == 201


def test_who_got_no_answer_asks_by_key(server: RunningServer, desk: httpx.Client) -> None:
    fault = {"method": "POST", "path_contains": "/troubleTicket", "fault": "drop-answer"}
    desk.post(FAULTS, json=fault)
    with pytest.raises(httpx.RemoteProtocolError):
        desk.post(TICKETS, json=ticket(), headers=keyed("K1"))
    known = outcome(desk, "K1").json()
    made = desk.get(f"{TICKETS}/{known['id']}")
    epoch = made.headers["ETag"].strip('"').removesuffix("-1")
    told = {"key": "K1", "status": 201, "collection": "troubleTicket", "id": made.json()["id"], "revision": 1}
    assert known == {**told, "epoch": epoch}
    assert desk.post(TICKETS, json=ticket(), headers=keyed("K1")).json() == made.json()


def test_what_a_desk_has_acknowledged_never_goes_back(store: Store) -> None:
    for sequence in (6, 3):  # the second said so earlier, and comes later
        store.run(partial(Transaction.acknowledge, device="desk/d", sequence=sequence))
    with store.reading(EVERYTHING) as reader:
        assert reader.acknowledged("desk/d") == 6


def test_a_key_belongs_to_the_desk_that_used_it(server: RunningServer, desk: httpx.Client) -> None:
    desk.post(TICKETS, json=ticket(), headers=keyed("K1"))
    assert outcome(server.client("clerk", "desk-2"), "K1").status_code == 404
    for number, other in enumerate([server.client("clerk"), server.client("supervisor")], start=2):
        assert outcome(other, "K1").status_code == 404
        mine = other.post(TICKETS, json=ticket(description="other"), headers=keyed("K1"))
        assert (mine.status_code, len(other.get(TICKETS).json())) == (201, number)
    assert outcome(server.client("supervisor", "desk-1"), "K1").json()["status"] == 201


def test_registered_desks_owe_a_key_and_the_revision_they_saw(server: RunningServer, desk: httpx.Client) -> None:
    assert desk.post(TICKETS, json=ticket()).status_code == 400
    made = desk.post(TICKETS, json=ticket(), headers=keyed("K1"))
    where = made.headers["Location"]
    for answer in (
        desk.patch(where, json={"name": "x"}, headers=keyed("K2")),
        desk.delete(where, headers=keyed("K2")),
    ):
        assert (answer.status_code, answer.json()["code"]) == (428, "preconditionRequired")
    assert desk.patch(where, json={"name": "x"}, headers={"If-Match": "*"}).status_code == 400
    assert server.client("clerk").patch(where, json={"name": "y"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [keyed("K" * 256), keyed("K") | {"Desk-Sequence": "one"}, keyed("K") | {"Desk-Acknowledged": "-1"}],
)
def test_headers_that_make_no_sense_are_refused(desk: httpx.Client, headers: dict[str, str]) -> None:
    assert desk.post(TICKETS, json=ticket(), headers=headers).status_code == 400
    assert desk.get(TICKETS).json() == []


def test_acknowledged_keys_are_forgotten_and_their_late_copies_refused(desk: httpx.Client) -> None:
    for number in (1, 2, 3):
        desk.post(TICKETS, json=ticket(), headers=keyed(f"K{number}", sequence=number))
    desk.post(TICKETS, json=ticket(), headers=keyed("K4", sequence=4, acknowledged=2))
    assert [outcome(desk, f"K{number}").status_code for number in (1, 2, 3, 4)] == [404, 404, 200, 200]
    late = desk.post(TICKETS, json=ticket(), headers=keyed("K1", sequence=1))
    assert late.status_code == 409
    assert "Retry-After" not in late.headers
    desk.post(TICKETS, json=ticket(), headers=keyed("K5", sequence=5, acknowledged=1))
    assert outcome(desk, "K3").status_code == 200
    assert len(desk.get(TICKETS).json()) == 5


def test_one_desk_cannot_make_another_forget(server: RunningServer, desk: httpx.Client) -> None:
    desk.post(TICKETS, json=ticket(), headers=keyed("K1", sequence=1))
    server.client("clerk", "desk-2").post(TICKETS, json=ticket(), headers=keyed("K9", sequence=9, acknowledged=8))
    assert outcome(desk, "K1").status_code == 200


def test_odd_keys_can_be_asked_for(desk: httpx.Client) -> None:
    desk.post(TICKETS, json=ticket(), headers=keyed("a/b c%2F"))
    assert outcome(desk, "a%2Fb%20c%252F").json()["key"] == "a/b c%2F"


def test_a_desk_acknowledges_only_what_came_before(desk: httpx.Client) -> None:
    for told in ({"Desk-Acknowledged": "9"}, {"Desk-Sequence": "5", "Desk-Acknowledged": "5"}):
        assert desk.post(TICKETS, json=ticket(), headers=keyed("K1") | told).status_code == 400
    fine = {"Desk-Sequence": "5", "Desk-Acknowledged": "4"}
    assert desk.post(TICKETS, json=ticket(), headers=keyed("K1") | fine).status_code == 201


def test_a_resource_never_grows_beyond_what_desks_take(desk: httpx.Client) -> None:
    made = desk.post(TICKETS, json=ticket(), headers=keyed("K1"))
    note = [{"op": "add", "path": "/note/-", "value": {"text": "a" * 500_000}}]
    patch = {"Content-Type": "application/json-patch+json", "If-Match": "*"}
    assert desk.patch(made.headers["Location"], json=note, headers=keyed("K2") | patch).status_code == 200
    assert desk.patch(made.headers["Location"], json=note, headers=keyed("K3") | patch).status_code == 413


def test_what_is_begun_at_one_desk_and_gone_on_with_at_another_is_filed_once(server: RunningServer) -> None:
    one, other = server.client("clerk", "desk-1"), server.client("supervisor", "desk-2")
    assert one.post(TICKETS, json=ticket(), headers=keyed("D1")).status_code == 201
    for _ in range(2):
        refused = other.post(TICKETS, json=ticket(name="longer"), headers=keyed("D1"))
        assert (refused.status_code, refused.json()) == (
            409,
            {"code": "filedElsewhere", "reason": "Another desk has filed this already.", "author": "Some clerk"},
        )
    assert "Retry-After" not in refused.headers
    assert one.post(TICKETS, json=ticket(), headers=keyed("D1")).headers["Idempotency-Replayed"] == "true"
    assert len(one.get(TICKETS).json()) == 1


def test_of_desks_that_file_the_same_at_once_one_does(server: RunningServer) -> None:
    desks = [server.client("clerk", f"desk-{number}") for number in range(SENDERS)]
    with ThreadPoolExecutor(SENDERS) as pool:
        answers = list(pool.map(lambda desk: desk.post(TICKETS, json=ticket(), headers=keyed("D1")), desks))
    assert sorted(one.status_code for one in answers) == [201, *[409] * (SENDERS - 1)]
    assert len(desks[0].get(TICKETS).json()) == 1
