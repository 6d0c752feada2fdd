"""A command: one act of a clerk on its way to head office, as every layer knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from app.core.certainty import Certainty


class Method(StrEnum):
    """How the TM Forum request is made."""

    CREATE = "create"
    APPEND = "append"  # a JSON patch that only adds to lists, so it merges with whatever others did meanwhile
    CHANGE = "change"  # a merge patch that needs the revision the clerk saw


@dataclass(frozen=True, slots=True)
class Spend:
    """Something on lease that a command gives out: what kind it is, and which one."""

    kind: str
    item: str


@dataclass(frozen=True, slots=True)
class Command:
    """What a clerk decided, complete: it can be sent, shown and audited from this alone.

    `id` is made when the form opens. `entity_id` is the id of the entity it acts on; for a creation it is the command's
    own id until head office has given another. `body` is what is sent. `base_tag` is the ETag of what the clerk saw, where
    the act must not go through if somebody else changed it, and `seen` the record as it was then (`Method.CHANGE`): with
    it, changes of others to other fields are no hindrance. `spends` is what it gives out of the desk's leases. `adopted_by`
    is who stands for it where head office no longer accepts its author.
    `customer_id` and `title` let lists show the act without knowing its kind.
    """

    id: str
    kind: str
    version: int
    method: Method
    collection: str
    entity_id: str
    body: Any
    author: str
    made_at: datetime
    base_tag: str = ""
    customer_id: str = ""
    title: str = ""
    replaces: str = ""
    spends: tuple[Spend, ...] = ()
    seen: Any = None
    adopted_by: str = ""

    @property
    def sender(self) -> str:
        """With whose grant it is sent: its author's, or that of who adopted it since."""
        return self.adopted_by or self.author


@dataclass(frozen=True, slots=True)
class There:
    """A record as head office holds it; without a body it is not there any more, or out of view."""

    body: Any = None
    revision: int = 0
    epoch: str = ""

    @property
    def tag(self) -> str:
        """Its ETag."""
        return f'"{self.epoch}-{self.revision}"'


@dataclass(frozen=True, slots=True)
class Pending:
    """What the desk knows of a command that has not been put to rest. `there`: what it would go on top of now."""

    command: Command
    certainty: Certainty
    sequence: int
    reason: str = ""
    changed_at: datetime | None = None
    there: There | None = None


class CommandLog(Protocol):
    """Where a decided act is made durable. Returns only after it survives a power cut; raises DeskError otherwise."""

    async def record(self, command: Command) -> None:
        """Store command, effect and audit entry in one transaction; the same command id twice is stored once."""
        ...
