"""A backup that is put back knows nothing of what was leased since: none of that is given out again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from backoffice.__main__ import main
from backoffice.backups.restoring import restore
from backoffice.backups.saving import save
from backoffice.errors import ConflictError
from backoffice.leasing.blocks import Kind, content
from backoffice.leasing.books import Lease
from backoffice.leasing.leasing import Report, Spend, Wanted, report, spend, take
from backoffice.store import Store
from tests.backoffice.leasing.desks import numbers
from tests.fakes.clock import FakeClock

NUMBER, RECEIPT = Kind.PHONE_NUMBER, Kind.RECEIPT


class Books:
    """A back office without HTTP, as far as leases go."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def take(self, name: str, holder: str = "d1", kind: Kind = NUMBER, count: int = 2) -> Lease:
        return self.store.run(lambda one: take(one, Wanted(name, holder, kind, count)))[0]

    def report(self, lease: Lease, *spent: tuple[str, str], is_over: bool = False) -> dict[str, Any]:
        said = Report(lease.id, lease.holder, (lease.block, lease.signature), spent, is_over)
        return self.store.run(lambda one: report(one, said))

    def spend(self, item: str, command: str, holder: str = "d1", kind: Kind = NUMBER) -> None:
        self.store.run(lambda one: spend(one, holder, command, [Spend(kind, item)]))


def items(lease: Lease) -> list[str]:
    return [one.id for one in content(lease.block).items]


@pytest.fixture
def before(store: Store, tmp_path: Path, clock: FakeClock) -> Books:
    """An office that lent N1 and N2 before its backup was made."""
    store.load(numbers())
    books = Books(store)
    books.take("L1")
    save(store, tmp_path / "backup", clock)
    return books


@pytest.fixture
def database_after(tmp_path: Path) -> str:
    return str(tmp_path / "after.db")


@pytest.fixture
def after(before: Books, tmp_path: Path, clock: FakeClock, database_after: str) -> Iterator[Books]:
    """The office that goes on from that backup. What `before` does from here on is not in it."""
    restore(tmp_path / "backup", database_after, clock)
    with closing(Store.open(database_after, clock)) as opened:
        yield Books(opened)


def test_nothing_is_given_out_until_a_person_says_that_all_desks_have_reported(
    before: Books, after: Books, database_after: str
) -> None:
    lost = before.take("L2", "d2")
    with pytest.raises(ConflictError):
        after.take("L3", "d3")
    assert after.report(lost, ("N3", "C1")) == {"id": "L2", "state": "held", "lost": [], "returned": []}
    assert main(["leases", "--database", database_after, "open"]) == 0
    assert items(after.take("L3", "d3", count=5)) == ["N5"]
    assert after.report(lost, ("N3", "C1"), is_over=True)["returned"] == ["N4"]
    assert items(after.take("L4", "d3", count=5)) == ["N4"]


def test_receipt_numbers_go_on_in_another_series(before: Books, after: Books) -> None:
    there, here = before.take("R1", kind=RECEIPT), after.take("R1", kind=RECEIPT)
    assert not {*items(there)} & {*items(here)}
    assert after.report(there, (items(there)[0], "C1"), is_over=True)["lost"] == []


def test_what_was_spent_of_a_lease_that_has_ended_is_not_free_either(
    before: Books, after: Books, database_after: str
) -> None:
    ended = before.take("L2", count=3)
    before.report(ended, ("N3", "C1"), is_over=True)
    assert after.report(ended, ("N3", "C1"), is_over=True)["returned"] == []
    main(["leases", "--database", database_after, "open"])
    assert items(after.take("L3", "d3", count=5)) == ["N4", "N5"]


def test_the_newer_lease_of_an_item_counts(before: Books, after: Books) -> None:
    first = before.take("L2", "d2")
    assert after.report(first)["lost"] == []
    before.report(first, is_over=True)
    second = before.take("L3", "d3", count=3)
    assert items(second) == ["N3", "N4", "N5"]
    assert after.report(second)["lost"] == []
    assert after.report(first, ("N3", "C1"))["lost"] == ["N3", "N4"]
    after.spend("N4", "C2", "d3")


def test_an_act_that_comes_before_the_report_is_told_to_come_again(before: Books, after: Books) -> None:
    lost, receipts = before.take("L2"), before.take("R1", kind=RECEIPT)
    for item, kind in (("N3", NUMBER), (items(receipts)[0], RECEIPT)):
        with pytest.raises(ConflictError) as refused:
            after.spend(item, "C1", kind=kind)
        assert "Retry-After" in refused.value.headers
    after.report(lost)
    after.spend("N3", "C1")
    assert after.report(lost, ("N3", "C1"), is_over=True)["returned"] == ["N4"]


def test_so_is_one_with_what_another_desk_held_by_the_older_books(before: Books, after: Books) -> None:
    first = before.take("L1")
    before.report(first, is_over=True)
    second = before.take("L2", "d2")
    assert items(second) == items(first)
    with pytest.raises(ConflictError) as refused:
        after.spend("N1", "C1", "d2")
    assert "Retry-After" in refused.value.headers
    assert after.report(second)["lost"] == []
    after.spend("N1", "C1", "d2")
