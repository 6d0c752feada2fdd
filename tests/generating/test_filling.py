"""A database without documents is filled many at a time; what it then holds is what any other way would have made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from backoffice import filling, schema
from backoffice.generating.chunks import CHUNK
from backoffice.generating.operator import generate
from backoffice.scopes import EVERYTHING
from backoffice.store import LoadCount, Store
from backoffice.verifying import verified
from tests.backoffice.conftest import cluster, database
from tests.generating.operators import NOW, CollectingStore

__all__ = ["cluster", "database"]
CUSTOMERS = CHUNK + 60  # a whole chunk and the beginning of the next


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """An empty database of either kind."""
    with closing(Store.open(database)) as opened:
        yield opened


def bytes_of(store: Store) -> str:
    """A digest of everything that follows from the operator: rows, columns, owners, sums."""
    found = hashlib.sha256()
    tables = (
        schema.document,
        schema.attribute,
        schema.belongs,
        schema.customer_index,
        schema.checksum,
        schema.sequence,
    )
    with store.reading(EVERYTHING) as reader:
        for table in tables:
            for row in reader.connection.execute(select(*table.c).order_by(*table.primary_key)):
                found.update(repr([int(one) if isinstance(one, bool) else one for one in row]).encode())
    return found.hexdigest()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one process leaves in SQLite."""
    with closing(Store.open(str(tmp_path_factory.mktemp("expected") / "office.db"))) as opened:
        generate(opened, CUSTOMERS, 1, now=NOW, processes=0)
        return bytes_of(opened)


@pytest.mark.parametrize("processes", [0, 1, 2])
def test_any_number_of_processes_fills_either_database_with_the_same_bytes(
    store: Store, expected: str, processes: int
) -> None:
    generate(store, CUSTOMERS, 1, now=NOW, processes=processes)
    assert bytes_of(store) == expected


def test_everything_fits_together(store: Store) -> None:
    count = generate(store, CUSTOMERS, 1, now=NOW, processes=0)
    checked = verified(store)
    assert checked.problems == ()
    assert checked.documents == count.documents.inserted


def test_what_is_filled_in_is_what_would_be_loaded_one_by_one(store: Store) -> None:
    loaded = CollectingStore()
    generate(loaded, CUSTOMERS, 1, now=NOW)
    generate(store, CUSTOMERS, 1, now=NOW, processes=0)
    with store.reading(EVERYTHING) as reader:
        held = {(one.collection, one.id): one.body for one in reader.page_after(("", ""), 1_000_000)}
    assert held == {
        (one.collection, one.id): {**one.body, **_address(held, one.collection, one.id)} for one in loaded.documents
    }


def _address(held: dict[tuple[str, str], dict[str, object]], collection: str, name: str) -> dict[str, object]:
    return {"id": name, "href": held[collection, name]["href"]}


def test_a_store_that_holds_something_is_compared_document_by_document(store: Store) -> None:
    generate(store, 60, 1, now=NOW)
    before = bytes_of(store)
    again = generate(store, 60, 1, now=NOW)
    assert again.documents == LoadCount(unchanged=verified(store).documents)
    assert bytes_of(store) == before


def test_keys_are_back_after_filling(store: Store) -> None:
    generate(store, 60, 1, now=NOW)
    with store.reading(EVERYTHING) as reader:
        twice = reader.get("customer", "C-100001")
    assert twice is not None
    row = {
        "row": 10**9,
        "revision": 10**9,
        "collection": "customer",
        "id": "C-100001",
        "territory": "",
        "deleted": False,
    }
    with pytest.raises(Exception, match=r"(?i)unique"), store.writing() as transaction:
        transaction.connection.execute(schema.document.insert().values(row))


def test_a_run_that_was_cut_short_leaves_a_database_that_fits_together_and_is_completed_by_the_next(
    store: Store,
) -> None:
    def stop_after_the_first_chunk(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(store, CUSTOMERS, 1, stop_after_the_first_chunk, NOW, processes=0)
    assert verified(store).problems == ()
    generate(store, CUSTOMERS, 1, now=NOW, processes=0)
    with store.reading(EVERYTHING) as reader:
        customers = [one for one in reader.page_after(("customer", ""), CUSTOMERS) if one.collection == "customer"]
    assert len(customers) == CUSTOMERS
    assert verified(store).problems == ()


def test_the_office_and_its_staff_stay_who_they_are(tmp_path: Path) -> None:
    with closing(Store.open(str(tmp_path / "office.db"))) as opened:
        with opened.reading(EVERYTHING) as reader:
            before = reader.office()
        generate(opened, 60, 1, now=NOW)
        with opened.reading(EVERYTHING) as reader:
            assert reader.office() == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whoever_opens_a_database_while_it_is_filled_disturbs_nothing(
    store: Store, database: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "_DOCUMENTS_IN_A_TRANSACTION", 1)
    seen: list[tuple[str, ...]] = []

    def open_it(_: int) -> None:
        with closing(Store.open(database)) as other:
            seen.append(verified(other).problems)

    generate(store, CUSTOMERS, 1, open_it, NOW, processes=0)
    assert len(seen) > 1
    assert set(seen) == {()}
    assert bytes_of(store) == expected
