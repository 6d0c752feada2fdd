"""Checks that a database fits together: columns, owners, territories, index and checksums match bodies, keys their effects,
departures their documents, and the audit what was done."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, func, or_, select

from app.rules.checksums import MODULUS, Checksum, checksum_of
from backoffice import departing, schema
from backoffice.attributes import values_of
from backoffice.auditing import trail_of
from backoffice.documents import Body, StoredDocument
from backoffice.indexing import entries_of, kept_of, pages_of_customers
from backoffice.owning import place_of
from backoffice.reading import Key, Reader
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING, INDEX
from backoffice.store import Store
from backoffice.sums import Part
from backoffice.surroundings import Surroundings

_PAGE = 2000
_document = schema.document.c
_command = schema.command.c
_index = schema.customer_index.c
_REFUSED = 400


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check counted and found wrong; problems name collections and ids, never contents."""

    documents: int
    tombstones: int
    sequence: int
    problems: tuple[str, ...]
    audited: int
    audit_head: str


class Tally:
    """Tells two collections of rows apart without keeping either: per name, how many and the sum of their digests."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._sums: Counter[str] = Counter()

    def add(self, name: str, row: Iterable[object]) -> None:
        """Count a row in."""
        self._counts[name] += 1
        self._sums[name] += int.from_bytes(hashlib.blake2b(repr(tuple(row)).encode(), digest_size=8).digest())

    def differing(self, other: Tally) -> list[str]:
        """The names whose rows are not the same."""
        names = sorted({*self._counts, *other._counts})
        mine, theirs = (self._counts, self._sums), (other._counts, other._sums)
        return [name for name in names if [one[name] for one in mine] != [one[name] for one in theirs]]


def verified(store: Store) -> Verification:
    """Check everything at one instant."""
    with store.reading(EVERYTHING) as reader:
        living, sequence = reader.count(), reader.position().sequence
        every = reader.connection.scalars(select(func.count()).select_from(schema.document)).one()
        check = _Check(reader)
        problems = [*check.documents(), *_wrong_revisions(reader, sequence)]
        problems += check.rows()
        problems += check.index()
        problems += check.checksums()
        problems += [*_wrong_commands(reader), *_wrong_departures(reader), *_wrong_tokens(reader)]
        trail = trail_of(reader.connection)
    return Verification(living, every - living, sequence, (*problems, *trail.problems), trail.entries, trail.head)


class _Check:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._near = self._surroundings({})
        self._columns, self._owners = Tally(), Tally()
        self._sums: dict[Part, Checksum] = defaultdict(Checksum)

    def _surroundings(self, page: Mapping[Key, Body | None]) -> Surroundings:
        """Looks up at once what the page names."""
        return Surroundings(self._reader.connection, self._reader.columns, page)

    def documents(self) -> Iterator[str]:
        """Look at every document; what should be beside it is noted for `rows` and `checksums`."""
        last = 0
        while page := self._reader.changes_after(last, _PAGE):
            self._near = self._surroundings(dict(_readable(page)))
            for document in page:
                if problem := self._wrong(document):
                    yield f"{document.collection}/{document.id}: {problem}"
            last = page[-1].revision

    def rows(self) -> list[str]:
        """The columns and owners that are kept, against those that follow from the bodies."""
        columns, owners = Tally(), Tally()
        paths = {number: ".".join(key) for key, number in self._reader.columns.items()}
        for row in self._reader.connection.execute(select(schema.attribute)):
            columns.add(paths.get(row.declared, f"column {row.declared}"), (row.value, row.row))
        for row in self._reader.connection.execute(select(schema.belongs)):
            owners.add("owners", (row.owner, row.row))
        return [
            *(f"{name}: the filter rows do not match the bodies" for name in self._columns.differing(columns)),
            *(f"{name}: they do not match the bodies" for name in self._owners.differing(owners)),
        ]

    def index(self) -> Iterator[str]:
        """The entries of the index that are kept, against those that follow from the bodies."""
        connection, sound = self._reader.connection, 0
        for page in pages_of_customers(connection):
            kept = kept_of(connection, list(page))
            for customer, (revision, territory, text) in kept.items():
                if text is not None:
                    sound += 1
                    self._sums[territory, INDEX] += checksum_of(INDEX, customer, revision)
            wanted = entries_of(connection, list(page))
            told = {customer: (territory, text) for customer, (_, territory, text) in kept.items() if text is not None}
            yield from (
                f"{INDEX}/{one}: it does not match the bodies" for one in page if told.get(one) != wanted.get(one)
            )
        living = select(func.count()).select_from(schema.customer_index).where(_index.body.is_not(None))
        if lost := connection.scalars(living).one() - sound:
            yield f"{INDEX}: {lost} entries are of nobody"

    def checksums(self) -> list[str]:
        """The checksums that are kept, against those that follow from the documents."""
        rows = self._reader.connection.execute(select(schema.checksum))
        kept = {(row.territory, row.collection): Checksum(row.records, row.total % MODULUS) for row in rows}
        told, wanted = ({k: v for k, v in sums.items() if v != Checksum()} for sums in (kept, self._sums))
        return [] if told == wanted else ["the checksums do not match"]

    def _wrong(self, document: StoredDocument) -> str:
        if document.collection not in RESOURCES:
            return "the collection is unknown"
        if document.text is None:
            return ""
        try:
            body = document.body
        except msgspec.DecodeError:
            return "the body is not a JSON object"
        if body.get("id") != document.id:
            return "the body has another id"
        for path, value in values_of(body, RESOURCES[document.collection].filters):
            self._columns.add(f"{document.collection}.{path}", (value, document.row))
        place = place_of(document.collection, document.id, body, self._near)
        for owner in place.owners:
            self._owners.add("owners", (owner, document.row))
        one = checksum_of(document.collection, document.id, document.revision)
        self._sums[document.territory, document.collection] += one
        return "" if place.territory == document.territory else "the territory is another"


def _readable(page: Iterable[StoredDocument]) -> Iterator[tuple[tuple[str, str], Body | None]]:
    for document in page:
        if document.collection in RESOURCES:
            with suppress(msgspec.DecodeError):
                yield (document.collection, document.id), document.body if document.text is not None else None


def _wrong_revisions(reader: Reader, sequence: int) -> Iterator[str]:
    numbers = select(func.count(), func.count(_document.revision.distinct()), func.max(_document.revision))
    every, distinct, highest = reader.connection.execute(numbers).one()
    if every != distinct:
        yield f"{every - distinct} revisions were given out twice"
    departed = reader.connection.scalar(select(func.max(schema.departure.c.revision))) or 0
    indexed = reader.connection.scalar(select(func.max(_index.revision))) or 0
    for what, number in (("revision", highest or 0), ("departure", departed), ("index", indexed)):
        if number > sequence:
            yield f"{what} {number} is beyond the sequence {sequence}"
    early = select(_document.collection, _document.id).where(_document.revision < _document.row)
    for row in reader.connection.execute(early):
        yield f"{row.collection}/{row.id}: older than itself"
    halves = or_(
        and_(_document.deleted.is_(True), _document.body.is_not(None)),
        and_(_document.deleted.is_(False), _document.body.is_(None)),
    )
    for row in reader.connection.execute(select(_document.collection, _document.id).where(halves)):
        yield f"{row.collection}/{row.id}: half deleted"


def _wrong_commands(reader: Reader) -> Iterator[str]:
    """Keys whose effect is not there: the resource is missing, or older than the key says. Also keys that ought not to be."""
    same = and_(_document.collection == _command.collection, _document.id == _command.id)
    joined = select(_command.key).join_from(schema.command, schema.document, same, isouter=True)
    torn = joined.where(or_(_document.revision.is_(None), _document.revision < _command.revision))
    yield from (f"key {key}: its effect is missing" for key in reader.connection.scalars(torn))
    refusals = select(_command.key).where(_command.status >= _REFUSED)
    yield from (f"key {key}: a refusal is kept under it" for key in reader.connection.scalars(refusals))
    acknowledged = and_(schema.device.c.id == _command.device, schema.device.c.acknowledged >= _command.sequence)
    ended = select(_command.key).join_from(schema.command, schema.device, acknowledged)
    yield from (f"key {key}: its desk has done with it" for key in reader.connection.scalars(ended))


def _wrong_departures(reader: Reader) -> Iterator[str]:
    """What the feed would tell of somebody's leaving although there is no such document, or it has not changed since."""
    departure = schema.departure.c
    joined = select(departure.revision).join_from(
        schema.departure, schema.document, departure.row == _document.row, isouter=True
    )
    torn = joined.where(or_(_document.revision.is_(None), _document.revision < departure.revision))
    yield from (f"departure {revision}: nothing left then" for revision in reader.connection.scalars(torn))
    yield from _wrong_departed(reader.connection)


def _wrong_departed(connection: Connection) -> Iterator[str]:
    """Departures that are not noted under the customers whom they name."""
    named, noted = Tally(), Tally()
    for page in departing.pages(connection):
        for one in page:
            named.add("departed owners", (one["owner"], one["revision"], one["row"]))
    for row in connection.execute(select(schema.departed_owner)):
        noted.add("departed owners", (row.owner, row.revision, row.row))
    yield from (f"{name}: they do not match the departures" for name in named.differing(noted))


def _wrong_tokens(reader: Reader) -> Iterator[str]:
    token, staff = schema.token.c, schema.staff.c
    joined = select(func.count()).select_from(schema.token.outerjoin(schema.staff, token.staff == staff.id))
    if lost := reader.connection.scalars(joined.where(staff.id.is_(None))).one():
        yield f"{lost} tokens belong to nobody"
