"""Records that name each other as parent and child."""

from __future__ import annotations

from backoffice.rules.parts import children, id_at, ids_in, reference
from backoffice.rules.port import Body, Records


def above(collection: str, record: Body, name: str, records: Records) -> set[str]:
    """The ids of a record and of all its ancestors, which it names under `name`."""
    seen: set[str] = set()
    waiting = [str(record["id"])]
    while waiting:
        if (one := waiting.pop()) not in seen:
            seen.add(one)
            waiting.extend(ids_in(records.get(collection, one) or {}, name))
    return seen


def linked(record: Body, name: str, others: list[Body], referred_type: str) -> Body:
    """The record with the others named under `name`, each once."""
    more = [reference(other, referred_type) for other in others]
    return {**record, name: [*unlinked(record, name, others)[name], *more]}


def unlinked(record: Body, name: str, others: list[Body]) -> Body:
    """The record without the others under `name`."""
    ids = {other["id"] for other in others}
    return {**record, name: [one for one in children(record, name) if id_at(one) not in ids]}
