"""Sample payloads: a folder of JSON files, each one resource of the collection that its name ends with.

`enterprise_mpls_gold_offering.json` is a product offering, `TMF651__Agreement.example.json` an agreement. A payload keeps
its id behind `sample-`, so that none is taken for a resource of the operator's own; one without an id gets it from its
file's name. A payload is checked like a request, mended where that is small. A row is a payload, or a file that holds none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from backoffice.documents import Document
from backoffice.errors import BadRequestError
from backoffice.ids import may_name
from backoffice.importing.account import Account
from backoffice.importing.customer_documents import AS_OF_WIRE
from backoffice.importing.mending import UnmendableError, mended
from backoffice.importing.report import Finding, Kind
from backoffice.importing.table import FileUnusableError
from backoffice.lifecycle import brought
from backoffice.limits import is_too_deep
from backoffice.resources import RESOURCES

PREFIX: Final = "sample-"
_MOST_BYTES: Final = 500_000
_ENDINGS: Final = {
    "catalog": "catalog",
    "category": "category",
    "offering": "productOffering",
    "productoffering": "productOffering",
    "price": "productOfferingPrice",
    "productofferingprice": "productOfferingPrice",
    "spec": "productSpecification",
    "productspecification": "productSpecification",
}
_STANDARD: Final = re.compile(r"TMF\d+__(?P<name>[A-Za-z]+)")
_NEVER: Final = "hub"  # nobody's systems are called because a sample says so
_BY_NAME: Final = {collection.casefold(): collection for collection in RESOURCES if collection != _NEVER}


class PayloadFolder:
    """Every JSON file below a folder, in the order of their names."""

    def __init__(self, folder: Path) -> None:
        self._files = sorted(folder.rglob("*.json"))
        self.size = sum(file.stat().st_size for file in self._files)

    def documents(self, account: Account) -> Iterator[Document]:
        """Every resource of every file."""
        seen: set[tuple[str, str]] = set()
        for file in self._files:
            account.read(file.stat().st_size)
            for collection, payload in _payloads(file, account):
                try:
                    found, notes = _read(collection, payload, file)
                    if (collection, found.id) in seen:
                        raise UnmendableError("id", "an earlier payload has this id")
                except UnmendableError as error:
                    account.refuse(file.name, 1, error.attribute, "", str(error))
                    continue
                seen.add((collection, found.id))
                account.took(*(Finding(file.name, 1, path, "", done, Kind.NOTED) for path, done in notes))
                yield found


@contextmanager
def opened(folder: Path) -> Iterator[PayloadFolder]:
    """Look at the folder. Raises FileUnusableError."""
    if not folder.is_dir():
        raise FileUnusableError(f"{folder}: a folder is needed")
    yield PayloadFolder(folder)


def collection_of(name: str) -> str:
    """The collection that a payload's file name speaks of, empty where it speaks of none that is kept here."""
    if standard := _STANDARD.match(name):
        return _BY_NAME.get(standard["name"].casefold(), "")
    return _ENDINGS.get(name.partition(".")[0].rpartition("_")[2].casefold(), "")


def _payloads(file: Path, account: Account) -> list[tuple[str, dict[str, Any]]]:
    """The collection and the body of each payload in a file; one that cannot be used at all is accounted for here."""
    collection = collection_of(file.name)
    if not collection:
        account.refuse(file.name, 1, "", "", "no collection of that name is kept here")
    elif file.stat().st_size > _MOST_BYTES:
        account.refuse(file.name, 1, "", "", f"larger than {_MOST_BYTES} bytes")
    else:
        try:
            content = msgspec.json.decode(file.read_bytes(), type=dict[str, Any] | list[dict[str, Any]])
            return [(collection, one) for one in (content if isinstance(content, list) else [content])]
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            account.refuse(file.name, 1, "", "", "not a JSON object")
    return []


def _read(collection: str, payload: dict[str, Any], file: Path) -> tuple[Document, list[tuple[str, str]]]:
    """The resource, and what had to be mended. Raises UnmendableError."""
    if is_too_deep(payload):
        raise UnmendableError("", "nested too deeply")
    body, notes = mended(RESOURCES[collection], payload)
    try:
        body = brought(RESOURCES[collection], body, AS_OF_WIRE)
    except BadRequestError as error:  # its words begin with the attribute
        attribute, _, reason = error.reason.partition(" ")
        raise UnmendableError(attribute, reason) from error
    parent = RESOURCES[collection].parent
    if parent and not RESOURCES[collection].parent_of(body):
        raise UnmendableError(parent, "required, and not there")
    given = payload.get("id")
    key = given if isinstance(given, str) and given else file.name.partition(".")[0].rpartition("__")[2]
    if not may_name(PREFIX + key):
        raise UnmendableError("id", "no id that could be asked for")
    return Document(collection, PREFIX + key, body), notes
