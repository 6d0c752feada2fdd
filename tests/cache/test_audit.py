"""A removed, changed, exchanged or cut-off entry of the audit chain is found."""

from __future__ import annotations

import pytest
from sqlalchemy import Executable, delete, func, select, update

from app.sync.model import CommandState
from local_cache import audit
from local_cache.journal_schema import audit as entries
from tests.cache.desk_files import DeskFiles
from tests.cache.records import filing

ENTRIES = 8


@pytest.fixture
def chained(desk: DeskFiles) -> DeskFiles:
    """A desk with entries of several kinds."""
    acts = [filing(f"number {number}") for number in range(ENTRIES - 2)]
    for act in acts:
        desk.record(act)
    desk.mark(acts[0].id, CommandState.REFUSED, reason="no")
    desk.set_aside(acts[0].id)
    with desk.journal.reading() as connection:
        assert connection.execute(select(func.count()).select_from(entries)).scalar_one() == ENTRIES
    return desk


def tamper(desk: DeskFiles, statement: Executable) -> int | None:
    with desk.journal.writing() as connection:
        connection.execute(statement)
    return desk.broken_at()


def test_an_untouched_chain_holds_also_when_it_is_empty(desk: DeskFiles) -> None:
    assert desk.broken_at() is None
    desk.record(filing())
    assert desk.broken_at() is None


@pytest.mark.parametrize("number", range(1, ENTRIES + 1))
def test_a_removed_entry_is_found_at_the_end_too(chained: DeskFiles, number: int) -> None:
    assert tamper(chained, delete(entries).where(entries.c.sequence == number)) == number


@pytest.mark.parametrize("number", [1, 4, ENTRIES])
@pytest.mark.parametrize("column", ["at", "author", "act", "subject", "digest", "chain"])
def test_a_changed_entry_is_found(chained: DeskFiles, number: int, column: str) -> None:
    assert tamper(chained, update(entries).where(entries.c.sequence == number).values({column: "x"})) == number


@pytest.mark.parametrize("last", [0, 3, ENTRIES - 1])
def test_a_chain_that_was_cut_off_is_found(chained: DeskFiles, last: int) -> None:
    assert tamper(chained, delete(entries).where(entries.c.sequence > last)) == last + 1


def test_entries_that_changed_places_are_found(chained: DeskFiles) -> None:
    for old, new in ((2, 99), (3, 2)):
        tamper(chained, update(entries).where(entries.c.sequence == old).values(sequence=new))
    assert tamper(chained, update(entries).where(entries.c.sequence == 99).values(sequence=3)) == 2


def test_a_chain_begun_anew_holds_from_there_and_is_watched_as_before(chained: DeskFiles) -> None:
    with chained.journal.writing() as connection:
        audit.restart(connection, "2026-03-25T04:00:00.000Z", "salvaged")
    assert chained.broken_at() is None
    chained.record(filing())
    assert chained.broken_at() is None
    assert tamper(chained, delete(entries).where(entries.c.sequence == ENTRIES + 1)) == 1
