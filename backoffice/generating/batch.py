"""Collects the documents that moulds make, with all that stands beside them in the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Final

import msgspec

from app.rules.checksums import MODULUS, Checksum, digest
from backoffice.attributes import written
from backoffice.documents import Document, from_json
from backoffice.filling import DocumentRow, IndexRow, Rows
from backoffice.generating.moulds import Column, Facts, Mould
from backoffice.resources import Holds
from backoffice.scopes import COMMON, INDEX
from backoffice.sums import Part

_encode: Final = msgspec.json.Encoder().encode
ByRow = dict[int, str]
_REWRITTEN: Final = (Holds.NUMBER, Holds.PHONE)  # other columns keep values as generated documents have them


class Batch:
    """Documents in the order in which they are made; the first has the revision `first`."""

    def __init__(self, first: int) -> None:
        self._row = first - 1
        self._documents: list[DocumentRow] = []
        self._uses: dict[Mould, tuple[list[int], list[tuple[str, ...]]]] = defaultdict(lambda: ([], []))
        self._index: list[IndexRow] = []

    def add(self, mould: Mould, facts: Facts) -> None:
        """Make one document; `facts` fill its holes, and `territory` is where its customer is served."""
        self._row = row = self._row + 1
        held = mould.held(facts)
        rows, held_by_each = self._uses[mould]
        rows.append(row)
        held_by_each.append(held)
        territory = facts["territory"] if mould.is_owned else COMMON
        self._documents.append((row, mould.collection, held[0], territory, mould.pour(facts)))

    def index(self, facts: Facts, text: str) -> None:
        """Say this in the index of the customer whose last source was made just now."""
        self._index.append((facts["customer"], self._row, facts["territory"], text))

    def documents(self) -> Iterator[Document]:
        """The documents alone."""
        return (Document(collection, name, from_json(body)) for _, collection, name, _, body in self._documents)

    def rows(self) -> Rows:
        """Everything, ready for the tables."""
        columns = _Columns()
        for mould, (rows, held_by_each) in self._uses.items():
            columns.take(mould, rows, held_by_each)
        return Rows(
            self._row,
            self._documents,
            [(*column, _json(sorted(rows))) for column, rows in sorted(columns.same.items())],
            [(*column[:2], _json(held)) for column, held in sorted(columns.various.items())],
            [_json(held) for held in columns.owners.values()],
            self._index,
            _sums(
                [
                    *map(itemgetter(0, 1, 2, 3), self._documents),
                    *((row[1], INDEX, row[0], row[2]) for row in self._index),
                ]
            ),
        )


class _Columns:
    """What documents have in common, by column."""

    def __init__(self) -> None:
        self.same: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        self.various: dict[Column, ByRow] = defaultdict(dict)
        self.owners: dict[tuple[str, int], ByRow] = defaultdict(dict)

    def take(self, mould: Mould, rows: list[int], held_by_each: list[tuple[str, ...]]) -> None:
        """Sort in the documents of one mould."""
        for kept in mould.same:
            self.same[kept] += rows
        of_each_hole = zip(*held_by_each, strict=True)
        next(of_each_hole)  # the ids
        for turn, ((kind, _), values) in enumerate(zip(mould.owners, of_each_hole, strict=False)):
            self.owners[kind, turn].update(zip(rows, map(kind.__add__, values), strict=True))
        for (column, holds, _), values in zip(mould.various, of_each_hole, strict=False):
            texts = [written(value, holds) for value in values] if holds in _REWRITTEN else values
            self.various[column].update(zip(rows, texts, strict=True))


def _sums(records: Iterable[tuple[int, str, str, str]]) -> dict[Part, Checksum]:
    totals: dict[Part, int] = defaultdict(int)
    counts: dict[Part, int] = defaultdict(int)
    for row, collection, document_id, territory in records:
        totals[territory, collection] += digest(collection, document_id, row)
        counts[territory, collection] += 1
    return {part: Checksum(counts[part], total % MODULUS) for part, total in totals.items()}


def _json(value: object) -> str:
    return _encode(value).decode()
