"""What one process commits, all others notice, also after their line to the database was cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from queue import Queue

import pytest
from sqlalchemy import text

from app.core.clock import SystemClock
from backoffice import watching
from backoffice.documents import Document
from backoffice.people import People, Person
from backoffice.store import Store
from backoffice.watching import State, Watcher

WAIT_SECONDS = 30
States = Queue[State]


@pytest.fixture
def states(store: Store) -> Iterator[States]:
    """What a watcher has noticed; it has begun already."""
    noticed: States = Queue()
    watcher = Watcher(store.engine, noticed.put)
    watcher.start()
    assert noticed.get(timeout=WAIT_SECONDS).sequence == 0
    yield noticed
    watcher.close()


def write_elsewhere(database: str, name: str) -> None:
    with closing(Store.open(database)) as other:
        other.load([Document("customer", name, {"name": name})])


def noticed_at(states: States, sequence: int) -> State:
    return next(state for state in iter(lambda: states.get(timeout=WAIT_SECONDS), None) if state.sequence == sequence)


def test_a_commit_of_another_process_is_noticed(states: States, database: str, store: Store) -> None:
    for step in (1, 2, 3):
        write_elsewhere(database, f"C{step}")
        assert noticed_at(states, step).epoch == store.get_meta("epoch")


def test_a_change_of_the_staff_is_noticed_although_it_takes_no_revision(states: States, database: str) -> None:
    with closing(Store.open(database)) as other:
        People(other, SystemClock()).put(Person("li", "李娜", "clerk"), None)
    while states.get(timeout=WAIT_SECONDS).staff is None:
        continue


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_watcher_whose_line_was_cut_connects_again_and_catches_up(states: States, database: str) -> None:
    with closing(Store.open(database)) as other, other.engine.begin() as connection:
        listens = "(query LIKE '%FROM sequence%' OR query LIKE 'LISTEN%') AND pid <> pg_backend_pid()"
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND {listens}"
        assert connection.execute(text(cut)).all()
    for step in (1, 2):
        write_elsewhere(database, f"C{step}")
        noticed_at(states, step)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_the_database_did_not_tell_is_found_all_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_SAFETY_SECONDS", 0.05)
    noticed: States = Queue()
    watcher = Watcher(store.engine, noticed.put)
    watcher.start()
    try:
        with store.engine.execution_options(writes=True).begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # no trigger, so nobody is told
            connection.execute(text("UPDATE sequence SET value = 7"))
        noticed_at(noticed, 7)
    finally:
        watcher.close()
