"""What desks take, spend and report at the same moment and one after the other, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from backoffice.leasing.leasing import LASTS
from tests.backoffice.helpers import RunningServer
from tests.backoffice.leasing.desks import NUMBERS, RESOURCES, LeaseDesk, desk, items, numbers
from tests.fakes.clock import FakeClock


@pytest.fixture
def one(server: RunningServer) -> LeaseDesk:
    """A desk of an office with five free numbers."""
    server.store.load(numbers())
    return desk(server)


def test_desks_that_ask_at_the_same_moment_get_different_ones(server: RunningServer, one: LeaseDesk) -> None:
    others = [one, *(desk(server, f"desk-{number}") for number in range(2, 6))]
    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(lambda other: other.take(1), others))
    assert sorted(item for answer in answers for item in items(answer.json())) == ["N1", "N2", "N3", "N4", "N5"]


def test_what_was_not_spent_comes_back_with_the_report_and_not_before(
    server: RunningServer, one: LeaseDesk, clock: FakeClock
) -> None:
    lease = one.taken(5)
    clock.move(2 * LASTS)
    one, other = desk(server), desk(server, "desk-2")
    assert other.take().status_code == 409
    assert one.report(lease, ("N2", "C1"), is_over=False).json()["returned"] == []
    assert other.take().status_code == 409
    ended = one.report(lease, ("N2", "C1"))
    assert ended.json() == {
        "id": lease["id"], "state": "reported", "lost": [], "returned": ["N1", "N3", "N4", "N5"],
        "now": ended.json()["now"],
    }  # fmt: skip
    assert items(other.taken(5)) == ["N1", "N3", "N4", "N5"]
    again = one.report(lease, ("N2", "C1")).json()
    assert (again["state"], again["lost"], again["returned"]) == ("reported", [], [])
    assert len(other.held()["leases"]) == 1
    assert one.held()["leases"] == []


def test_an_act_spends_what_its_own_desk_holds_once(server: RunningServer, one: LeaseDesk) -> None:
    lease, other = one.taken(), desk(server, "desk-2")
    assert one.act(f"{NUMBERS}/N1", key="A").status_code == 201
    assert one.act(f"{NUMBERS}/N1", key="A").headers["idempotency-replayed"] == "true"
    assert one.act(f"{NUMBERS}/N1").status_code == 403
    assert other.act(f"{NUMBERS}/N2").status_code == 403
    assert one.act(f"{NUMBERS}/N5").status_code == 403
    assert one.act(f"{NUMBERS}/N2", f"{NUMBERS}/N1").status_code == 403
    assert one.act(f"{NUMBERS}/N2", key="A").status_code == 422
    assert one.report(lease, ("N1", "A")).json()["returned"] == ["N2"]
    known = server.client("supervisor").get(f"{RESOURCES}/N1").json()
    assert (known["resourceStatus"], known["usageState"]) == ("reserved", "busy")
