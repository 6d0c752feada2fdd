"""Blocks are taken, spent and reported over a real connection."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.core.clock import SystemClock
from backoffice.__main__ import main
from backoffice.auditing import trail_of
from backoffice.desks import Desks
from backoffice.leasing.leasing import LASTS, MOST_OUT
from backoffice.scopes import EVERYTHING
from tests.backoffice.helpers import RunningServer
from tests.backoffice.leasing.desks import LEASES, NUMBERS, RESOURCES, LeaseDesk, desk, items, numbers
from tests.fakes.clock import FakeClock

Capture = pytest.CaptureFixture[str]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.whole)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """What the databases could do differently is looked at in `test_taking` and `test_restoring`, always on both."""
    if request.param == "sqlite":
        yield str(tmp_path / "office.db")
        return
    cluster = request.getfixturevalue("cluster")
    url = cluster.database()
    yield url
    cluster.drop(url)


@pytest.fixture
def one(server: RunningServer) -> LeaseDesk:
    """A desk of an office with five free numbers."""
    server.store.load(numbers())
    return desk(server)


def test_a_block_is_signed_and_names_its_holder(server: RunningServer, one: LeaseDesk, clock: FakeClock) -> None:
    lease = one.taken()
    told = one.held()
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(told["key"]))
    key.verify(base64.b64decode(lease["signature"]), lease["block"].encode())
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(lease["signature"]), lease["block"].replace("N1", "N9").encode())
    block = json.loads(lease["block"])
    assert (block["holder"], block["kind"], block["office"]) == ("desk-1", NUMBERS, told["office"])
    assert block["items"] == [{"id": "N1", "value": "13800138001"}, {"id": "N2", "value": "13800138002"}]
    assert [one["id"] for one in told["leases"]] == [lease["id"]]
    assert told["leases"][0]["state"] == "held"
    clock.move(LASTS)
    assert desk(server).held()["leases"][0]["state"] == "expired"


def test_what_is_on_lease_is_given_to_nobody_else(server: RunningServer, one: LeaseDesk) -> None:
    other = desk(server, "desk-2")
    given = [*items(one.taken(3)), *items(other.taken(3))]
    assert sorted(given) == ["N1", "N2", "N3", "N4", "N5"]
    assert other.take().status_code == 409
    asked = server.client("supervisor")
    assert asked.get(f"{RESOURCES}/N1").json()["resourceStatus"] == "reserved"
    for patch in ({"resourceStatus": "available"}, {"name": "1"}, {"usageState": "active"}):
        assert asked.patch(f"{RESOURCES}/N1", json=patch).status_code == 409
    assert asked.patch(f"{RESOURCES}/N1", json={"description": "x", "lease": {}}).json()["lease"]["holder"] == "desk-1"
    assert asked.delete(f"{RESOURCES}/N1").status_code == 409


def test_the_same_key_gives_the_same_block(server: RunningServer, one: LeaseDesk) -> None:
    first, again = one.take(key="K"), one.take(key="K")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json() == again.json()
    assert one.take(3, key="K").status_code == 422
    assert desk(server, "desk-2").take(key="K").status_code == 422
    assert len(one.held()["leases"]) == 1


def test_what_is_spent_is_never_free_again(server: RunningServer, one: LeaseDesk) -> None:
    lease = one.taken(5)
    one.report(lease, *((item, f"C{item}") for item in items(lease)))
    server.client("supervisor").patch(f"{RESOURCES}/N1", json={"resourceStatus": "available"})
    assert one.take().status_code == 409


def test_an_act_that_is_refused_spends_nothing(one: LeaseDesk) -> None:
    lease = one.taken()
    headers = {"Idempotency-Key": "A", "Desk-Spends": f"{NUMBERS}/N1"}
    address = "/tmf-api/troubleTicket/v4/troubleTicket"
    assert one.client.post(address, json={"description": "x"}, headers=headers).status_code == 400
    assert one.report(lease).json()["returned"] == ["N1", "N2"]


def test_a_late_act_spends_what_has_expired_meanwhile(server: RunningServer, one: LeaseDesk, clock: FakeClock) -> None:
    one.taken()
    clock.move(2 * LASTS)
    assert desk(server).act(f"{NUMBERS}/N1").status_code == 201


def test_receipt_numbers_are_counted_and_void_once_they_come_back(server: RunningServer, one: LeaseDesk) -> None:
    other = desk(server, "desk-2")
    epoch = one.held()["epoch"]
    first = one.taken(2, "receipt")
    assert items(first) == [f"{epoch}-1", f"{epoch}-2"]
    assert one.act(f"receipt/{epoch}-2", key="A").status_code == 201
    assert one.report(first, (f"{epoch}-2", "A")).json()["returned"] == [f"{epoch}-1"]
    assert items(other.taken(1, "receipt")) == [f"{epoch}-3"]
    assert one.act(f"receipt/{epoch}-1").status_code == 403


def test_nobody_reports_for_another_desk(server: RunningServer, one: LeaseDesk) -> None:
    lease, other = one.taken(), desk(server, "desk-2")
    assert other.report(lease).status_code == 404
    strange = {"id": "strange", "block": lease["block"], "signature": lease["signature"]}
    assert one.report(strange).status_code == 400
    assert one.report({**lease, "block": lease["block"].replace("N1", "N3")}).status_code == 400
    assert one.report({"id": "nowhere", "block": "", "signature": ""}).status_code == 404
    assert one.held()["leases"][0]["state"] == "held"


def test_what_a_desk_lost_sight_of_stays_in_quarantine_until_a_person_releases_it(
    server: RunningServer, one: LeaseDesk, capsys: Capture
) -> None:
    capsys.readouterr()
    lease, other = one.taken(5), desk(server, "desk-2")
    one.act(f"{NUMBERS}/N3", key="A")
    assert one.report(lease, isCertain=False).json()["state"] == "quarantined"
    assert other.take().status_code == 409
    assert main(["leases", "--database", server.database, "release", lease["id"]]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["returned"] == ["N1", "N2", "N4", "N5"]
    assert items(other.taken(5)) == ["N1", "N2", "N4", "N5"]
    assert one.report(lease, ("N1", "B"), ("N3", "A"), is_over=False).json()["lost"] == ["N1"]
    with server.store.reading(EVERYTHING) as reader:
        assert trail_of(reader.connection).problems == ()


def test_a_desk_that_is_written_off_leaves_its_items_in_quarantine(
    server: RunningServer, one: LeaseDesk, clock: FakeClock, capsys: Capture
) -> None:
    clock.move(SystemClock().now() - clock.now())  # which the command knows
    desks = Desks(server.store, clock)
    desks.enrol(desks.add("hall"), "m1")
    lost, other = desk(server, "m1"), desk(server, "desk-2")
    lease = lost.taken(5)
    command = ["leases", "--database", server.database]
    assert main([*command, "release", lease["id"]]) == 1
    desks.revoke("hall")
    assert lost.take().status_code == 401
    assert other.take().status_code == 409
    capsys.readouterr()
    assert main([*command, "list"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["lease"], told["holder"], told["state"], told["items"]) == (lease["id"], "m1", "quarantined", 5)
    assert main([*command, "release", lease["id"]]) == 0
    assert len(items(other.taken(5))) == 5


def test_only_a_desk_with_somebody_who_serves_customers_holds_leases(server: RunningServer, one: LeaseDesk) -> None:
    assert LeaseDesk(server.client("clerk")).take().status_code == 403
    assert LeaseDesk(server.client("clerk")).act(f"{NUMBERS}/N1").status_code == 403
    assert desk(server, "desk-3", "viewer").take().status_code == 403
    assert server.client().get(LEASES).status_code == 401
    assert one.client.post(LEASES, json={"kind": NUMBERS, "count": 1}).status_code == 400


def test_what_makes_no_sense_is_refused(one: LeaseDesk) -> None:
    key = {"Idempotency-Key": "k"}
    senseless: list[object] = [[], {}, {"kind": "car", "count": 1}, {"kind": NUMBERS, "count": 0}, {"kind": NUMBERS}]
    for body in senseless:
        assert one.client.post(LEASES, json=body, headers=key).status_code == 400
        assert one.client.post(f"{LEASES}/x/report", json=body, headers=key).status_code == 400
    assert one.act("car/1").status_code == 400
    assert one.act(NUMBERS).status_code == 400


def test_a_desk_hoards_nothing(one: LeaseDesk) -> None:
    for _ in range(MOST_OUT // 100):
        one.taken(100, "receipt")
    assert one.take(1, "receipt").status_code == 409
