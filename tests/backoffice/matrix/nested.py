"""Every way to something nested that leads past its parent: below another's, below one that is hidden, below none."""

from __future__ import annotations

from typing import Any

from backoffice.resources import Operation, Resource
from tests.backoffice.matrix.answers import Asker, Headers
from tests.backoffice.matrix.world import COMMON, CUSTOMERS, Body, Record, Table, id_in, owned

MISSING = "missing"
_SUCCESS, _REFUSED = range(200, 300), "refused"


def ask_elsewhere(
    asker: Asker, table: Table, one: Record, method: str, content: Any = None, headers: Headers | None = None
) -> None:
    """Below a parent that is not its own it is answered like what never was, and the parent like none."""
    parent = table[one.resource.parent]
    owners = CUSTOMERS if parent.owners else (COMMON,)
    others = {id_in(parent.collection, owner) for owner in owners} - {one.resource.parent_of(one.body)}
    nowhere = _below(one.resource, one.id, MISSING)
    absent = asker.ask(method, nowhere, content, headers)
    asker.expect(_verdict(absent.status), _REFUSED, f"{method} {nowhere}")
    for other in sorted(others):
        path, same = (_below(one.resource, name, other) for name in (one.id, MISSING))
        first, second = (asker.ask(method, each, content, headers) for each in (path, same))
        asker.alike(first, second, (one.id, MISSING), f"{method} {path}")
        asker.expect(_verdict(first.status), _REFUSED, f"{method} {path}")
        if any(each.id == other and each.resource is parent for each in asker.hidden):
            asker.alike(first, absent, (other, MISSING), f"{method} {path} below what is hidden")


def ask_to_add_below(asker: Asker, table: Table, resource: Resource, content: Body) -> None:
    """Nothing is added below a parent that is hidden, and it does not show that there is one."""
    missing = _below(resource, "", MISSING).rstrip("/")
    absent = asker.ask("POST", missing, content)
    asker.expect(_verdict(absent.status), _REFUSED, f"POST {missing}")
    for one in asker.of(table[resource.parent])[1]:
        path = _below(resource, "", one.id).rstrip("/")
        asker.alike(asker.ask("POST", path, content), absent, (one.id, MISSING), f"POST {path}")


def bringing(table: Table, resource: Resource, owner: str) -> Body:
    """What lets a record bring something nested that is `owner`'s; empty where it brings nothing that is anybody's."""
    nested = [one for one in table.values() if one.parent == resource.collection and one.owners]
    is_brought = Operation.CREATE in resource.operations
    return {
        one.collection: [owned(one, owner)] for one in nested if is_brought and one.collection in resource.attributes
    }


def _below(resource: Resource, name: str, parent: str) -> str:
    return resource.href(name, {resource.parent: {"id": parent}})


def _verdict(status: int) -> str:
    return str(status) if status in _SUCCESS else _REFUSED
