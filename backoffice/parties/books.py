"""The books of merges: what was merged by whom, and everything that undoes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, and_, exists, insert, or_, select, update

from backoffice import schema
from backoffice.documents import Body, to_json
from backoffice.parties.references import Key, Turn
from backoffice.reading import Reader
from backoffice.scopes import Scope, read
from backoffice.writing import Transaction

_merge = schema.party_merge.c
_turn = schema.party_turn.c


class Mark(msgspec.Struct, frozen=True):
    """A record that was put to rest: who it went into, and what its mark replaced."""

    collection: str
    id: str
    survivor: str
    before: Body

    @property
    def key(self) -> Key:
        """The record."""
        return self.collection, self.id


@dataclass(frozen=True, slots=True)
class Merge:
    """One entry; the first of its marks is the record that was asked for, others went along."""

    id: str
    collection: str
    keep: str
    merged: str
    staff: str
    at: str
    undone: str | None
    territory: str
    marks: tuple[Mark, ...]
    documents: int

    def told(self) -> Body:
        """The entry as it is answered."""
        along = [{"collection": one.collection, "keep": one.survivor, "merge": one.id} for one in self.marks[1:]]
        return {
            "id": self.id, "href": f"/desk/v1/parties/merges/{self.id}", "collection": self.collection,
            "keep": self.keep, "merge": self.merged, "along": along, "by": self.staff, "mergedAt": self.at,
            "unmergedAt": self.undone, "documents": self.documents,
        }  # fmt: skip

    def is_within(self, scope: Scope) -> bool:
        """Whether all that it touched lay in the scope."""
        return not scope.party and (scope.territories is None or read(self.territory) <= scope.territories)


def enter(transaction: Transaction, merge: Merge, turns: Iterable[tuple[int, list[Turn]]]) -> None:
    """Keep a merge, with the references that it turned by the row of their document."""
    values = {name: getattr(merge, name) for name in schema.party_merge.columns.keys()}  # noqa: SIM118 - no mapping
    values["marks"] = to_json(merge.marks)
    transaction.connection.execute(insert(schema.party_merge).values(values))
    rows = [{"merge": merge.id, "row": row, "turns": to_json(one)} for row, one in turns]
    if rows:
        transaction.connection.execute(insert(schema.party_turn), rows)


def entry(reader: Reader, merge_id: str) -> Merge | None:
    """The entry, whoever may see it."""
    row = reader.connection.execute(select(schema.party_merge).where(_merge.id == merge_id)).one_or_none()
    return None if row is None else _read(row)


def entries(reader: Reader, after: str, limit: int) -> list[Merge]:
    """Up to `limit` entries in the scope, the oldest first; an id is also the place after which to go on."""
    page = select(schema.party_merge).where(_merge.id > after).order_by(_merge.id)
    found = (_read(row) for row in reader.connection.execute(page))
    within = (one for one in found if one.is_within(reader.scope))
    return [one for _, one in zip(range(limit), within, strict=False)]


def is_merged(reader: Reader, keys: Iterable[Key]) -> bool:
    """Whether one of these is merged into another now."""
    any_of = or_(*(and_(_merge.collection == collection, _merge.merged == one) for collection, one in keys))
    return bool(reader.connection.scalar(select(exists().where(any_of, _merge.undone.is_(None)))))


def turns_of(reader: Reader, merge_id: str) -> Iterator[tuple[int, list[Turn]]]:
    """What the merge turned, by the row of the document in which it stands."""
    mine = select(_turn.row, _turn.turns).where(_turn.merge == merge_id).order_by(_turn.row)
    for row in reader.connection.execute(mine):
        yield row.row, msgspec.json.decode(row.turns, type=list[Turn])


def undo(transaction: Transaction, merge_id: str, at: str) -> None:
    """Note that the two are two again."""
    mine = update(schema.party_merge).where(_merge.id == merge_id)
    transaction.connection.execute(mine.values(undone=at))


def _read(row: Row[Any]) -> Merge:
    marks = msgspec.json.decode(row.marks, type=tuple[Mark, ...])
    return Merge(**{**row._mapping, "marks": marks})
