"""What the desk asks its journal at every step takes as long after years as on the first day: the plans use indexes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from local_cache.journal import Journal
from tests.cache.desk_files import DeskFiles
from tests.cache.records import filing

ASKED: dict[str, Callable[[DeskFiles], object]] = {
    "unfinished": lambda desk: desk.outbox.unfinished(),
    "acknowledged": lambda desk: desk.outbox.acknowledged(),
    "counts": lambda desk: desk.outbox.counts(),
    "pending": lambda desk: asyncio.run(desk.log.pending()),
}


def plans_of(journal: Journal, ask: Callable[[], object]) -> list[str]:
    """How SQLite finds the rows for everything that is asked."""
    asked: list[tuple[str, Any]] = []
    with journal.reading() as connection:
        engine = connection.engine
    hear = lambda _c, _cursor, statement, parameters, _context, _many: asked.append((statement, parameters))  # noqa: E731
    event.listen(engine, "before_cursor_execute", hear)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    queries = [one for one in asked if one[0].lstrip().upper().startswith("SELECT")]
    assert queries
    with journal.reading() as connection:
        return [
            str(row.detail)
            for statement, parameters in queries
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


@pytest.mark.parametrize("question", ASKED)
def test_no_question_about_what_waits_reads_the_whole_journal(desk: DeskFiles, question: str) -> None:
    desk.record(filing())
    journal = desk.journal if question == "pending" else desk.sync_journal
    plans = plans_of(journal, lambda: ASKED[question](desk))
    assert any("command_by_state" in plan for plan in plans)
    assert not [plan for plan in plans if plan.startswith("SCAN")]
