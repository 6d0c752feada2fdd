"""The store keeps documents, their revisions and their filter rows together."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from backoffice import declaring, flushing, schema
from backoffice.documents import Document
from backoffice.querying import Compare, Condition, Query, find
from backoffice.resources import RESOURCES, Holds, Resource
from backoffice.scopes import EVERYTHING
from backoffice.store import DatabaseError, LoadCount, Store
from backoffice.verifying import verified
from tests.backoffice.office import Office


def customer(number: int, **attributes: object) -> Document:
    return Document("customer", f"C{number}", {"name": f"Customer {number}", **attributes})


def conditions(filters: dict[str, tuple[str, ...]]) -> tuple[Condition, ...]:
    return tuple(Condition(path, Compare.EQ, values) for path, values in filters.items())


def ids(store: Store, **filters: tuple[str, ...]) -> list[str]:
    with store.reading(EVERYTHING) as reader:
        return [found.id for found in find(reader, Query("customer", conditions(filters)))[0]]


def revision(store: Store, document_id: str) -> int:
    with store.reading(EVERYTHING) as reader:
        found = reader.get("customer", document_id)
    assert found is not None
    return found.revision


def test_loading_counts_what_is_new_differs_and_is_there_already(store: Store) -> None:
    assert store.load([customer(1), customer(2)]) == LoadCount(inserted=2)
    assert store.load([customer(1), customer(2, status="active"), customer(3)]) == LoadCount(1, 1, 1)


def test_loading_the_same_again_takes_no_revision(store: Store) -> None:
    store.load([customer(1, a=1, b=2)])
    before = revision(store, "C1")
    store.load([Document("customer", "C1", {"b": 2, "a": 1, "name": "Customer 1"})])
    assert revision(store, "C1") == before


def test_loading_one_id_twice_keeps_the_later(store: Store) -> None:
    assert store.load([customer(1, status="old"), customer(1, status="new")]) == LoadCount(inserted=1)
    assert ids(store, status=("new",)) == ["C1"]
    assert ids(store, status=("old",)) == []


def test_loaded_bodies_say_their_own_id_and_address(store: Store) -> None:
    store.load([Document("customer", "a/b c", {"name": "Odd"})])
    with store.reading(EVERYTHING) as reader:
        found = reader.get("customer", "a/b c")
    assert found is not None
    assert found.body == {"name": "Odd", "id": "a/b c", "href": "/tmf-api/customerManagement/v4/customer/a%2Fb%20c"}


def test_an_unknown_collection_loads_nothing_at_all(store: Store) -> None:
    with pytest.raises(KeyError):
        store.load([customer(1), Document("unicorn", "U1", {})])
    assert ids(store) == []


def test_filter_rows_follow_every_change(store: Store) -> None:
    store.load([customer(1, status="active"), customer(2, status="active")])
    store.load([customer(1, status="inactive")])
    with store.writing() as transaction:
        transaction.put("customer", "C2", None)
    assert ids(store, status=("active",)) == []
    assert ids(store, status=("inactive", "active")) == ["C1"]
    assert verified(store).problems == ()


def test_filters_see_through_arrays(store: Store) -> None:
    media = [{"characteristic": {"phoneNumber": number}} for number in ("13800138000", "02112345678")]
    store.load([customer(1, contactMedium=media), customer(2)])
    assert ids(store, **{"contactMedium.characteristic.phoneNumber": ("02112345678",)}) == ["C1"]


def test_what_was_deleted_can_be_loaded_again(store: Store) -> None:
    store.load([customer(1)])
    with store.writing() as transaction:
        transaction.put("customer", "C1", None)
    assert store.load([customer(1)]) == LoadCount(inserted=1)
    assert ids(store) == ["C1"]
    assert revision(store, "C1") == 3


def test_a_load_undoes_nobodys_work(store: Store, office: Office) -> None:
    for number in range(5):
        store.load([customer(number, status="active")])
    office.change("customer", "C1", status="inactive")
    office.delete("customer", "C3")
    store.load([customer(4, status="closed")])
    told: list[tuple[str, str]] = []
    again = [customer(number, status="prospect") for number in range(6)]
    count = store.load(again, lambda document, reason: told.append((document.id, reason.partition(":")[0])))
    assert count == LoadCount(inserted=1, changed=3, kept=2)
    assert told == [("C1", "left as it is"), ("C3", "left as it is")]
    assert ids(store, status=("prospect",)) == ["C0", "C2", "C4", "C5"]
    assert ids(store, status=("inactive",)) == ["C1"]
    assert store.load(again) == LoadCount(unchanged=4, kept=2)


def test_a_load_brings_what_it_brought_before_once_more_to_who_did_not_change_it(store: Store, office: Office) -> None:
    store.load([customer(1, status="active")])
    office.change("customer", "C1", status="active")  # which changes nothing
    assert store.load([customer(1, status="inactive")]) == LoadCount(changed=1)


def test_a_filter_that_is_declared_later_finds_what_was_there_before(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = RESOURCES["customer"]
    without = replace(whole, filters=tuple(one for one in whole.filters if one.path != "status"))
    with monkeypatch.context() as earlier, opened_with(earlier, without, database) as store:
        store.load([customer(1, status="active"), customer(2, status="inactive"), customer(3)])
    with closing(Store.open(database)) as store:
        assert ids(store, status=("active",)) == ["C1"]
        assert verified(store).problems == ()


def test_a_filter_that_compares_in_another_way_is_filled_anew(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = RESOURCES["customer"]
    numbers = tuple(replace(one, holds=Holds.NUMBER) if one.path == "status" else one for one in whole.filters)
    with monkeypatch.context() as earlier, opened_with(earlier, replace(whole, filters=numbers), database) as store:
        store.load([customer(1, status="12"), customer(2, status="active")])
    with closing(Store.open(database)) as store:
        assert ids(store, status=("12", "active")) == ["C1", "C2"]
        assert verified(store).problems == ()


@contextmanager
def opened_with(patched: pytest.MonkeyPatch, resource: Resource, database: str) -> Iterator[Store]:
    """A store of a version that declares the resource so."""
    for module in (declaring, flushing):
        patched.setattr(module, "RESOURCES", {**RESOURCES, resource.collection: resource})
    with closing(Store.open(database)) as store:
        yield store


def test_a_failed_transaction_leaves_no_trace_and_tells_nobody(store: Store) -> None:
    told: list[int] = []
    store.on_commit(told.append)
    with pytest.raises(RuntimeError):
        _fail_after_writing(store)
    assert ids(store) == []
    assert told == []
    store.load([customer(1)])
    assert told == [1]


def _fail_after_writing(store: Store) -> None:
    with store.writing() as transaction:
        transaction.put("customer", "C1", {"id": "C1", "name": "Never"})
        raise RuntimeError


def test_meta_values_are_kept_and_replaced(store: Store) -> None:
    assert store.get_meta("seed") is None
    store.set_meta("seed", "1")
    store.set_meta("seed", "2")
    assert store.get_meta("seed") == "2"


def test_a_database_opens_again_in_the_same_epoch(tmp_path: Path) -> None:
    with closing(Store.open(str(tmp_path / "a.db"))) as store:
        epoch = store.get_meta("epoch")
    with closing(Store.open(f"sqlite:///{tmp_path / 'a.db'}")) as store:
        assert store.get_meta("epoch") == epoch


def office_of(path: Path) -> str | None:
    with closing(Store.open(str(path))) as store:
        return store.get_meta("office")


def test_every_database_is_a_back_office_of_its_own_and_stays_it_when_a_backup_is_put_back(tmp_path: Path) -> None:
    made = office_of(tmp_path / "a.db")
    assert made
    assert office_of(tmp_path / "b.db") not in (made, None)
    shutil.copy(tmp_path / "a.db", tmp_path / "backup.db")
    assert {office_of(tmp_path / "a.db"), office_of(tmp_path / "backup.db")} == {made}


def test_a_database_from_before_there_were_ids_gets_one_and_keeps_it(tmp_path: Path) -> None:
    with closing(Store.open(str(tmp_path / "a.db"))) as store, store.writing() as transaction:
        transaction.connection.execute(delete(schema.meta).where(schema.meta.c.key == "office"))
    given = office_of(tmp_path / "a.db")
    assert given
    assert office_of(tmp_path / "a.db") == given


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    with closing(Store.open(str(tmp_path / "a.db"))) as store:
        store.set_meta("schema_version", "999")
    with pytest.raises(DatabaseError, match="newer version"):
        Store.open(str(tmp_path / "a.db"))


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    with pytest.raises(DatabaseError, match="another program"):
        Store.open(str(tmp_path / "other.db"))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing of the kind\n" * 100)
    with pytest.raises(DatabaseError, match="cannot be opened"):
        Store.open(str(tmp_path / "notes.txt"))


@pytest.mark.parametrize("database", [":memory:", "mysql://localhost/x", "nowhere/at/all.db"])
def test_what_cannot_hold_the_data_is_refused(database: str) -> None:
    with pytest.raises(DatabaseError):
        Store.open(database)


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    with closing(Store.open(str(tmp_path / "a.db"))):
        modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    assert modes
    assert set(modes.values()) == {0}
