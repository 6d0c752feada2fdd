"""Runs imports on real databases and shows what they left behind."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backoffice.documents import StoredDocument
from backoffice.importing.contacts import ContactMaker
from backoffice.importing.importer import ImportCount, Importer, open_sources
from backoffice.importing.made_up import Attachment, MadeUp
from backoffice.importing.report import Report
from backoffice.scopes import EVERYTHING
from backoffice.store import Store

Body = dict[str, Any]


@dataclass(frozen=True)
class Imported:
    """What one import counted, reported and left in the database."""

    count: ImportCount
    findings: list[dict[str, str]]
    bodies: dict[tuple[str, str], Body]

    def body(self, collection: str, resource_id: str) -> Body:
        """One resource as the database holds it."""
        return self.bodies[collection, resource_id]

    def reasons(self, kind: str) -> list[tuple[str, int, str]]:
        """Field, line and reason of every finding of a kind."""
        return [(f["field"], int(f["line"]), f["reason"]) for f in self.findings if f["kind"] == kind]

    def counted(self, section: str) -> dict[str, int]:
        """What became of the rows of a section."""
        return self.count.sections[section].as_json()

    def ids(self, collection: str) -> list[str]:
        """The ids of a collection, sorted."""
        return sorted(key for held, key in self.bodies if held == collection)


def run_import(
    folder: Path,
    database: Path | str,
    contacts_seed: int | None = None,
    attach_seed: int | None = None,
    report: Path | None = None,
    *,
    is_large: bool = False,
) -> Imported:
    """Import a folder into a path or URL, as the command does; of a large one the bodies are left where they are."""
    report = report or Path(database).with_suffix(".csv")
    made_up = MadeUp(
        None if contacts_seed is None else ContactMaker(contacts_seed),
        None if attach_seed is None else Attachment(attach_seed),
    )
    with (
        open_sources(folder, made_up) as sources,
        closing(Store.open(str(database))) as store,
        Report(report) as findings,
    ):
        count = Importer(store, findings, lambda _: None).run(sources)
    with report.open(encoding="utf-8", newline="") as stream:
        return Imported(count, list(csv.DictReader(stream)), {} if is_large else dump(database))


def dump(database: Path | str) -> dict[tuple[str, str], Body]:
    """Every document of a database."""
    with closing(Store.open(str(database))) as store, store.reading(EVERYTHING) as reader:
        return {(stored.collection, stored.id): stored.body for stored in reader.page_after(("", ""), 1_000_000)}


def every(database: Path | str) -> Iterator[StoredDocument]:
    """Every document of a database, page by page."""
    with closing(Store.open(str(database))) as store, store.reading(EVERYTHING) as reader:
        place = ("", "")
        while page := reader.page_after(place, 2_000):
            yield from page
            place = (page[-1].collection, page[-1].id)


def digests(database: Path | str) -> dict[tuple[str, str], int]:
    """What tells whether two large databases hold the same."""
    return {(one.collection, one.id): hash(one.text) for one in every(database)}
