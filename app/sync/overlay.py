"""Joins what head office holds with what this desk has done since: mirror minus overlaid ids, plus the overlay."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.certainty import Certainty
from app.sync.model import UNDER_WAY, CommandState


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as the clerk should see it, and the revision at head office that it rests on."""

    body: Mapping[str, Any]
    revision: int
    certainty: Certainty = Certainty.CONFIRMED
    reason: str = ""
    command_id: str = ""


def tag_of(seen: Seen, epoch: str) -> str:
    """The ETag by which a clerk who saw this in a copy of that epoch changes it.

    What this desk has laid over a record is at no revision of head office, which may never take it or has it otherwise:
    it gets a tag that nothing has, and so is compared by what it says.
    """
    return f'"{epoch}-{0 if seen.command_id else seen.revision}"'


@dataclass(frozen=True, slots=True)
class Overlaid:
    """An effect (`app.sync.effects.Effect`) with where its command stands; `is_ahead`: of a newer epoch than the copy."""

    entity_id: str
    server_id: str
    customer_id: str
    body: str
    revision: int
    command_id: str
    is_ahead: bool
    state: CommandState
    reason: str


def seen_of(mirrored: Mapping[str, Seen], overlaid: Iterable[Overlaid], customer_id: str) -> dict[str, Seen]:
    """The customer's records by id, of those mirrored and those laid over them."""
    seen = dict(mirrored)
    for one in overlaid:
        identity = one.server_id or _sent_as(one.entity_id, seen) or one.entity_id
        if identity in seen or one.customer_id == customer_id:
            _lay_over(seen, identity, one)
    return seen


def seen_as(mirrored: Mapping[str, Seen], overlaid: Iterable[Overlaid], identity: str) -> Seen | None:
    """One record, by its id at head office or, while that is not known, by its own on this desk."""
    seen = dict(mirrored)
    for one in overlaid:
        if identity in (one.server_id or _sent_as(one.entity_id, seen), one.entity_id):
            _lay_over(seen, identity, one)
    return seen.get(identity)


def _sent_as(entity_id: str, seen: Mapping[str, Seen]) -> str:
    """The record in which head office already holds what was made here, though its answer has not come yet."""
    return next((identity for identity, one in seen.items() if one.body.get("externalId") == entity_id), "")


def _lay_over(seen: dict[str, Seen], identity: str, one: Overlaid) -> None:
    """Put the effect in its record's place, unless the mirror has reached it: then it goes at the next settling."""
    held = seen.get(identity)
    if one.state not in UNDER_WAY and held is not None and not one.is_ahead and held.revision >= one.revision:
        return
    seen[identity] = Seen(json.loads(one.body), one.revision, one.state.certainty, one.reason, one.command_id)
