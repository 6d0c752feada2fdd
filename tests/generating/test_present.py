"""A demonstration that is opened another day still has something broken, and forgets nothing that was done to the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.clock import from_wire
from backoffice.generating.operator import generate
from backoffice.generating.present import bring_into_present
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from tests.generating.operators import NOW, Body, mark

NEXT_DAY = NOW + timedelta(days=1, hours=9)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A demonstration as it was at NOW."""
    with closing(Store.open(str(tmp_path / "office.db"))) as opened:
        generate(opened, 120, 1, now=NOW)
        yield opened


def outage(store: Store) -> Body:
    """The outage of the stories."""
    with store.reading(EVERYTHING) as reader:
        found = reader.get("serviceProblem", "P-1042")
    assert found is not None
    return found.body


def test_an_outage_that_goes_on_is_left_alone(store: Store) -> None:
    before = outage(store)
    assert bring_into_present(store, NOW + timedelta(hours=1)) == 0
    assert outage(store) == before


def test_one_that_should_be_over_begins_anew_with_nobody_counted_in(store: Store) -> None:
    before = outage(store)
    party = {"id": "C-100001", "role": "affectedCustomer"}
    with store.writing() as transaction:
        transaction.put("serviceProblem", "P-1042", {**before, "relatedParty": [*before["relatedParty"], party]})
    assert bring_into_present(store, NEXT_DAY) > 0
    after = outage(store)
    assert from_wire(after["creationDate"]) < NEXT_DAY < from_wire(mark(after, "expectedResolution"))
    assert after["relatedParty"] == before["relatedParty"]
    assert (after["affectedService"], mark(after, "sayZh")) == (before["affectedService"], mark(before, "sayZh"))
    assert bring_into_present(store, NEXT_DAY) == 0


def test_one_that_somebody_ended_stays_ended(store: Store) -> None:
    ended = {**outage(store), "status": "resolved"}
    with store.writing() as transaction:
        transaction.put("serviceProblem", "P-1042", ended)
    bring_into_present(store, NEXT_DAY)
    assert outage(store) == ended
