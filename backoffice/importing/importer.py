"""Runs an import: reads a folder section by section as streams, loads what it gives in batches, accounts for every row.

Every document's id follows from the source's key: a second run finds everything in place, and a run after a kill at any
point ends where an uninterrupted one would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from backoffice.documents import Document
from backoffice.importing.account import Account
from backoffice.importing.loading import Loads
from backoffice.importing.made_up import MadeUp
from backoffice.importing.report import Counts, Report
from backoffice.importing.sections import ALARMS, Section, openings
from backoffice.importing.table import FileUnusableError
from backoffice.store import LoadCount

BATCH: Final = 1_000  # documents
NOTHING: Final = MadeUp()


@dataclass(slots=True)
class ImportCount:
    """What an import did, section by section."""

    sections: dict[str, Counts] = field(default_factory=dict)
    documents: LoadCount = field(default_factory=LoadCount)


@dataclass(frozen=True, slots=True)
class Sources:
    """The open sections of an import folder."""

    sections: tuple[tuple[str, Section], ...]

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum(section.size for _, section in self.sections)


@contextmanager
def open_sources(
    folder: Path | None, made_up: MadeUp = NOTHING, named: Mapping[str, Path] | None = None
) -> Iterator[Sources]:
    """Open what the folder holds, and what is named. Raises FileUnusableError if a file is missing or not what it should be."""
    found = openings(folder, made_up, named or {})
    if made_up.attachment and ALARMS not in [one.name for one in found]:
        raise FileUnusableError("There are no alarms, so no devices that customers could be attached to.")
    with ExitStack() as stack:
        yield Sources(tuple((one.name, stack.enter_context(one.open(one.place))) for one in found))


class Importer:
    """Imports one folder. `progress` is called with the number of bytes read since its last call."""

    def __init__(self, store: Loads, report: Report, progress: Callable[[int], object]) -> None:
        self._store = store
        self._report = report
        self._progress = progress
        self._batch: list[Document] = []
        self.count = ImportCount()

    def run(self, sources: Sources) -> ImportCount:
        """Read everything."""
        for name, section in sources.sections:
            counts = self.count.sections[name] = Counts()
            for document in section.documents(Account(self._report, counts, self._progress)):
                self._batch.append(document)
                if len(self._batch) >= BATCH:
                    self._flush()
        self._flush()
        return self.count

    def _flush(self) -> None:
        if self._batch:
            self.count.documents += self._store.load(self._batch, self._report.not_loaded)
            self._batch = []
