"""Demonstration operators in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from backoffice.bulk import Tell
from backoffice.documents import Document, to_json
from backoffice.generating.operator import generate
from backoffice.store import LoadCount

NOW: Final = datetime(2026, 3, 2, tzinfo=UTC)
Body = dict[str, Any]


class CollectingStore:
    """Keeps what it is given in the order in which it comes."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.largest_batch = 0

    def load(self, documents: list[Document], _tell: Tell | None = None) -> LoadCount:
        """Keep them."""
        self.documents += documents
        self.largest_batch = max(self.largest_batch, len(documents))
        return LoadCount(inserted=len(documents))


class Operator:
    """What one run of the generator made."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents

    def bodies(self, collection: str) -> list[Body]:
        """Every resource of a collection, in order."""
        return [document.body for document in self.documents if document.collection == collection]

    def people(self) -> list[Body]:
        """The persons who are customers."""
        return [body for body in self.bodies("individual") if body["id"].startswith("I-")]

    def by_id(self, collection: str) -> dict[str, Body]:
        """Every resource of a collection under its id."""
        return {document.id: document.body for document in self.documents if document.collection == collection}

    def lines(self) -> list[str]:
        """Every document as the bytes would be."""
        return [f"{document.collection}/{document.id} {to_json(document.body)}" for document in self.documents]


@cache
def operator(customers: int, seed: int = 1, now: datetime = NOW) -> Operator:
    """An operator of that size."""
    store = CollectingStore()
    generate(store, customers, seed, now=now)
    return Operator(store.documents)


def mark(body: Body, name: str, attribute: str = "characteristic") -> Any:
    """The value of a characteristic, None if there is none."""
    return next((member["value"] for member in body[attribute] if member["name"] == name), None)


def phones_of(customer: Body) -> list[str]:
    """A customer's telephone numbers."""
    media = [medium for medium in customer["contactMedium"] if medium["mediumType"] == "phone"]
    return [medium["characteristic"]["phoneNumber"] for medium in media]
