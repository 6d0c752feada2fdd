"""The records that an examined back office holds, so that what is asked of one by its id reaches one."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Any, Final

from backoffice.bulk import Tell
from backoffice.documents import Document
from backoffice.generating.operator import generate
from backoffice.resources import RESOURCES, Resource
from backoffice.store import LoadCount, Store
from tests.backoffice.contract import answer_of, faults_in, least, minimal
from tests.fakes.clock import NOON

PARENT: Final = "above"  # under which all nested records lie; never asked to be deleted
_CUSTOMERS: Final = 20
_PURSE: Final = {"amount": 1000, "units": "CNY"}


class Records:
    """Ids of each collection: an operator as `generate` makes it, and `spare` plain records of every kind beside it."""

    def __init__(self, store: Store, spare: int) -> None:
        self._store = store
        self._ids: defaultdict[str, deque[str]] = defaultdict(deque)
        generate(self, _CUSTOMERS, seed=1, now=NOON)
        self.load([Document(name, f"spare-{i}", plain(one)) for name, one in RESOURCES.items() for i in range(spare)])
        parents = {resource.parent for resource in RESOURCES.values() if resource.parent}
        store.load([Document(name, PARENT, plain(RESOURCES[name])) for name in parents])

    def load(self, documents: list[Document], _tell: Tell | None = None) -> LoadCount:
        """Put them where they are found first."""
        for document in documents:
            self._ids[document.collection].appendleft(document.id)
        return self._store.load(documents)

    def made(self, collection: str, record_id: str) -> None:
        """Know of a record that was asked for."""
        self._ids[collection].appendleft(record_id)

    def some(self, collection: str) -> str:
        """One after the other, what was made last first."""
        ids = self._ids[collection]
        ids.rotate(-1)
        return ids[-1]

    def spent(self, collection: str) -> str:
        """One that is asked for no more, since it is to be deleted."""
        return self._ids[collection].popleft()


def plain(resource: Resource) -> dict[str, Any]:
    """The least that the swagger has a record of this kind answer."""
    _, schema = answer_of(resource.collection)
    body = {name: least(resource, name) for name in schema.get("required", ()) if name not in ("id", "href")}
    body = {**body, **minimal(resource.collection), **resource.defaults}
    if resource.states:
        body.setdefault(resource.states.attribute, resource.states.initial)
    if resource.parent:
        body[resource.parent] = {"id": PARENT}
    if resource.collection == "bucket":
        body |= {"remainingValue": _PURSE, "reservedValue": _PURSE}
    assert not (faults := faults_in(resource.collection, {**body, "id": "x", "href": "x"})), faults
    return body
