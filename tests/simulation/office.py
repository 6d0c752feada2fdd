"""A head office in memory: the desk protocol's promises and nothing else. Held to the same tests as the real back office."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.core.commands import Method, Spend, There
from app.leases.model import Ask, Report, Told
from app.rules.checksums import Checksum, checksum_of
from app.sync.model import Acknowledged, Change, FeedPage, Profile, SnapshotPage, SnapshotStart
from tests.simulation.lending import Answer, Ledger, Lender

Entity = tuple[str, str]
TICKET = "troubleTicket"
HISTORY = "statusChange"  # which head office writes by itself, and no desk reckons with
SUPERVISORS = ("tom",)  # who may stand for what others did
INDEX = "customerIndex"
NO_ANSWER = 0  # the status of an answer that nobody gives


class GoneError(Exception):
    """410: a cursor of another epoch."""


class UnauthorizedError(Exception):
    """401."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who a token belongs to, and what they see: a territory, or all of them, of which that one is their desk's home."""

    name: str
    territory: str
    sees_all: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A command on the wire."""

    token: str
    device: str
    key: str
    sequence: int
    acknowledged: Acknowledged
    method: Method
    collection: str
    id: str
    body: Any
    if_match: str = ""
    spends: tuple[Spend, ...] = ()
    author: str = ""  # who decided it, where somebody else stands for it


@dataclass(frozen=True, slots=True)
class Reply:
    """What head office answers."""

    status: int
    id: str = ""
    revision: int = 0
    body: Mapping[str, Any] | None = None
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A record; without a body it was deleted at that revision."""

    revision: int
    body: Mapping[str, Any] | None
    territory: str
    customer: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What a copy is of: a territory; where that is a home, also the index of the others and the customers who are opened."""

    territory: str
    has_home: bool = False
    opened: frozenset[str] = frozenset()

    def covers(self, entity: Entity, one: Document) -> bool:
        """Whether the record is in it."""
        if entity[0] == INDEX:
            return self.has_home and one.territory != self.territory
        return one.territory == self.territory or one.customer in self.opened

    def without(self, closing: Iterable[str]) -> View:
        """The same once these are not opened any more."""
        return replace(self, opened=self.opened.difference(closing))


@dataclass(frozen=True, slots=True)
class Done:
    """An effect that was committed: of which key, on whose word, on what, and as the how manieth act of its device.

    `author` is whose grant it came with, `decided_by` who is named as having decided it.

    `was` is the record before it, empty where it was made, and `body` the record with it.
    """

    key: str
    author: str
    decided_by: str
    device: str
    sequence: int
    entity: Entity
    revision: int
    was: Mapping[str, Any]
    body: Mapping[str, Any]

    @property
    def act(self) -> str:
        """The command that the key stands for, also where a desk makes a new key of it."""
        return self.key.partition("~")[0]


@dataclass
class Books:
    """Everything that a backup holds."""

    sequence: int = 0
    documents: dict[Entity, Document] = field(default_factory=dict)
    departures: list[tuple[int, Entity, Document]] = field(default_factory=list)
    keys: dict[tuple[str, str], tuple[int, Reply]] = field(default_factory=dict)  # with the act's number
    acknowledged: dict[str, int] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)

    def copied(self) -> Books:
        """The same, for a backup."""
        return Books(
            self.sequence, dict(self.documents), list(self.departures), dict(self.keys), dict(self.acknowledged),
            list(self.done), self.ledger.copied(),
        )  # fmt: skip


class Office:
    """Commits one act after the other; each in one transaction with its key."""

    page = 4
    lender_kind: type[Lender] = Lender

    def __init__(self, on_change: Callable[[], None], on_done: Callable[[Done], None]) -> None:
        self.books = Books()
        self.lender = self.lender_kind(self.books.ledger)
        self.epoch = "e1"
        self.people: dict[str, Person] = {}  # by token
        self._on_change = on_change
        self._on_done = on_done
        self._numbers = 0

    # ---- commands

    def take(self, request: Request) -> Reply:
        """Do what is asked, once per key."""
        person = self.people.get(request.token)
        if person is None:
            return Reply(401)
        if request.author not in ("", person.name) and person.name not in SUPERVISORS:
            return Reply(403)
        slot = (request.device, request.key)
        if slot in self.books.keys:
            return self.books.keys[slot][1]
        if request.sequence <= self.books.acknowledged.get(request.device, 0):
            return Reply(409)
        status = self.lender.may_spend(request.device, request.key.partition("~")[0], request.spends)
        reply = self.carry_out(request, person) if status == 200 else Reply(status)
        if reply.status < 400:
            self.lender.spend(request.key.partition("~")[0], request.spends)
            self._acknowledge(request)
            self.books.keys[slot] = (request.sequence, reply)
        return reply

    def carry_out(self, request: Request, person: Person) -> Reply:
        """The effect alone."""
        if "refuse" in json.dumps(request.body):
            return Reply(400)
        if request.method is Method.CREATE:
            self._numbers += 1
            entity = (request.collection, f"T{self._numbers}")
            return self._done(request, person, entity, {**request.body, "id": entity[1]})
        entity = (request.collection, request.id)
        held = self.books.documents.get(entity)
        if held is None or held.body is None or not (person.sees_all or held.territory == person.territory):
            return Reply(404)
        if request.method is Method.CHANGE:
            if request.if_match != self.tag(held.revision):
                return Reply(412)
            body = {**held.body, **request.body}
            if body.get("status") != held.body.get("status"):
                body[HISTORY] = [*held.body.get(HISTORY, ()), {"status": body["status"]}]
            return self._done(request, person, entity, body)
        notes = [*held.body["note"], *(one["value"] for one in request.body)]
        return self._done(request, person, entity, {**held.body, "note": notes})

    def ask(self, token: str, device: str, key: str, sequence: int) -> Reply:
        """What became of a key."""
        if token not in self.people:
            return Reply(401)
        if (device, key) not in self.books.keys:
            return Reply(410 if sequence <= self.books.acknowledged.get(device, 0) else 404, epoch=self.epoch)
        _, known = self.books.keys[device, key]
        return Reply(200, known.id, known.revision, epoch=self.epoch)

    def read(self, token: str, entity: Entity) -> There:
        """A record as it is now. Raises UnauthorizedError."""
        self._check(token)
        held = self.books.documents.get(entity)
        if held is None or held.body is None or held.territory != self.people[token].territory:
            return There()
        return There(held.body, held.revision, self.epoch)

    def tag(self, revision: int) -> str:
        """The entity tag of a record at a revision."""
        return f'"{self.epoch}-{revision}"'

    # ---- what others do

    def put(self, entity: Entity, body: Mapping[str, Any] | None, territory: str) -> int:
        """Write a record, or delete it; returns its revision."""
        books = self.books
        books.sequence += 1
        was = books.documents.get(entity)
        customer = (was.customer if was else "") if body is None else str(body.get("customer", ""))
        if was is not None and (was.territory, was.customer) != (territory, customer):
            books.departures.append((books.sequence, entity, was))
        books.documents[entity] = Document(books.sequence, body, territory, customer)
        self._on_change()
        return books.sequence

    def restore(self, backup: Books, epoch: str) -> None:
        """Go on from a backup, in a new epoch. Nobody's token is good any more."""
        self.books = backup.copied()
        self.books.ledger.is_closed = True
        self.lender.ledger = self.books.ledger
        self.epoch = epoch
        self.people.clear()
        self._on_change()

    # ---- leases

    def leases(self, token: str, device: str, now: datetime) -> Told:
        """What is out to a desk. Raises UnauthorizedError."""
        self._check(token)
        return self.lender.told(device, self.epoch, now)

    def take_lease(self, token: str, ask: Ask, now: datetime) -> Answer:
        """Give a block out."""
        return self.lender.take(ask, self.epoch, now) if token in self.people else Answer(401)

    def report_lease(self, token: str, said: Report) -> Answer:
        """Take a report."""
        return self.lender.report(said) if token in self.people else Answer(401)

    # ---- copies

    def snapshot_start(self, token: str, view: View) -> SnapshotStart:
        """The head of a snapshot. Raises UnauthorizedError."""
        self._check(token)
        total = sum(1 for _ in self._living(view))
        return SnapshotStart(self.epoch, self.cursor_at(self.books.sequence), total)

    def snapshot_page(self, view: View, after: str) -> SnapshotPage:
        """The page behind a token, as the records are now."""
        rest = [one for one in self._living(view) if f"{one.collection}/{one.id}" > after][: self.page + 1]
        page = tuple(rest[: self.page])
        return SnapshotPage(page, f"{page[-1].collection}/{page[-1].id}" if len(rest) > self.page else "")

    def profile(self, token: str, customer: str) -> Profile:
        """All records of one customer. Raises UnauthorizedError."""
        self._check(token)
        theirs = View("", has_home=True, opened=frozenset({customer}))
        return Profile(self.epoch, tuple(one for one in self._living(theirs) if one.collection != INDEX))

    def feed(self, token: str, view: View, cursor: str, closing: Iterable[str] = ()) -> FeedPage:
        """What changed after a cursor. Raises UnauthorizedError or GoneError."""
        self._check(token)
        epoch, _, number = cursor.rpartition(".")
        if epoch != self.epoch or int(number) > self.books.sequence:
            raise GoneError
        changes = sorted(self.changes_after(int(number), view), key=lambda one: one.revision)
        page = tuple(changes[: self.page])
        has_more = len(changes) > self.page
        if has_more:
            return FeedPage(page, self.cursor_at(page[-1].revision), more=True)
        left = self.holds(after := view.without(closing))
        closed = tuple(key for key in self.holds(view) if key not in left) if view != after else None
        checksum = sum((checksum_of(*key, revision) for key, revision in left.items()), Checksum())
        return FeedPage(page, self.cursor_at(self.books.sequence), more=False, checksum=checksum, closed=closed)

    def changes_after(self, number: int, view: View) -> Iterator[Change]:
        """What is in view and changed since, and what has left the view."""
        for entity, one in self.books.documents.items():
            if one.revision > number and view.covers(entity, one):
                yield _change(entity, one)
        left: dict[Entity, int] = {}
        for revision, entity, was in self.books.departures:
            if revision > number and view.covers(entity, was) and not view.covers(entity, self.books.documents[entity]):
                left[entity] = revision
        yield from (Change(*entity, revision, None) for entity, revision in left.items())

    def cursor_at(self, number: int) -> str:
        """The cursor of a place in history."""
        return f"{self.epoch}.{number}"

    def holds(self, view: View) -> dict[Entity, int]:
        """Every living record in view with its revision."""
        return {(one.collection, one.id): one.revision for one in self._living(view)}

    def _living(self, view: View) -> Iterator[Change]:
        for entity, one in sorted(self.books.documents.items()):
            if one.body is not None and view.covers(entity, one):
                yield _change(entity, one)

    def _acknowledge(self, request: Request) -> None:
        """Up to there everything has ended at the desk, and its keys need not be kept."""
        books, device = self.books, request.device
        told = request.acknowledged
        if told.epoch in ("", self.epoch) and told.sequence > books.acknowledged.get(device, 0):
            books.acknowledged[device] = told.sequence
            ended = [slot for slot, (number, _) in books.keys.items() if slot[0] == device and number <= told.sequence]
            for slot in ended:
                del books.keys[slot]

    def _done(self, request: Request, person: Person, entity: Entity, body: Mapping[str, Any]) -> Reply:
        held = self.books.documents.get(entity)
        was = (held.body if held else None) or {}
        revision = self.put(entity, body, held.territory if held else person.territory)
        done = Done(
            request.key,
            person.name,
            request.author or person.name,
            request.device,
            request.sequence,
            entity,
            revision,
            was,
            body,
        )
        self.books.done.append(done)
        self._on_done(done)
        return Reply(200, entity[1], revision, body, self.epoch)

    def _check(self, token: str) -> None:
        if token not in self.people:
            raise UnauthorizedError


def _change(entity: Entity, document: Document) -> Change:
    return Change(*entity, document.revision, None if document.body is None else json.dumps(document.body))
