"""journal.db opened: the one place that writes commands, effects and their audit entries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.core.clock import Clock, to_wire
from app.core.commands import Command, Method
from app.core.errors import DeskError
from app.core.ids import new_id
from app.core.words import QT_TRANSLATE_NOOP
from app.sync.effects import Body, Effects, Reducers, as_json
from app.sync.merging import put_on
from app.sync.model import KEPT_BY_GRANT, TO_DECIDE, CommandState
from local_cache import adoptions, audit, cipher, draft_rows
from local_cache.disk import disk_errors, sync_file
from local_cache.effects import EffectTable, command_from, rewrite, there_from
from local_cache.journal_schema import SCHEMA_VERSION, STEPS, command, create_all, for_this_office, meta
from local_cache.lease_rows import go_on, spend
from local_cache.meta import read_meta, write_meta
from local_cache.prepared import Prepared
from local_cache.profile import Profile

_UNDONE = "undone"  # written where a commit failed, and read by nobody

_KNOWN = Prepared(select(command.c.id).where(command.c.id == bindparam("act")), "act")
_COLUMNS = [column.name for column in command.c if not column.primary_key]
_ADD = Prepared(insert(command), *_COLUMNS)
_MADE_HERE = select(command.c.id).where(
    command.c.collection == bindparam("collection"), command.c.method == Method.CREATE, for_this_office(),
    or_(
        command.c.result_id == bindparam("result"),
        and_(command.c.id == bindparam("sent_as"), command.c.state.in_(KEPT_BY_GRANT)),
    ),
)  # fmt: skip


class NewerJournalError(DeskError):
    """The file was written by a newer program."""

    text = QT_TRANSLATE_NOOP(
        "errors", "A newer Trunkline wrote this desk's data. Nothing was changed. Start the newer one."
    )


class JournalDamagedError(DeskError):
    """The journal cannot be read; it has to be salvaged before anything else."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The desk's journal is damaged. Start Trunkline again: what can be read is saved."
    )


class Journal:
    """The precious file; threads take turns. Every commit reaches the disk before it returns.

    `path` is another place than the profile's, for a journal that is being salvaged. One that is only to be looked at
    is not opened, just read and checked.
    """

    def __init__(
        self,
        profile: Profile,
        key: bytes,
        reducers: Reducers,
        clock: Clock,
        *,
        path: Path | None = None,
        only_look: bool = False,
    ) -> None:
        self.effects = Effects(reducers)
        self._clock = clock
        at = self._path = path or profile.journal
        self._key = key
        self._engine: Engine = cipher.engine_for(
            lambda: cipher.look(at, key) if only_look else cipher.connect(at, key, full_sync=True, is_alone=bool(path)),
            size=1,
        )

    def open(self) -> None:
        """Create what is missing; of an older file a copy is kept. Raises NewerJournalError or JournalDamagedError."""
        with self.writing() as connection:
            version = _version(connection)
            if version == 0:
                create_all(connection)
            elif version < SCHEMA_VERSION:
                self._keep(version)
                for step in (one for older in range(version, SCHEMA_VERSION) for one in STEPS[older]):
                    connection.exec_driver_sql(step)
                connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
            go_on(connection, self._clock.monotonic())

    def _keep(self, version: int) -> None:
        """Keep a copy of an older file, while the caller lets nobody write to it.

        Made by SQL, over another connection: one with a transaction open attaches nothing, and to close a file that was
        copied would take SQLite's locks on it away.
        """
        kept = self._path.with_name(f"{self._path.stem}-of-version-{version}.db")
        source = cipher.connect(self._path, self._key, full_sync=False)
        try:
            with disk_errors():
                kept.unlink(missing_ok=True)
                kept.with_name(f"{kept.name}-journal").unlink(missing_ok=True)  # of a copy that was cut short
            cipher.copy_whole(source, kept, self._key, version)
            with disk_errors():
                sync_file(kept)
        finally:
            source.close()

    def is_made(self) -> bool:
        """Whether the file holds tables; one that was cut short while it was made does not."""
        with self.reading() as connection:
            return _version(connection) > 0

    def check(self) -> None:
        """Read every page. Raises NewerJournalError or JournalDamagedError."""
        with self._errors(), self._engine.connect() as connection:
            _version(connection)
            if not cipher.is_whole(connection.connection.driver_connection):
                raise JournalDamagedError

    def take_in_log(self) -> None:
        """Move what the log holds into the file, so that it can go alone. Raises StorageFullError where it does not fit."""
        with self._errors(), self._engine.connect() as connection:
            cipher.take_in_log(connection.connection.driver_connection)

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, on disk when the block ends; nothing of it when the block raises."""
        with self._errors(), self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                _roll_back(connection)
                raise
            try:
                driver.execute("COMMIT")
            except BaseException:
                _roll_back(connection)
                _write_over(connection)
                raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view."""
        with self._errors(), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection

    def meta(self, name: str, default: str = "") -> str:
        """A named value of this desk."""
        with self.reading() as connection:
            return read_meta(connection, name) or default

    def set_meta(self, name: str, value: str) -> None:
        """Keep a named value."""
        with self.writing() as connection:
            write_meta(connection, name, value)

    def device(self) -> str:
        """This desk's own id, made once."""
        with self.writing() as connection:
            connection.execute(upsert(meta).values(name="device", value=new_id()).on_conflict_do_nothing())
        return self.meta("device")

    def record(self, act: Command, before: Body | None, revision: int = 0, epoch: str = "") -> None:
        """Store command, effect and audit entry; the same id again changes nothing.

        `before` is the entity as it was seen at `revision` of `epoch`, None where the command makes it. Where another copy
        has come into use since, of another epoch, whatever that holds is newer. Raises NotOnLeaseError, with nothing stored,
        where the act gives out what may not be. The draft that it comes of goes with it.
        """
        with self.writing() as connection:
            draft_rows.drop(connection, act.id)
            if _KNOWN.first(connection, act=act.id):
                return
            if act.replaces:
                self._rest(connection, act.replaces, act.author)
            spend(connection, act, self._clock.monotonic())
            local = replace(act, entity_id=_made_here_as(connection, act, before))
            body = as_json(act.body)
            _ADD.do(connection, **_columns(local, body, to_wire(self._clock.now())))
            table = EffectTable(connection)
            is_of_copy_in_use = not epoch or epoch == table.epoch()
            self.effects.put(table, local, before, revision if is_of_copy_in_use else 0)
            audit.append(connection, to_wire(act.made_at), act.author, f"command {act.kind}", act.id, body)

    def set_aside(self, command_id: str, by: str) -> str:
        """Put a command that needs a person to rest; returns its collection, empty if there was nothing to do."""
        with self.writing() as connection:
            return self._rest(connection, command_id, by)

    def adopt(self, command_id: str, by: str) -> str:
        """Let somebody stand for a command that waits; returns its collection, empty if it does not. Raises NotAllowedError."""
        with self.writing() as connection:
            return adoptions.adopt(connection, command_id, by, to_wire(self._clock.now()))

    def send_on_top(self, command_id: str, by: str, tag: str) -> str:
        """Let a differing command go out again on somebody's word, on what was found there and shown to them.

        Whoever did not decide it stands for it from then on. Returns its collection; empty if it cannot go, or what is there
        is not of that tag any more. Raises NotAllowedError where they may not stand for it.
        """
        with self.writing() as connection:
            row = connection.execute(
                select(command).where(command.c.id == command_id, command.c.state == CommandState.CONFLICT)
            ).first()
            there = there_from(row) if row is not None else None
            if row is None or there is None or there.body is None or there.tag != tag:
                return ""
            if by not in (row.author, row.adopted_by):
                adoptions.refuse_who_may_not(connection, by)
            rewrite(connection, put_on(command_from(row), there))
            stands_for = "" if by == row.author else by
            now = to_wire(self._clock.now())
            again = {"state": CommandState.QUEUED, "there": "", "adopted_by": stands_for, "changed_at": now}
            connection.execute(update(command).where(command.c.id == command_id).values(again))
            self.effects.merged(EffectTable(connection), command_from(row), there)
            audit.append(connection, now, by, "sent on top", command_id, row.there)
            return str(row.collection)

    def _rest(self, connection: Connection, command_id: str, by: str) -> str:
        row = connection.execute(
            update(command)
            .where(command.c.id == command_id, command.c.state.in_(TO_DECIDE))
            .values(state=CommandState.SET_ASIDE, changed_at=to_wire(self._clock.now()), seen="", there="")
            .returning(command.c.collection, command.c.entity_id)
        ).first()
        if row is None:
            return ""
        self.effects.rebuild(EffectTable(connection), row.collection, row.entity_id)
        audit.append(connection, to_wire(self._clock.now()), by, "set aside", command_id, "")
        return str(row.collection)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        with cipher.storage_errors(JournalDamagedError, self._path.parent):
            yield


def _version(connection: Connection) -> int:
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > SCHEMA_VERSION:
        raise NewerJournalError
    return version


def _made_here_as(connection: Connection, act: Command, before: Body | None) -> str:
    """What this desk made keeps its local id in the journal for ever, so that acts on it stay in one queue.

    Its number may have come with the feed already, though the answer that tells it was lost.
    """
    if act.method is Method.CREATE:
        return act.entity_id
    sent_as = str(before.get("externalId") or "") if before else ""
    known_as = {"collection": act.collection, "result": act.entity_id, "sent_as": sent_as}
    return connection.execute(_MADE_HERE, known_as).scalar() or act.entity_id


def _columns(act: Command, body: str, now: str) -> dict[str, Any]:
    return {
        "id": act.id, "kind": act.kind, "version": act.version, "method": act.method, "collection": act.collection,
        "entity_id": act.entity_id, "body": body, "author": act.author, "made_at": to_wire(act.made_at),
        "base_tag": act.base_tag, "customer_id": act.customer_id, "title": act.title,
        "replaces": act.replaces, "state": CommandState.QUEUED, "reason": "", "result_id": "", "result_revision": 0,
        "changed_at": now, "spends": json.dumps([(one.kind, one.item) for one in act.spends]) if act.spends else "",
        "seen": "" if act.seen is None else as_json(act.seen), "there": "", "adopted_by": act.adopted_by,
    }  # fmt: skip


def _roll_back(connection: Connection) -> None:
    """Undo what is not committed. A full disk may have done so already; the first error is the one to tell.

    The connection is kept where it can be: opened anew, it might find in the log what could not be committed.
    """
    held: Any = connection.connection.driver_connection
    try:
        if held.in_transaction:
            connection.exec_driver_sql("ROLLBACK")
    except Exception:  # noqa: BLE001
        connection.invalidate()


def _write_over(connection: Connection) -> None:
    """Where syncing a log failed, all of it may stand there, and come back after a kill: something harmless takes its place."""
    with suppress(Exception):
        write_meta(connection, _UNDONE, "")
