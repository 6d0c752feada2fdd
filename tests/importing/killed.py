"""An import that kills its own process with SIGKILL after some batches: `killed FOLDER DATABASE BATCHES`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from backoffice.bulk import Tell
from backoffice.documents import Document
from backoffice.importing.importer import Importer, open_sources
from backoffice.importing.report import Report
from backoffice.store import LoadCount, Store


class KillingStore:
    """Loads so many batches, then there is no more process."""

    def __init__(self, store: Store, batches: int) -> None:
        self._store = store
        self._left = batches

    def load(self, documents: list[Document], tell: Tell | None = None) -> LoadCount:
        """Load the batch, or die without having loaded it."""
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1
        return self._store.load(documents, tell)


if __name__ == "__main__":
    folder, database = Path(sys.argv[1]), Path(sys.argv[2])
    store = KillingStore(Store.open(str(database)), int(sys.argv[3]))
    with open_sources(folder) as sources, Report(database.with_suffix(".csv")) as report:
        Importer(store, report, lambda _: None).run(sources)
