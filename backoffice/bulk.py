"""Loads many documents in one transaction; what is already there in the same words keeps its revision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import bindparam, insert, update

from backoffice import schema
from backoffice.attributes import Row
from backoffice.documents import Document, StoredDocument, from_json, to_json
from backoffice.resources import RESOURCES
from backoffice.writing import Transaction, attribute_rows, change_rows

_BATCH = 2000
_Key = tuple[str, str]
_document = schema.document.c
_insert = insert(schema.document)
_update = (
    update(schema.document)
    .where(_document.collection == bindparam("at_collection"), _document.id == bindparam("at_id"))
    .values(revision=bindparam("revision"), body=bindparam("body"), deleted=False)
)


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
    wanted = {(document.collection, document.id): _text(document) for document in batch}
    there = _there(transaction, wanted)
    differing = [key for key, text in wanted.items() if key not in there or _differs(there[key], text)]
    first = transaction.take_revisions(len(differing)) if differing else 0
    after = [StoredDocument(*key, first + step, wanted[key]) for step, key in enumerate(differing)]
    _write(transaction, after, there)
    inserted = sum(1 for key in differing if key not in there or there[key].text is None)
    return LoadCount(inserted, len(differing) - inserted, len(wanted) - len(differing))


def _text(document: Document) -> str:
    href = RESOURCES[document.collection].href(document.id)
    return to_json({**document.body, "id": document.id, "href": href})


def _there(transaction: Transaction, wanted: Iterable[_Key]) -> dict[_Key, StoredDocument]:
    ids_by_collection: dict[str, list[str]] = defaultdict(list)
    for collection, document_id in wanted:
        ids_by_collection[collection].append(document_id)
    found: dict[_Key, StoredDocument] = {}
    for collection, ids in ids_by_collection.items():
        for document in transaction.get_many(collection, ids):
            found[collection, document.id] = document
    return found


def _differs(before: StoredDocument, text: str) -> bool:
    return before.text != text and (before.text is None or from_json(before.text) != from_json(text))


def _write(transaction: Transaction, after: list[StoredDocument], there: dict[_Key, StoredDocument]) -> None:
    gone: set[Row] = set()
    rows: set[Row] = set()
    inserts: list[dict[str, object]] = []
    updates: list[dict[str, object]] = []
    for document in after:
        rows |= attribute_rows(document)
        before = there.get((document.collection, document.id))
        if before is None:
            inserts.append(_parameters(document, ""))
        else:
            updates.append(_parameters(document, "at_"))
            gone |= attribute_rows(before)
    for statement, parameters in ((_insert, inserts), (_update, updates)):
        if parameters:
            transaction.connection.execute(statement, parameters)
    change_rows(transaction.connection, gone=gone - rows, new=rows - gone)


def _parameters(document: StoredDocument, key_prefix: str) -> dict[str, object]:
    key = {f"{key_prefix}collection": document.collection, f"{key_prefix}id": document.id}
    return {**key, "revision": document.revision, "body": document.text, "deleted": False}
