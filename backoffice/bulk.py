"""Loads many documents in one transaction; what is already there in the same words keeps its revision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from backoffice.documents import Document, StoredDocument, from_json, to_json
from backoffice.reading import Key
from backoffice.resources import RESOURCES
from backoffice.writing import Transaction

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class LoadCount:
    """How many documents a load found to be new, to differ, and to be there already."""

    inserted: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: LoadCount) -> LoadCount:
        return LoadCount(self.inserted + other.inserted, self.changed + other.changed, self.unchanged + other.unchanged)


def load(transaction: Transaction, documents: Iterable[Document]) -> LoadCount:
    """Write every document that is new or differs. Raises KeyError for an unknown collection."""
    count = LoadCount()
    remaining = iter(documents)
    while batch := list(islice(remaining, _BATCH)):
        count += _load_batch(transaction, batch)
    return count


def _load_batch(transaction: Transaction, batch: list[Document]) -> LoadCount:
    wanted = {(document.collection, document.id): complete(document) for document in batch}
    there = _there(transaction, wanted)
    differing = [key for key, body in wanted.items() if key not in there or _differs(there[key], body)]
    for key in differing:
        transaction.put(*key, wanted[key])
    transaction.flush()
    inserted = sum(1 for key in differing if key not in there or there[key].text is None)
    return LoadCount(inserted, len(differing) - inserted, len(wanted) - len(differing))


def complete(document: Document) -> dict[str, object]:
    """The body as it is stored, with its id and its address."""
    href = RESOURCES[document.collection].href(document.id, document.body)
    return {**document.body, "id": document.id, "href": href}


def _there(transaction: Transaction, wanted: Iterable[Key]) -> dict[Key, StoredDocument]:
    ids_by_collection: dict[str, list[str]] = defaultdict(list)
    for collection, document_id in wanted:
        ids_by_collection[collection].append(document_id)
    found: dict[Key, StoredDocument] = {}
    for collection, ids in ids_by_collection.items():
        for document in transaction.get_many(collection, ids):
            found[collection, document.id] = document
    return found


def _differs(before: StoredDocument, body: dict[str, object]) -> bool:
    text = to_json(body)
    return before.text != text and (before.text is None or from_json(before.text) != from_json(text))
