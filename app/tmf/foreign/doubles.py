"""Finds what a server holds twice because an attempt that had been given up arrived after all."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.wire import text
from app.sync.ports import Grant
from app.tmf.foreign.content import Read
from app.tmf.foreign.lists import Lists
from app.tmf.foreign.ports import Memory
from app.tmf.foreign.traces import EXTERNAL_ID, doubled_notes


class Doubles:
    """Looks at everything that is read, changed or not: the second of two may have been met before the first was known."""

    def __init__(self, lists: Lists, memory: Memory) -> None:
        self._lists = lists
        self._memory = memory

    async def look(self, grant: Grant, reads: Iterable[Read]) -> None:
        """Let a person know of every act of this desk that is among these records a second time."""
        by_act = _acts_in(reads)
        if not by_act:
            return
        for command_id, made in (await self._memory.made_by(by_act)).items():
            for read in by_act[command_id]:
                if command_id in doubled_notes(read.body):
                    await self._memory.happened_twice(command_id, [read.id, read.id])
                elif read.id != made and read.collection in EXTERNAL_ID:
                    await self._tell_if_both_are_there(grant, command_id, read, made)

    async def _tell_if_both_are_there(self, grant: Grant, command_id: str, read: Read, made: str) -> None:
        other = await self._lists.record(grant, read.collection, made)
        if other.text is not None:
            await self._memory.happened_twice(command_id, sorted((made, read.id)))


def _acts_in(reads: Iterable[Read]) -> dict[str, list[Read]]:
    """What may be ids of this desk's commands, each with the records that it was found in."""
    found: dict[str, list[Read]] = {}
    for read in reads:
        external_id = text(read.body, "externalId") if read.collection in EXTERNAL_ID else ""
        for command_id in {external_id, *doubled_notes(read.body)} - {""}:
            found.setdefault(command_id, []).append(read)
    return found
