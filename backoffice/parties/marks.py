"""What a merged record says of itself: it is at rest, and who it went into."""

from __future__ import annotations

from typing import Any, Final

from backoffice.documents import Body
from backoffice.parties.references import Party

MERGED_INTO: Final = "mergedInto"
_TYPES: Final = {"customer": "Customer", "individual": "Individual", "organization": "Organization"}
_AT_REST: Final = {"customer": {"status": "inactive", "statusReason": "merged"}}


def marked(collection: str, body: Body, survivor: Party) -> Body:
    """The record once it is merged."""
    reference = {
        "id": survivor.id, "href": survivor.href, "name": survivor.name, "role": MERGED_INTO,
        "@referredType": _TYPES[collection],
    }  # fmt: skip
    return {**body, **_AT_REST.get(collection, {}), "relatedParty": [*_parties(body), reference]}


def forgotten(collection: str, body: Body) -> Body:
    """What a mark will replace of the record, to be put back by `unmarked`."""
    return {name: body[name] for name in ("relatedParty", *_AT_REST.get(collection, {})) if name in body}


def unmarked(collection: str, body: Body, before: Body, survivor_id: str) -> Body:
    """The record without its mark; what others changed of it since stays changed."""
    result = dict(body)
    for name, value in _AT_REST.get(collection, {}).items():
        if result.get(name) == value:
            _restore(result, name, before)
    left = [one for one in _parties(body) if (one.get("role"), one.get("id")) != (MERGED_INTO, survivor_id)]
    if left or "relatedParty" in before:
        return {**result, "relatedParty": left}
    return {name: value for name, value in result.items() if name != "relatedParty"}


def survivor_of(body: Body) -> str:
    """The id of the one that this record was merged into; empty if it was not."""
    return next((str(one.get("id")) for one in _parties(body) if one.get("role") == MERGED_INTO), "")


def _parties(body: Body) -> list[Any]:
    held = body.get("relatedParty")
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []


def _restore(body: Body, name: str, before: Body) -> None:
    if name in before:
        body[name] = before[name]
    else:
        del body[name]
