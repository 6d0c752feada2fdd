"""Which resource a TM Forum address means, and which methods it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from backoffice.errors import NotFoundError
from backoffice.resources import RESOURCES, Operation, Resource

_OF_COLLECTION: Final = ((Operation.LIST, ("GET", "HEAD")), (Operation.CREATE, ("POST",)))
_OF_ONE: Final = ((Operation.READ, ("GET", "HEAD")), (Operation.CHANGE, ("PATCH",)), (Operation.DELETE, ("DELETE",)))
_BASE_STEPS = 3  # tmf-api, the API, its version
_NESTED_STEPS = 3  # the parent's collection, the parent, the collection

_TOP: Final = {(one.api, one.collection): one for one in RESOURCES.values() if not one.parent}
_NESTED: Final = {(one.api, one.parent, one.collection): one for one in RESOURCES.values() if one.parent}


@dataclass(frozen=True, slots=True)
class Address:
    """A collection, or one resource in it; a nested one lies under a parent."""

    resource: Resource
    id: str = ""
    parent_id: str = ""

    @property
    def methods(self) -> tuple[str, ...]:
        """What can be sent there, in the words of HTTP."""
        known = _OF_ONE if self.id else _OF_COLLECTION
        return tuple(name for operation, names in known if operation in self.resource.operations for name in names)

    @property
    def path(self) -> str:
        """The address as it is written without any query."""
        resource = self.resource
        if self.id:
            return resource.href(self.id, {resource.parent: {"id": self.parent_id}})
        return resource.href("", {resource.parent: {"id": self.parent_id}}).rstrip("/")


def addressed(raw_path: bytes) -> Address:
    """What lies at a path as it was sent, since an id may hold a slash. Raises NotFoundError."""
    steps = [unquote(step) for step in raw_path.decode("latin-1").strip("/").split("/")]
    api, (collection, *rest) = "/".join(steps[1:_BASE_STEPS]), steps[_BASE_STEPS:] or [""]
    found = None
    if len(rest) <= 1:
        found = _found(_TOP.get((api, collection)), rest)
    elif len(rest) < _NESTED_STEPS + 1:
        found = _found(_NESTED.get((api, collection, rest[1])), rest[2:], rest[0])
    if found is None or steps[0] != "tmf-api":
        raise NotFoundError("There is nothing at this address.")
    return found


def _found(resource: Resource | None, rest: list[str], parent_id: str = "") -> Address | None:
    return None if resource is None else Address(resource, rest[0] if rest else "", parent_id)
