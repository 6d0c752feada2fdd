"""What working with a foreign server takes of the desk: its copy and its journal. Every call may be awaited on the loop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from app.sync.model import Change, MirrorState


class Memory(Protocol):
    """What the desk holds. Raises DeskError."""

    async def state(self) -> MirrorState:
        """How far the copy in use has come. Raises MirrorDamagedError."""
        ...

    async def rows(self, keys: Iterable[tuple[str, str]]) -> Sequence[Change]:
        """The copy's rows of these collections and ids, deletions included."""
        ...

    async def ids(self, collection: str, after: str, limit: int) -> Sequence[str]:
        """The first ids behind `after` that the copy holds of a collection, in one order that never changes."""
        ...

    async def server_id(self, collection: str, entity_id: str) -> str:
        """The id that the server gave what was made here under `entity_id`; the same id if it was not made here."""
        ...

    async def made_by(self, command_ids: Iterable[str]) -> Mapping[str, str]:
        """Of these, the commands that count as confirmed once, each with the id of what it made or was made on."""
        ...

    async def happened_twice(self, command_id: str, ids: Iterable[str]) -> None:
        """Let a person know that head office holds more than once what the command did."""
        ...
