"""Runs an import: reads the three files as streams, loads what they give in batches, accounts for every row.

Every document's id follows from the source's key: a second run finds everything in place, and a run after a kill at any
point ends where an uninterrupted one would. A row of the customers is a row of the earlier file, joined with its
counterpart in the later one, or a row of the later one that was not joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from backoffice.documents import Document
from backoffice.importing import complaints, customers
from backoffice.importing.contacts import ContactMaker
from backoffice.importing.customer_documents import documents_of
from backoffice.importing.loading import Loads
from backoffice.importing.report import Counts, Finding, Kind, RefusedError, Report
from backoffice.importing.rows import Unreadable
from backoffice.importing.table import Row, Table
from backoffice.store import LoadCount

BATCH: Final = 1_000  # documents


@dataclass(slots=True)
class ImportCount:
    """What an import did."""

    customers: Counts = field(default_factory=Counts)
    complaints: Counts = field(default_factory=Counts)
    documents: LoadCount = field(default_factory=LoadCount)


@dataclass(frozen=True, slots=True)
class Sources:
    """The three open files of an import folder."""

    base: Table
    detail: Table
    complaints: Table

    @property
    def size(self) -> int:
        """Bytes to read."""
        return self.base.size + self.detail.size + self.complaints.size


@contextmanager
def open_sources(folder: Path) -> Iterator[Sources]:
    """Open the files of a folder. Raises FileUnusableError if one is missing or is not what it should be."""
    people = folder / "customers"
    with (
        Table(people / customers.BASE_FILE, customers.BASE_NEEDED) as base,
        Table(people / customers.DETAIL_FILE, customers.DETAIL_NEEDED) as detail,
        Table(folder / "complaints" / complaints.FILE, complaints.NEEDED) as tickets,
    ):
        yield Sources(base, detail, tickets)


class Importer:
    """Imports one folder. `progress` is called with the number of bytes read since its last call."""

    def __init__(
        self, store: Loads, report: Report, contacts: ContactMaker | None, progress: Callable[[int], object]
    ) -> None:
        self._store = store
        self._report = report
        self._contacts = contacts
        self._progress = progress
        self._batch: list[Document] = []
        self.count = ImportCount()

    def run(self, sources: Sources) -> ImportCount:
        """Read everything."""
        self._import_customers(sources.base, sources.detail)
        for row in self._rows(sources.complaints, complaints.ID, self.count.complaints):
            self._import_complaint(row)
        self._flush()
        for table in (sources.base, sources.detail, sources.complaints):
            self._report.absent(table.name, table.absent)
        return self.count

    def _import_customers(self, base: Table, detail: Table) -> None:
        details = {row[customers.ID]: row for row in self._rows(detail, customers.ID, self.count.customers)}
        for row in self._rows(base, customers.ID, self.count.customers):
            self._import_customer(row, details.pop(row[customers.ID], None))
        for left_over in details.values():
            self._import_customer(None, left_over)

    def _import_customer(self, base: Row | None, detail: Row | None) -> None:
        try:
            customer, findings = customers.read_customer(base, detail)
        except RefusedError as error:
            self._report.refused(self.count.customers, error.finding)
            return
        contact = self._contacts.contact_of(customer.id) if self._contacts else None
        self._add(documents_of(customer, contact))
        self._report.taken(self.count.customers, findings)

    def _import_complaint(self, row: Row) -> None:
        try:
            ticket, findings = complaints.read_complaint(row)
        except RefusedError as error:
            self._report.refused(self.count.complaints, error.finding)
            return
        self._add([ticket])
        self._report.taken(self.count.complaints, findings)

    def _rows(self, table: Table, key: str, counts: Counts) -> Iterator[Row]:
        """The first readable row under each key; the others are accounted for here."""
        seen: dict[str, int] = {}
        consumed = 0
        for row in table:
            self._progress(table.consumed - consumed)
            consumed = table.consumed
            if isinstance(row, Unreadable):
                self._report.refused(counts, Finding(table.name, row.line, "", row.text, row.reason, Kind.REFUSED))
            elif not row[key]:
                self._report.refused(counts, _about(row, key, "no id", Kind.REFUSED))
            elif row[key] not in seen:
                seen[row[key]] = hash(row.cells)
                yield row
            elif seen[row[key]] == hash(row.cells):
                self._report.taken(counts, [_about(row, key, "repeated", Kind.NOTED)])
            else:
                self._report.refused(counts, _about(row, key, "an earlier row has this id", Kind.REFUSED))

    def _add(self, documents: list[Document]) -> None:
        self._batch += documents
        if len(self._batch) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._batch:
            self.count.documents += self._store.load(self._batch)
            self._batch = []


def _about(row: Row, key: str, reason: str, kind: Kind) -> Finding:
    return Finding(row.file, row.line, key, row[key], reason, kind)
