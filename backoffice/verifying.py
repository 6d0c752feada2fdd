"""Checks that a database fits together: rows match bodies, revisions the sequence, keys their effects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import and_, func, or_, select

from backoffice import schema
from backoffice.attributes import Row
from backoffice.documents import StoredDocument
from backoffice.reading import Reader
from backoffice.resources import RESOURCES
from backoffice.store import Store
from backoffice.writing import attribute_rows

_PAGE = 2000
_document = schema.document.c
_attribute = schema.attribute.c
_command = schema.command.c


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check counted and found wrong; problems name collections and ids, never contents."""

    documents: int
    tombstones: int
    sequence: int
    problems: tuple[str, ...]


class Tally:
    """Tells two collections of attribute rows apart without keeping either: per attribute, how many and their sum."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._sums: Counter[tuple[str, str]] = Counter()

    def add(self, rows: Iterable[Row]) -> None:
        """Count these rows in."""
        for row in rows:
            self._counts[row[:2]] += 1
            self._sums[row[:2]] += hash(row)

    def differing(self, other: Tally) -> list[str]:
        """The attributes whose rows are not the same."""
        names = sorted({*self._counts, *other._counts})
        mine = (self._counts, self._sums)
        theirs = (other._counts, other._sums)
        return [".".join(name) for name in names if [c[name] for c in mine] != [c[name] for c in theirs]]


def verified(store: Store) -> Verification:
    """Check everything at one instant."""
    with store.reading() as reader:
        living, sequence = reader.count(), reader.position().sequence
        every = reader.connection.scalars(select(func.count()).select_from(schema.document)).one()
        expected = Tally()
        problems = [*_wrong_documents(reader, expected), *_wrong_revisions(reader, sequence)]
        problems += [f"{name}: the filter rows do not match the bodies" for name in expected.differing(_kept(reader))]
        problems += _wrong_commands(reader)
    return Verification(living, every - living, sequence, tuple(problems))


def _wrong_documents(reader: Reader, expected: Tally) -> Iterator[str]:
    last = 0
    while page := reader.changes_after(last, _PAGE):
        for document in page:
            if problem := _wrong(document):
                yield f"{document.collection}/{document.id}: {problem}"
            else:
                expected.add(attribute_rows(document))
        last = page[-1].revision


def _wrong(document: StoredDocument) -> str:
    if document.collection not in RESOURCES:
        return "the collection is unknown"
    try:
        body = document.body
    except msgspec.DecodeError:
        return "the body is not a JSON object"
    return "the body has another id" if document.text is not None and body.get("id") != document.id else ""


def _wrong_revisions(reader: Reader, sequence: int) -> Iterator[str]:
    numbers = select(func.count(), func.count(_document.revision.distinct()), func.max(_document.revision))
    every, distinct, highest = reader.connection.execute(numbers).one()
    if every != distinct:
        yield f"{every - distinct} revisions were given out twice"
    if (highest or 0) > sequence:
        yield f"revision {highest} is beyond the sequence {sequence}"
    halves = or_(
        and_(_document.deleted.is_(True), _document.body.is_not(None)),
        and_(_document.deleted.is_(False), _document.body.is_(None)),
    )
    for row in reader.connection.execute(select(_document.collection, _document.id).where(halves)):
        yield f"{row.collection}/{row.id}: half deleted"


def _kept(reader: Reader) -> Tally:
    kept = Tally()
    columns = select(_attribute.collection, _attribute.name, _attribute.value, _attribute.id)
    for row in reader.connection.execute(columns):
        kept.add([(row.collection, row.name, row.value, row.id)])
    return kept


def _wrong_commands(reader: Reader) -> list[str]:
    """Keys whose effect is not there: the resource is missing, or older than the key says."""
    same = and_(_document.collection == _command.collection, _document.id == _command.id)
    joined = select(_command.key).join_from(schema.command, schema.document, same, isouter=True)
    torn = joined.where(or_(_document.revision.is_(None), _document.revision < _command.revision))
    return [f"key {key}: its effect is missing" for key in reader.connection.scalars(torn)]
