"""The part of the store that importing and generating need."""

from __future__ import annotations

from typing import Protocol

from backoffice.bulk import Tell
from backoffice.documents import Document
from backoffice.store import LoadCount


class Loads(Protocol):
    """Takes documents in bulk."""

    def load(self, documents: list[Document], tell: Tell | None = None, /) -> LoadCount:
        """Write the documents in one transaction; `tell` hears of those that are not written, and why."""
        ...
