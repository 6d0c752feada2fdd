"""A desk that is killed while it loads ends with the records of head office. `script/load` is the long form."""

from __future__ import annotations

from pathlib import Path

from backoffice.store import Store
from tests.loading import run as loading

CUSTOMERS, KILLS = 100, 2


def test_a_desk_that_is_killed_while_it_loads_ends_with_what_head_office_has(tmp_path: Path) -> None:
    outcome = loading.run(str(tmp_path / "office.db"), tmp_path, CUSTOMERS, KILLS, seed=4)
    assert outcome.faults == []
    assert outcome.kills == KILLS
    assert outcome.changes > KILLS
    assert outcome.records > CUSTOMERS * 5
    assert outcome.server == outcome.desk


def test_a_record_that_differs_is_found(tmp_path: Path) -> None:
    outcome = loading.run(str(tmp_path / "office.db"), tmp_path, 20, 0, seed=4, at_the_end=_rename_somebody)
    assert outcome.faults == ["customer: the desk holds something else than head office"]


def _rename_somebody(store: Store) -> None:
    with store.writing() as transaction:
        held = transaction.page_of_after("customer", "", 1)[0]
        transaction.put("customer", held.id, {**held.body, "name": "Somebody Else"})
