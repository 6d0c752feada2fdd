"""Loads many documents in one transaction; what is already there in the same words keeps its revision.

What somebody else than a load changed or deleted last stays as it is: the audit trail tells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from itertools import islice

from backoffice.auditing import loaded
from backoffice.documents import Document, StoredDocument, from_json, to_json
from backoffice.errors import RefusedError
from backoffice.limits import refuse_unfit
from backoffice.reading import Key
from backoffice.resources import RESOURCES
from backoffice.writing import Transaction

_BATCH = 2000
_KEPT = "left as it is: it was changed or deleted here since it was brought"
Tell = Callable[[Document, str], object]  # hears of a document that is not written, and why


@dataclass(frozen=True, slots=True)
class LoadCount:
    """How many documents a load found to be new, to differ, to be there already, to be more than desks take, and to be kept
    as somebody changed or deleted them meanwhile.
    """

    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    kept: int = 0

    def __add__(self, other: LoadCount) -> LoadCount:
        sums = (getattr(self, one.name) + getattr(other, one.name) for one in fields(self))
        return LoadCount(*sums)


def load(transaction: Transaction, documents: Iterable[Document], tell: Tell) -> LoadCount:
    """Write every document that is new or differs. Raises KeyError for an unknown collection."""
    count = LoadCount()
    remaining = iter(documents)
    while batch := list(islice(remaining, _BATCH)):
        fitting = [one for one in batch if _fits(one, tell)]
        count += _load_batch(transaction, fitting, tell) + LoadCount(refused=len(batch) - len(fitting))
    return count


def _fits(document: Document, tell: Tell) -> bool:
    try:
        body = complete(document)
        refuse_unfit(document.collection, to_json(body), body)
    except RefusedError as error:
        tell(document, error.reason)
        return False
    return True


def _load_batch(transaction: Transaction, batch: list[Document], tell: Tell) -> LoadCount:
    wanted = {(document.collection, document.id): complete(document) for document in batch}
    there = _there(transaction, wanted)
    differing = [key for key, body in wanted.items() if key not in there or _differs(there[key], body)]
    kept = _changed_here(transaction, [key for key in differing if key in there])
    for key in kept:
        tell(Document(*key, wanted[key]), _KEPT)
    puts = [key for key in differing if key not in kept]
    for key in puts:
        transaction.put(*key, wanted[key])
    transaction.flush()
    inserted = sum(1 for key in puts if key not in there or there[key].text is None)
    return LoadCount(inserted, len(puts) - inserted, len(wanted) - len(differing), kept=len(kept))


def _changed_here(transaction: Transaction, keys: Iterable[Key]) -> list[Key]:
    """What was last written by others than loads; from here on they wait for this one."""
    revisions = {key: held.revision for key in keys if (held := transaction.get(*key))}
    from_loads = loaded(transaction.connection, set(revisions.values()))
    return [key for key, revision in revisions.items() if revision not in from_loads]


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
