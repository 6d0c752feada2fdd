"""What happened to resources, kept in the order in which it happened until all who listen have been told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from app.core.clock import from_wire, to_wire
from backoffice import schema
from backoffice.documents import from_json, to_json
from backoffice.hub.kinds import event_type
from backoffice.masking import Reveals, hidden, masked
from backoffice.resources import RESOURCES

_event = schema.event.c


@dataclass(frozen=True, slots=True)
class Happening:
    """One change of one resource: the events that it is, the resource, and where it belonged.

    `epoch` is named where it happened in an earlier one.
    """

    collection: str
    id: str
    revision: int
    kinds: tuple[str, ...]
    text: str
    territory: str
    owners: frozenset[str]
    at: datetime
    epoch: str | None = None

    def messages(self, epoch: str, reveals: Reveals = None) -> Iterator[dict[str, Any]]:
        """The events as who sees `reveals` gets them; the same again, whenever they are told."""
        body, moment = masked(from_json(self.text), hidden(self.collection, reveals)), to_wire(self.at)
        for kind in self.kinds:
            yield {
                "eventId": f"{self.epoch or epoch}-{self.revision}-{kind}",
                "eventTime": moment,
                "eventType": event_type(self.collection, kind),
                "event": {self.collection: body},
            }


def record(connection: Connection, happenings: list[Happening]) -> None:
    """Keep them, in the transaction of the changes themselves."""
    if happenings:
        connection.execute(insert(schema.event), [_row_of(one) for one in happenings])


def after(connection: Connection, api: str, position: int, limit: int) -> list[Happening]:
    """Up to `limit` happenings of an API that follow a revision."""
    later = select(schema.event).where(_event.api == api, _event.revision > position)
    rows = connection.execute(later.order_by(_event.revision).limit(limit))
    return [
        Happening(
            row.collection, row.id, row.revision, tuple(row.kinds.split()), row.body, row.territory,
            frozenset(msgspec.json.decode(row.owners)), from_wire(row.at), row.epoch,
        )
        for row in rows
    ]  # fmt: skip


def _row_of(one: Happening) -> dict[str, object]:
    return {
        "collection": one.collection, "id": one.id, "revision": one.revision, "kinds": " ".join(one.kinds),
        "api": RESOURCES[one.collection].api, "body": one.text, "territory": one.territory,
        "owners": to_json(sorted(one.owners)), "at": to_wire(one.at),
    }  # fmt: skip
