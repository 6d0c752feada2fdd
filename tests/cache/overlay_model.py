"""What the clerk should see, worked out without any file: the model that the overlay is compared with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.sync.model import Change, CommandState
from app.sync.overlay import Seen
from local_cache.overlay import record, records_of
from tests.cache.records import notes_of


@dataclass
class Act:
    """A command as the model knows it."""

    id: str
    entity: Entity
    note: str  # empty: it makes the entity
    state: CommandState = CommandState.QUEUED
    took_effect_at: int = 0


@dataclass
class Entity:
    """A ticket: at head office, in the mirror, and as confirmed to this desk."""

    local_id: str = ""
    server_id: str = ""  # head office's number; the desk knows it once `is_known`
    is_known: bool = False
    office: list[str] | None = None  # notes; None: not there
    mirror: tuple[int, list[str] | None] | None = None
    last_look: tuple[int, list[str]] | None = None  # in the mirror, before head office deleted it
    confirmed: tuple[int, list[str]] | None = None
    waiting: list[Act] = field(default_factory=list)

    @property
    def shown_id(self) -> str:
        return self.server_id if self.is_known or not self.local_id else self.local_id

    def mirrors(self, revision: int, notes: list[str] | None) -> None:
        """The copy holds this now."""
        self.mirror = (revision, notes)
        if notes is not None:
            self.last_look = (revision, notes)

    def expected(self) -> list[str] | None:
        """The notes the clerk should see, None where there should be no such ticket."""
        base: list[str] | None = None
        if self.mirror is not None or self.confirmed is not None:
            known = [one for one in (self.last_look, self.mirror, self.confirmed) if one is not None]
            base = max(known, key=lambda one: one[0])[1]
            if base is None and self.waiting:
                base = max((one for one in known if one[1] is not None), key=lambda one: one[0], default=(0, None))[1]
        if self.local_id and not self.is_known:
            base = []  # its answer has not come: what the mirror may hold of it is not told apart yet
        if not self.waiting:
            return None if self.local_id and not self.is_known else base
        return [*(base or []), *(act.note for act in self.waiting if act.note)]


def by_id(connection: Connection, *, alone: bool = False) -> dict[str, Seen]:
    """The customer's tickets by the id that the clerk sees; `alone`: each opened by that id."""
    listed = records_of(connection, "troubleTicket", "C1")
    ids = [str(one.body["id"]) for one in listed]
    assert len(set(ids)) == len(ids), "one ticket shown twice"
    if not alone:
        return dict(zip(ids, listed, strict=True))
    return {one: seen for one in ids if (seen := record(connection, "troubleTicket", one))}


def notes_in(change_: Change) -> list[str] | None:
    """The notes in a change, None in a tombstone."""
    return None if change_.body is None else notes_of(json.loads(change_.body))
