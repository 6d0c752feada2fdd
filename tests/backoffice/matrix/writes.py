"""Every way to write: to what is hidden, into what is hidden, with every If-Match, by who may not write at all."""

from __future__ import annotations

from collections.abc import Iterator

from backoffice.resources import Operation, Resource
from tests.backoffice.contract import minimal
from tests.backoffice.matrix.answers import Asker
from tests.backoffice.matrix.nested import MISSING, ask_elsewhere, ask_to_add_below, bringing
from tests.backoffice.matrix.world import Body, Record, Table, id_in, owned, record

NOBODY = "nobody-known"
_SUCCESS, _CREATED, _FORBIDDEN = range(200, 300), 201, 403
_JSON_PATCH = {"Content-Type": "application/json-patch+json"}
_METHODS = ((Operation.CHANGE, "PATCH"), (Operation.DELETE, "DELETE"))


def ask_to_write(asker: Asker, table: Table, tags: dict[str, str]) -> None:
    """All questions of somebody who sees only a part or may not write; `tags` are the true entity tags by path."""
    for resource in table.values():
        visible, hidden = asker.of(resource)
        for one in hidden:
            _touch(asker, one, tags[one.path])
        if resource.parent:
            _go_round(asker, table, resource)
        if not asker.who.deletes():
            for one in visible if Operation.DELETE in resource.operations else ():
                asker.expect(asker.ask("DELETE", one.path).status, _FORBIDDEN, f"DELETE {one.path}")
        if not asker.who.writes(resource):
            for one in (*visible, *hidden):
                _be_refused(asker, one)
        elif resource.owners:
            _make_for_others(asker, table, resource)
            for one in visible:
                _hand_over(asker, one)


def _touch(asker: Asker, one: Record, tag: str) -> None:
    """What is hidden is answered like what never was, whatever is sent to it."""
    for operation, method in _METHODS:
        if operation in one.resource.operations:
            for condition in ("*", tag, '"x-1"'):
                asker.like_absent(method, one, MISSING, {}, {"If-Match": condition})
    if Operation.CHANGE in one.resource.operations:
        test = [{"op": "test", "path": "/id", "value": one.id}]
        asker.like_absent("PATCH", one, MISSING, test, _JSON_PATCH)


def _go_round(asker: Asker, table: Table, resource: Resource) -> None:
    """What is nested cannot be reached past its parent either; whether it may be written at all is all the same."""
    visible, hidden = asker.of(resource)
    for one in (*visible, *hidden):
        for _, method in _METHODS:
            ask_elsewhere(asker, table, one, method, {}, {"If-Match": "*"})
    ask_to_add_below(asker, table, resource, minimal(resource.collection))


def _be_refused(asker: Asker, one: Record) -> None:
    """Who may not write is told no more than that."""
    above = one.path.rpartition("/")[0]
    for operation, method, path in ((Operation.CREATE, "POST", above), *((*pair, one.path) for pair in _METHODS)):
        if operation in one.resource.operations:
            status = asker.ask(method, path, minimal(one.resource.collection)).status
            asker.expect(status, _FORBIDDEN, f"{method} {path}")


def _make_for_others(asker: Asker, table: Table, resource: Resource) -> None:
    """Nothing can be made somebody's who is hidden, and it does not show whether they exist."""
    if Operation.CREATE not in resource.operations or resource.parent or asker.who.reads(record(resource, "C2")):
        return
    least = minimal(resource.collection)
    if asker.who.reads(record(resource, "C1")) and owned(resource, "C1").keys() - set(resource.never):
        own = asker.ask("POST", resource.path, least | owned(resource, "C1"))
        asker.expect(own.status, _CREATED, f"POST {resource.path} of one's own")  # so nothing else refuses the others
    for theirs, nobodys in (*_others(resource), *_bringing_others(table, resource)):
        first, second = (asker.ask("POST", resource.path, least | one) for one in (theirs, nobodys))
        asker.alike(first, second, (NOBODY, "C2"), f"POST {resource.path} of {theirs}")
        asker.expect(
            first.status if first.status in _SUCCESS else "refused", "refused", f"POST {resource.path} {theirs}"
        )


def _hand_over(asker: Asker, one: Record) -> None:
    """Nothing can become theirs either."""
    if Operation.CHANGE not in one.resource.operations or asker.who.reads(record(one.resource, "C2")):
        return
    for theirs, nobodys in _others(one.resource):
        first, second = (asker.ask("PATCH", one.path, body) for body in (theirs, nobodys))
        if first.status not in _SUCCESS or second.status not in _SUCCESS:  # else whose it is cannot be changed at all
            asker.alike(first, second, (NOBODY, "C2"), f"PATCH {one.path} to {theirs}")
        is_theirs = "C2" in asker.ask("GET", one.path).text
        asker.expect("theirs" if is_theirs else "", "", f"PATCH {one.path} makes it {theirs}")


def _others(resource: Resource) -> Iterator[tuple[Body, Body]]:
    """What would make a record somebody's who is hidden, and somebody's who does not exist: alone, and with one's own."""
    if resource.collection == "customer":
        parties = ({"engagedParty": {"id": id_in("individual", name)}} for name in ("C2", NOBODY))
        first, second = ({**owned(resource, "C1"), **party} for party in parties)
        yield first, second
        yield owned(resource, "C2"), {**owned(resource, "C2"), "engagedParty": {"id": id_in("individual", NOBODY)}}
    else:
        yield owned(resource, "C2"), owned(resource, NOBODY)
        yield owned(resource, "C1", "C2"), owned(resource, "C1", NOBODY)
    if resource.parent:
        first, second = ({resource.parent: {"id": id_in(resource.parent, name)}} for name in ("C2", NOBODY))
        yield first, second


def _bringing_others(table: Table, resource: Resource) -> Iterator[tuple[Body, Body]]:
    """What is one's own and brings something nested that is somebody's who is hidden, or somebody's who does not exist."""
    if bringing(table, resource, NOBODY):
        yield (
            owned(resource, "C1") | bringing(table, resource, "C2"),
            owned(resource, "C1") | bringing(table, resource, NOBODY),
        )
