"""What the desk asks its journal at every step takes as long after years as on the first day: the plans use indexes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from app.sync.model import AT_REST, UNFINISHED, CommandState, Confirmed
from local_cache.journal import Journal
from tests.cache.desk_files import DeskFiles
from tests.cache.records import change, contact, filing, ticket

ASKED: dict[str, Callable[[DeskFiles], object]] = {
    "unfinished": lambda desk: desk.outbox.unfinished(),
    "acknowledged": lambda desk: desk.outbox.acknowledged(),
    "counts": lambda desk: desk.outbox.counts(),
    "pending": lambda desk: asyncio.run(desk.log.pending()),
}


def plans_of(journal: Journal, ask: Callable[[], object]) -> list[str]:
    """How SQLite finds the rows for everything that is asked and changed."""
    asked: list[tuple[str, Any]] = []
    with journal.reading() as connection:
        engine = connection.engine

    def hear(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.partition(" ")[0] in ("SELECT", "UPDATE", "DELETE"):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    assert asked
    with journal.reading() as connection:
        return [
            str(row.detail)
            for statement, parameters in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


@pytest.mark.parametrize("question", ASKED)
def test_no_question_about_what_waits_reads_the_whole_journal(desk: DeskFiles, question: str) -> None:
    desk.record(filing())
    journal = desk.journal if question == "pending" else desk.sync_journal
    plans = plans_of(journal, lambda: ASKED[question](desk))
    assert any("command_by_state" in plan for plan in plans)
    assert not [plan for plan in plans if plan.startswith("SCAN")]


def test_no_answer_of_head_office_makes_the_desk_read_the_whole_journal(desk: DeskFiles) -> None:
    desk.build([change("troubleTicket", 1, ticket("T1"))])
    made, said, more = filing(), contact("T1", "still dead"), contact("T1", "and again")
    for act in (made, said, more):
        desk.record(act)
    taken = ticket("T1", notes=["still dead"])

    def hear_of_all() -> None:
        desk.mark(made.id, CommandState.REFUSED, reason="no")
        desk.confirm(said.id, Confirmed("T1", 2, taken))
        desk.feed(change("troubleTicket", 2, taken))
        desk.confirm(more.id, Confirmed("T1", 3, taken))

    plans = plans_of(desk.sync_journal, hear_of_all)
    assert any("command_by_entity" in plan for plan in plans)
    assert not [plan for plan in plans if plan.startswith("SCAN command")]


def test_neither_a_clerk_nor_a_pull_waits_for_the_whole_journal_to_be_read(desk: DeskFiles) -> None:
    desk.build([change("troubleTicket", 1, ticket("T1"))])
    desk.record(filing())
    plans = plans_of(desk.journal, lambda: desk.record(contact("T1", "still dead")))
    plans += plans_of(desk.sync_journal, desk.outbox.resting)
    assert any("command_by_result (collection=? AND result_id=?)" in plan for plan in plans)
    assert not [plan for plan in plans if plan.startswith("SCAN command") or plan.endswith("(collection=?)")]


def test_every_state_is_unfinished_or_at_rest() -> None:
    assert sorted([*UNFINISHED, *AT_REST]) == sorted(CommandState)
