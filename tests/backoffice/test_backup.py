"""A backup holds everything of one instant; what is restored from it is the same, on either engine, in a new epoch."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import BigInteger, Boolean, Integer, SmallInteger, Text, insert, select

from app.core.clock import SystemClock, to_wire
from backoffice import schema
from backoffice.backups import file
from backoffice.backups.file import BackupError
from backoffice.backups.restoring import check, restore
from backoffice.backups.saving import CARRIED, save
from backoffice.desks import Desk, Desks
from backoffice.documents import Document
from backoffice.errors import NotSignedInError
from backoffice.hub.ledger import HubSettings, Ledger
from backoffice.hub.subscriptions import Asked, find, subscribe
from backoffice.operations import Act, Operations
from backoffice.people import Identity, People, Person
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING
from backoffice.store import DatabaseError, Store
from backoffice.verifying import verified
from tests.backoffice.helpers import ticket
from tests.fakes.clock import FakeClock

Tables = dict[str, list[tuple[Any, ...]]]


def fill(store: Store) -> None:
    """Something of everything: a tombstone, a key, a person, a token, characters of all kinds."""
    people, odd = People(store, SystemClock()), "王小明 \U0001f4de \\ \t\n\"' \x7f"
    people.put(Person("li", "李娜", "clerk"), "a hash")
    people.grant(Person("li", "李娜", "clerk"), "desk-1")
    store.load([Document("customer", name, {"name": odd, "status": "active"}) for name in ("C1", "C2", "C3")])
    with store.writing() as transaction:
        transaction.put("customer", "C2", None)
    act = Act("POST", RESOURCES["troubleTicket"], "", "desk/desk-1", ticket(), key="K1", sequence=2, acknowledged=1)
    Operations(store, SystemClock()).perform(act, EVERYTHING)


def tables_of(database: str) -> Tables:
    """Everything but the epoch."""
    with closing(Store.open(database)) as store, store.reading(EVERYTHING) as reader:
        found = {table.name: reader.connection.execute(select(table)).all() for table in schema.metadata.sorted_tables}
        return {name: sorted(map(tuple, rows), key=repr) for name, rows in found.items()}


@pytest.fixture
def saved(store: Store, tmp_path: Path, clock: FakeClock) -> Path:
    """A backup of a back office with something of everything in it."""
    fill(store)
    save(store, tmp_path / "office.backup", clock)
    return tmp_path / "office.backup"


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database on either engine."""
    if request.param == "sqlite":
        yield str(tmp_path / "restored.db")
        return
    cluster = request.getfixturevalue("cluster")
    url = cluster.database()
    yield url
    cluster.drop(url)


def test_what_is_restored_is_the_same_on_either_engine(saved: Path, database: str, elsewhere: str) -> None:
    restore(saved, elsewhere, SystemClock())
    before, after = tables_of(database), tables_of(elsewhere)
    restored = after["audit"].pop()
    assert restored[1:] != before["audit"][-1][1:]
    assert "restore" in restored
    epochs: list[dict[str, str]] = [dict(tables.pop("meta")) for tables in (before, after)]
    for name in ("token", "attempt"):
        assert after.pop(name) == []
        before.pop(name)
    assert all(before[name] for name in ("document", "attribute", "belongs", "command", "device", "staff", "checksum"))
    assert before == after
    assert epochs[0].pop("epoch") != epochs[1].pop("epoch")
    assert epochs[1].pop("leasesClosed")
    assert epochs[0] == epochs[1]
    with closing(Store.open(elsewhere)) as store:
        assert verified(store).problems == ()
        assert store.load([Document("customer", "C9", {"name": "Later"})]).inserted == 1


def desks_in(database: str) -> dict[str, Desk]:
    with closing(Store.open(database)) as store:
        return {one.name: one for one in Desks(store, SystemClock()).every()}


def may_be_used(database: str, device: str, secret: str) -> bool:
    with closing(Store.open(database)) as store:
        try:
            Desks(store, SystemClock()).check(device, secret, must_be_enrolled=True)
        except NotSignedInError:
            return False
    return True


@pytest.mark.parametrize("keep", [False, True])
def test_desks_enrol_anew_after_a_restore_unless_they_are_kept(
    store: Store, elsewhere: str, tmp_path: Path, *, keep: bool
) -> None:
    desks = Desks(store, SystemClock())
    secret = desks.enrol(desks.add("hall-1"), "m1")
    desks.enrol(desks.add("hall-2"), "m2")
    desks.wipe("hall-2")
    code = desks.add("hall-3")
    save(store, tmp_path / "office.backup", SystemClock())
    desks.enrol(code, "m3")
    desks.wipe("hall-1")
    restored = restore(tmp_path / "office.backup", elsewhere, SystemClock(), keep_desks=keep)
    assert restored.shut_out == ([] if keep else ["hall-1"])
    assert may_be_used(elsewhere, "m1", secret) is keep
    after = desks_in(elsewhere)
    assert after["hall-2"] == desks_in(str(store.engine.url.render_as_string(hide_password=False)))["hall-2"]
    assert after["hall-3"].code_expires is None


def test_listeners_are_told_after_a_restore_that_they_have_to_read_anew(
    store: Store, elsewhere: str, tmp_path: Path, clock: FakeClock
) -> None:
    owner = Identity(Person("listens", "Listens", "viewer"))
    People(store, clock).put(owner.person, None)
    asked = Asked("troubleTicket/v4", "https://hooks.example.org/", "")
    theirs = store.run(lambda transaction: subscribe(transaction, owner, asked)).id

    def told_by(database: Store) -> list[str]:
        page = Ledger(database, clock, HubSettings(), None).next_page(theirs)
        assert page is not None
        return [msgspec.json.decode(event)["eventId"] for letter in page.letters for event in letter.messages]

    with store.writing() as transaction:
        transaction.put("troubleTicket", "T1", ticket(id="T1"))
    before = told_by(store)
    save(store, tmp_path / "office.backup", clock)
    restore(tmp_path / "office.backup", elsewhere, clock)
    with closing(Store.open(elsewhere)) as restored:
        with restored.reading(EVERYTHING) as reader:
            found = find(reader.connection, "listens", asked.api, theirs)
        assert (found and found.gap, told_by(restored)) == (to_wire(clock.now()), before)


def test_a_backup_is_of_one_instant_although_writers_go_on(
    store: Store, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.load([Document("customer", f"C{number}", {"name": "x"}) for number in range(10)])
    written = file.Writer.table

    def while_others_write(writer: file.Writer, name: str, columns: list[str], rows: Any) -> None:
        with closing(Store.open(database)) as other:
            other.load([Document("customer", f"late-{name}", {"name": "y"})])
        written(writer, name, columns, rows)

    monkeypatch.setattr(file.Writer, "table", while_others_write)
    save(store, tmp_path / "office.backup", SystemClock())
    restore(tmp_path / "office.backup", str(tmp_path / "restored.db"), SystemClock())
    with closing(Store.open(str(tmp_path / "restored.db"))) as restored:
        found = verified(restored)
    assert (found.documents, found.sequence, found.problems) == (10, 10, ())
    assert verified(store).documents == 10 + len(CARRIED)


def test_a_backup_is_for_its_owner_only_and_takes_the_place_of_no_other(saved: Path, store: Store) -> None:
    assert saved.stat().st_mode & 0o077 == 0
    before = saved.read_bytes()
    with pytest.raises(BackupError, match="exists already"):
        save(store, saved, SystemClock())
    assert saved.read_bytes() == before


def test_a_backup_that_was_cut_short_is_not_there_at_all(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(BackupError, match="No space left"):
        save(store, tmp_path / "office.backup", SystemClock())
    assert not list(tmp_path.glob("office.backup*"))


@pytest.mark.parametrize("there", ["tables of ours", "tables of others"])
def test_only_an_empty_database_is_filled(saved: Path, tmp_path: Path, store: Store, database: str, there: str) -> None:
    if there == "tables of others":
        with store.engine.execution_options(writes=True).begin() as connection:
            schema.metadata.drop_all(connection)
            connection.exec_driver_sql("CREATE TABLE theirs (a INTEGER)")
    with pytest.raises(DatabaseError, match="not empty"):
        restore(saved, database, SystemClock())


def rewritten(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    return lambda content: gzip.compress(b"".join(change(gzip.decompress(content).splitlines(keepends=True))))


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return rewritten(lambda lines: [line.replace(old, new) for line in lines])


def with_header(**values: object) -> Callable[[bytes], bytes]:
    return rewritten(lambda lines: [json.dumps({**json.loads(lines[0]), **values}).encode() + b"\n", *lines[1:]])


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a flipped byte": lambda content: _flipped(content, 200),
    "a flipped byte at the end": lambda content: _flipped(content, -6),
    "cut in the middle": lambda content: content[:-100],
    "cut at a line": rewritten(lambda lines: lines[:-1]),
    "a row too few": rewritten(lambda lines: [*lines[:-3], *lines[-2:]]),
    "a row too many": rewritten(lambda lines: [*lines[:-2], lines[-2], *lines[-2:]]),
    "another word": replaced(b"active", b"passiv"),
    "another header": with_header(sequence=3),
    "something after the end": rewritten(lambda lines: [*lines, b"[1]\n"]),
    "an unknown table": replaced(b'"staff"', b'"stuff"'),
    "a column too few": replaced(b'"name","role"', b'"name"'),
    "no backup": lambda _: b"something else altogether",
    "nothing": lambda _: b"",
}


def _flipped(content: bytes, at: int) -> bytes:
    changed = bytearray(content)
    changed[at] ^= 0x10
    return bytes(changed)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused_and_fills_nothing(saved: Path, elsewhere: str, damage: str) -> None:
    assert check(saved).sequence == 5
    saved.write_bytes(DAMAGES[damage](saved.read_bytes()))
    for use in (lambda: check(saved), lambda: restore(saved, elsewhere, SystemClock())):
        with pytest.raises(BackupError, match="no backup, or a damaged one"):
            use()
    with pytest.raises(DatabaseError, match=r"nothing in this database|no database"):
        Store.open(elsewhere, must_exist=True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"format": 2, "new": True}, "made by a newer version"),
        ({"schema": schema.SCHEMA_VERSION + 1, "version": "9.0"}, "made by a newer version .* Use version 9.0"),
        ({"schema": schema.SCHEMA_VERSION - 1, "version": "0.0.1"}, "made by an older version .* Use version 0.0.1"),
    ],
)
def test_a_backup_of_another_version_says_of_which(
    saved: Path, tmp_path: Path, header: dict[str, Any], said: str
) -> None:
    saved.write_bytes(with_header(**header)(saved.read_bytes()))
    with pytest.raises(BackupError, match=said):
        restore(saved, str(tmp_path / "restored.db"), SystemClock())


def test_every_column_is_of_a_kind_that_a_backup_carries() -> None:
    kinds = {type(column.type) for table in schema.metadata.sorted_tables for column in table.columns}
    assert kinds <= {Text, Integer, BigInteger, SmallInteger, Boolean}


def test_columns_that_number_themselves_go_on_after_a_restore(saved: Path, elsewhere: str) -> None:
    restore(saved, elsewhere, SystemClock())
    with closing(Store.open(elsewhere)) as store, store.engine.execution_options(writes=True).begin() as connection:
        connection.execute(insert(schema.declared).values(collection="x", path="y"))
