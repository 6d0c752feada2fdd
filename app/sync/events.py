"""What the sync process tells the window, and how it is written on the pipe between them: one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from app.core.clock import from_wire, to_wire
from app.sync.status import Held, LineState, SyncStatus


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The line, the outbox or the build has a new state."""

    status: SyncStatus


@dataclass(frozen=True, slots=True)
class DataChanged:
    """Rows of these collections changed; `is_new_mirror` says the file itself was replaced."""

    collections: frozenset[str]
    is_new_mirror: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a request of the window: a value, or the name and words' parameters of a DeskError."""

    call: str
    value: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    params: dict[str, str] = field(default_factory=dict)


Event = StatusChanged | DataChanged | Answered


def written(event: Event) -> str:
    """The event as one line."""
    match event:
        case StatusChanged(status):
            body = asdict(status)
            body["since"] = to_wire(status.since) if status.since else None
            body["as_of"] = to_wire(status.as_of) if status.as_of else None
            return json.dumps({"status": body})
        case DataChanged(collections, is_new_mirror):
            return json.dumps({"changed": sorted(collections), "new_mirror": is_new_mirror})
        case Answered():
            return json.dumps({"answer": asdict(event)})


def read(line: str) -> Event:
    """The event written in `line`. Raises ValueError or KeyError: both sides are ours, so that is a bug."""
    message = json.loads(line)
    if "status" in message:
        body = message["status"]
        since, as_of = (from_wire(body[name]) if body[name] else None for name in ("since", "as_of"))
        held = tuple(Held(**one) for one in body["held"])
        read_back = {"line": LineState(body["line"]), "since": since, "as_of": as_of, "held": held}
        return StatusChanged(SyncStatus(**{**body, **read_back}))
    if "changed" in message:
        return DataChanged(frozenset(message["changed"]), message["new_mirror"])
    return Answered(**message["answer"])
