"""The part of the store that importing and generating need."""

from __future__ import annotations

from typing import Protocol

from backoffice.documents import Document
from backoffice.store import LoadCount


class Loads(Protocol):
    """Takes documents in bulk."""

    def load(self, documents: list[Document]) -> LoadCount:
        """Write the documents in one transaction."""
        ...
