"""Changes documents inside one write transaction, as units of work.

What is put waits until `flush`. Then, and not before, the transaction takes its turn at the sequence and writes everything
that belongs together. So revisions come in the order of commits, and writers wait for each other as shortly as can be. What
was read to be changed was locked, and is not read again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, not_, select, text, update

from backoffice import schema
from backoffice.auditing import Signature, sign_each
from backoffice.dialect import exclude, exclude_all
from backoffice.documents import Body, StoredDocument, address_in, from_json, to_json
from backoffice.errors import ForbiddenError
from backoffice.flushing import MOVING, Flush, lock_what_moves
from backoffice.parties.marks import MERGED_INTO, survivor_of
from backoffice.prepared import all_of, do_each, first_of
from backoffice.reading import Columns, CommandResult, Key, Reader, Slot, epoch, one_of, stored
from backoffice.scopes import EVERYTHING, Scope

_command = schema.command.c
_document = schema.document.c
_merged = select(_document.collection, _document.id, _document.body).where(
    _document.collection.in_(bindparam("collections", expanding=True)),
    _document.id.in_(bindparam("ids", expanding=True)),
    _document.body.contains(to_json({"role": MERGED_INTO}).strip("{}"), autoescape=True),
)
_advance = (
    update(schema.sequence)
    .values(value=schema.sequence.c.value + bindparam("count"))
    .returning(schema.sequence.c.value, epoch, schema.sequence.c.heard)
)
_insert_command = insert(schema.command)
_delete_commands = delete(schema.command).where(
    _command.device == bindparam("device"), _command.sequence <= bindparam("sequence")
)
_answers_of = select(_command.device, _command.key, _command.answer).where(
    _command.collection == bindparam("named"), _command.id == bindparam("at_id"), _command.answer.is_not(None)
)
_update_answer = (
    update(schema.command)
    .where(_command.device == bindparam("of"), _command.key == bindparam("under"))
    .values(answer=bindparam("answer"))
)
# One statement that never goes back: who changes nothing else takes no turn, and may come late.
_acknowledge = text(
    "INSERT INTO device (id, acknowledged) VALUES (:device, :sequence) ON CONFLICT (id) "
    "DO UPDATE SET acknowledged = excluded.acknowledged WHERE excluded.acknowledged > device.acknowledged"
)
_OF_COMMAND: Final = tuple(schema.command.columns.keys())


class Transaction(Reader):
    """A reader that may also change things; `last_revision` is the newest number that it took, 0 if none."""

    def __init__(
        self, connection: Connection, scope: Scope, columns: Columns, now: datetime, together: Together | None = None
    ) -> None:
        super().__init__(connection, scope, columns)
        self.now = now
        self.reveals = None  # who changes a record needs the whole of it; `Operations` masks what is answered
        self.last_revision = 0
        self.signature = Signature()
        self.heard: frozenset[str] = frozenset()  # the APIs that somebody listens to, known once a revision was taken
        self.puts: dict[Key, Body | None] = {}
        self.written: dict[Key, StoredDocument] = {}
        self.deleted: set[Key] = set()
        self.results: list[CommandResult] = []
        self.ended: dict[str, int] = {}
        self.names: set[Key] = set()  # customers and parties that are named where they were not before
        self.known: dict[Key, StoredDocument | None] = {}
        self._together = together
        self._epoch = ""

    def get(self, collection: str, document_id: str) -> StoredDocument | None:
        """The document as this transaction leaves it; nobody else changes it until this has ended."""
        if "\x00" in document_id:
            return None
        key = (collection, document_id)
        if self._together and self._together.awaits(key):
            self.settle()
        row = first_of(self.connection, _locked_one_of(self.scope), {"collection": collection, "id": document_id})
        held = None if row is None else stored(row)
        if held is not None or self.scope.is_everything:
            self.known[key] = held
        if key not in self.puts:
            return held
        body = self.puts[key]
        known = held or StoredDocument(collection, document_id, 0, None)
        return replace(known, text=None if body is None else to_json(body))

    def is_free(self, collection: str, document_id: str) -> bool:
        """Whether nothing has or had this id, in view or not."""
        key = (collection, document_id)
        if "\x00" in document_id or key in self.puts or (self._together and self._together.awaits(key)):
            return False
        named = {"collection": collection, "id": document_id}
        if first_of(self.connection, one_of(EVERYTHING), named) is not None:
            return False
        self.known[key] = None
        return True

    def get_many(self, collection: str, ids: Iterable[str]) -> list[StoredDocument]:
        """The documents of one collection that have one of these ids, deleted ones too; without what was put since `flush`."""
        self.settle()
        return super().get_many(collection, ids)

    def put(self, collection: str, document_id: str, body: Body | None) -> None:
        """Write a document when this is flushed; no body makes it a tombstone."""
        self.puts[collection, document_id] = body

    def exclusive(self, name: str) -> None:
        """Be the only transaction that holds `name`, for a rule that has to be alone."""
        exclude(self.connection, name)

    def claim(self, slot: Slot) -> CommandResult | None:
        """Be the only transaction that works under an idempotency key; returns what is known of it already."""
        if self._together and slot in self._together.claimed:
            return self._together.claimed[slot]
        self.exclusive(_name_of(slot))
        return self.recall(*slot)

    def survivors(self) -> dict[Key, str]:
        """Which of `names` were merged into others, and into whom; in view or not, once this has its turn."""
        found = self._together.survivors if self._together else _survivors_of(self.connection, self.names)
        return {key: found[key] for key in self.names if key in found}

    def settle(self) -> None:
        """See that what others put, with whom this shares a commit, is in the database: before it is searched."""
        if self._together:
            self._together.settle()

    def flush(self) -> dict[Key, StoredDocument]:
        """Write what was put, at the next revisions in the order in which it was put; returns it as written.

        Raises RefusedError, and so undoes everything.
        """
        self.refuse_strangers()
        puts, self.puts = self.puts, {}
        if not puts:
            return {}
        lock_what_moves(self.connection, puts, self.known)
        first = self.take_revisions(len(puts))  # what is read from here on stays so until the commit
        known, self.known = self.known, {}
        self.written = Flush(self, puts, known, first).write()
        self.deleted |= {key for key, one in self.written.items() if one.text is None}
        return self.written

    def refuse_strangers(self) -> None:
        """Raise ForbiddenError if what was put would change what is out of view, and so was never seen."""
        if self.scope.is_everything:
            return
        for collection, document_id in self.puts.keys() - self.known.keys():
            if first_of(self.connection, _hidden_one_of(self.scope), {"collection": collection, "id": document_id}):
                raise ForbiddenError("That lies outside your territory.")

    def wrote(self, written: dict[Key, StoredDocument], turn: Transaction) -> None:
        """What this put was written by another in its turn."""
        self.puts, self.known, self.written = {}, {}, written
        self.last_revision = max(one.revision for one in written.values())
        self._epoch = turn.epoch()

    def take_revisions(self, count: int) -> int:
        """Take the next `count` numbers of the sequence and return the first; nobody else takes any until the commit."""
        self.last_revision, self._epoch, heard = all_of(self.connection, _advance, {"count": count})[0]
        self.heard = frozenset(heard.split())
        return self.last_revision - count + 1

    def epoch(self) -> str:
        """The epoch of the revisions."""
        return self._epoch or self.position().epoch

    def remember(self, result: CommandResult) -> None:
        """Keep a result under its device's key, once this is closed."""
        self.results.append(result)

    def acknowledge(self, device: str, sequence: int) -> None:
        """Forget the keys of the device's commands up to `sequence`, once this is closed."""
        self.ended[device] = sequence

    def close(self) -> None:
        """Write what is left to be written before the commit: documents, results, and who did it."""
        self.flush()
        _close(self, [self])


class Together:
    """Units of work that share a commit: what they put is written in their order, with as few statements as can be.

    A unit of work that comes upon what an earlier one put, or searches, has that written first (`Transaction.settle`).
    """

    def __init__(self, connection: Connection, columns: Columns, now: datetime, slots: Collection[Slot]) -> None:
        self._writer = Transaction(connection, EVERYTHING, columns, now)
        exclude_all(connection, [_name_of(slot) for slot in slots])
        self.claimed: dict[Slot, CommandResult | None] = dict.fromkeys(slots)
        self.claimed |= self._writer.recall_all(slots)
        self._units: list[Transaction] = []
        self._waiting: list[Transaction] = []

    @property
    def last_revision(self) -> int:
        """The newest number that was taken, 0 if none."""
        return self._writer.last_revision

    @contextmanager
    def unit(self, scope: Scope) -> Iterator[Transaction]:
        """One unit of work; if the block raises, it leaves nothing behind."""
        mine = Transaction(self._writer.connection, scope, self._writer.columns, self._writer.now, self)
        yield mine
        if not mine.puts:
            self._units.append(mine)
            return
        moves = any(collection in MOVING for collection, _ in mine.puts)
        if moves or any(self.awaits(key) for key in mine.puts):
            self.settle()  # before, since the same record may not be in it twice
        mine.refuse_strangers()
        self._units.append(mine)
        self._waiting.append(mine)
        self._writer.puts |= mine.puts
        self._writer.known |= mine.known
        if moves:
            self.settle()  # what moves along with it is this one's doing

    @cached_property
    def survivors(self) -> dict[Key, str]:
        """Into whom those were merged that any unit names; asked once all units are written."""
        return _survivors_of(self._writer.connection, set().union(*(unit.names for unit in self._units)))

    def awaits(self, key: Key) -> bool:
        """Whether a document was put that is not in the database yet."""
        return key in self._writer.puts

    def settle(self) -> None:
        """Write what was put so far."""
        written = self._writer.flush()
        for unit in self._waiting:
            unit.wrote({key: written[key] for key in unit.puts}, self._writer)
        if self._waiting:
            self._waiting[-1].last_revision = self._writer.last_revision
        self._waiting.clear()

    def close(self) -> None:
        """Write what is left to be written before the commit."""
        _close(self._writer, self._units)


def _close(writer: Transaction, units: Sequence[Transaction]) -> None:
    connection = writer.connection
    results = [{name: getattr(one, name) for name in _OF_COMMAND} for unit in units for one in unit.results]
    do_each(connection, _insert_command, results)
    for key in writer.deleted:
        _forget_answers(connection, key)
    ended: dict[str, int] = {}
    for device, sequence in (one for unit in units for one in unit.ended.items()):
        ended[device] = max(sequence, ended.get(device, 0))
    for device, sequence in ended.items():
        do_each(connection, _acknowledge, [{"device": device, "sequence": sequence}])
        do_each(connection, _delete_commands, [{"device": device, "sequence": sequence}])
    sign_each(connection, [(unit.signature, unit.last_revision) for unit in units if unit.last_revision], writer.now)


def _forget_answers(connection: Connection, key: Key) -> None:
    """Keep of what was answered about a deleted document only which one it was."""
    collection, document_id = key
    answers = all_of(connection, _answers_of, {"named": collection, "at_id": document_id})
    kept = [{"of": device, "under": key, "answer": address_in(answer)} for device, key, answer in answers]
    do_each(connection, _update_answer, kept)


def _survivors_of(connection: Connection, names: Collection[Key]) -> dict[Key, str]:
    asked = {"collections": sorted({one for one, _ in names}), "ids": sorted({one for _, one in names})}
    rows = all_of(connection, _merged, asked) if names else []
    return {(collection, name): survivor_of(from_json(body)) for collection, name, body in rows}


def _name_of(slot: Slot) -> str:
    """Of the key alone: what is begun at one desk may be filed at another under the same."""
    return f"key/{slot[1]}"


@lru_cache(maxsize=1000)
def _locked_one_of(scope: Scope) -> Any:
    return one_of(scope).with_for_update()


@lru_cache(maxsize=1000)
def _hidden_one_of(scope: Scope) -> Any:
    return one_of(EVERYTHING).where(not_(scope.condition()))
