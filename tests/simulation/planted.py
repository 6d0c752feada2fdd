"""Bugs that others have made: each is planted in a simulation of its own, which has to find it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.core.commands import Command, There
from app.sync.effects import EffectRows, Effects
from app.sync.model import (
    Acknowledged,
    Change,
    Closed,
    Confirmed,
    Differs,
    Entry,
    Merged,
    Outcome,
)
from app.sync.ports import Grant
from tests.simulation.desk import Desk
from tests.simulation.journal import Entity, MemoryJournal
from tests.simulation.lending import Lender
from tests.simulation.line import Line
from tests.simulation.mirror import MemoryMirror
from tests.simulation.office import NO_ANSWER, Books, Office, Person, Reply, Request, View
from tests.simulation.world import World

_EVERY = 4  # in that many commits, one goes wrong


class _SplitPage(MemoryMirror):
    def apply(
        self, changes: Iterable[Change], cursor: str, as_of: datetime, closed: Closed | None = None
    ) -> frozenset[str]:
        super().apply((), cursor, as_of)
        self.between()
        return super().apply(changes, cursor, as_of, closed)


class _KeepsWhoIsClosed(MemoryMirror):
    def apply(
        self, changes: Iterable[Change], cursor: str, as_of: datetime, closed: Closed | None = None
    ) -> frozenset[str]:
        return super().apply(changes, cursor, as_of, closed and replace(closed, records=()))


class _ForgetsWhoIsOpened(MemoryMirror):
    def open(self, customer: str, rows: Iterable[Change]) -> frozenset[str]:
        touched = super().open(customer, rows)
        self._in_use().opened.remove(customer)
        return touched


class _EarlyRevisions(Office):
    def __init__(self, on_change: Callable[[], None], on_done: Callable[[Any], None]) -> None:
        super().__init__(on_change, on_done)
        self._late: dict[Entity, int] = {}

    def put(self, entity: Entity, body: Mapping[str, Any] | None, territory: str) -> int:
        revision = super().put(entity, body, territory)
        if revision % _EVERY == 0:
            self._late[entity] = 3  # so often is the feed asked before the commit that it has its number for
        return revision

    def changes_after(self, number: int, view: View) -> Iterator[Change]:
        self._late = {entity: turns - 1 for entity, turns in self._late.items() if turns}
        return (one for one in super().changes_after(number, view) if (one.collection, one.id) not in self._late)


class _KeyApart(Office):
    def take(self, request: Request) -> Reply:
        reply = super().take(request)
        if reply.status >= 400 or reply.revision % _EVERY:
            return reply
        del self.books.keys[request.device, request.key]  # it died before it could write the key
        return Reply(NO_ANSWER)


class _NewKeys(Line):
    def request(self, entry: Entry, entity_id: str, grant: Grant, acknowledged: Acknowledged) -> Request:
        request = super().request(entry, entity_id, grant, acknowledged)
        return replace(request, key=f"{request.key}~{self.run}")

    async def ask(self, entry: Entry, grant: Grant) -> Outcome:
        return await super().ask(
            replace(entry, command=replace(entry.command, id=f"{entry.command.id}~{self.run}")), grant
        )


class _OneName(Line):
    def request(self, entry: Entry, entity_id: str, grant: Grant, acknowledged: Acknowledged) -> Request:
        return replace(super().request(entry, entity_id, grant, acknowledged), author="")


class _NoEpochs(Line):
    def request(self, entry: Entry, entity_id: str, grant: Grant, acknowledged: Acknowledged) -> Request:
        return super().request(entry, entity_id, grant, replace(acknowledged, epoch=""))


class _AsksNothingAnew(MemoryJournal):
    def change_epochs(self, epoch: str) -> None:
        self.epoch = epoch


class _ForgetsWhatEnded(Office):
    def ask(self, token: str, device: str, key: str, sequence: int) -> Reply:
        reply = super().ask(token, device, key, sequence)
        return replace(reply, status=404) if reply.status == 410 else reply


class _HidesWhatIsLost(Effects):
    def lost(self, rows: EffectRows, act: Command) -> None:
        """It is in the list of what needs a person, and nowhere else."""


class _HidingJournal(MemoryJournal):
    rules_kind = _HidesWhatIsLost


class _NoTombstones(Office):
    def changes_after(self, number: int, view: View) -> Iterator[Change]:
        return (one for one in super().changes_after(number, view) if one.body is not None)


class _SameEpoch(World):
    def restore(self, backup: Books) -> None:
        self.office.restore(backup, self.office.epoch)


class _Hasty(Effects):
    def confirm(self, rows: EffectRows, act: Command, result: Confirmed) -> None:
        super().confirm(rows, act, result)
        held = rows.held(act.collection, act.entity_id)
        if held is not None and not rows.under_way(held):
            rows.drop(held)


class _HastyJournal(MemoryJournal):
    rules_kind = _Hasty


class _AnyGrant(MemoryJournal):
    def grant_of(self, author: str) -> Grant | None:
        return self.latest_grant() if author in self.grants else None


class _KeepsRefusals(Office):
    def carry_out(self, request: Request, person: Person) -> Reply:
        reply = super().carry_out(request, person)
        if reply.status == 412:
            held = self.books.documents[request.collection, request.id]
            self.books.keys[request.device, request.key] = (request.sequence, Reply(412, request.id, held.revision))
        return reply


class _HastyLender(Lender):
    def free(self, now: datetime) -> list[str]:
        for loan in list(self.ledger.loans.values()):
            if loan.lease.expires_at <= now and not loan.ended:
                self._take_back(loan.lease.id)  # and never asked what its desk had given out of it
        return super().free(now)


class _ReissuesLeases(Office):
    lender_kind = _HastyLender


class _OpensAtOnce(Office):
    def restore(self, backup: Books, epoch: str) -> None:
        super().restore(backup, epoch)
        self.books.ledger.is_closed = False


def _over_theirs(command: Command, there: There) -> Merged | Differs:
    if there.body is None:
        return Differs(there)
    return Merged(replace(command, base_tag=there.tag, seen=there.body), there)


def _without_mine(command: Command, there: There) -> Merged | Differs:
    if there.body is None:
        return Differs(there)
    left = {name: value for name, value in command.body.items() if command.seen.get(name) == there.body.get(name)}
    return Merged(replace(command, body=left, base_tag=there.tag, seen=there.body), there)


def _desk(**kinds: Any) -> type[World]:
    return type("PlantedWorld", (World,), {"desk_kind": type("PlantedDesk", (Desk,), kinds)})


def _office(kind: type[Office]) -> type[World]:
    return type("PlantedWorld", (World,), {"office_kind": kind})


PLANTED: dict[str, type[World]] = {
    "page and cursor split": _desk(mirror_kind=_SplitPage),
    "closed customer kept": _desk(mirror_kind=_KeepsWhoIsClosed),
    "opened customer forgotten": _desk(mirror_kind=_ForgetsWhoIsOpened),
    "allocation order": _office(_EarlyRevisions),
    "key stored outside the effect": _office(_KeyApart),
    "new key after a kill": _desk(line_kind=_NewKeys),
    "lost tombstone": _office(_NoTombstones),
    "revision reused after restore": _SameEpoch,
    "acknowledged across a restore": _desk(line_kind=_NoEpochs),
    "acts not asked for after a restore": _desk(journal_kind=_AsksNothingAnew),
    "410 taken as 404": _office(_ForgetsWhatEnded),
    "lost act out of sight": _desk(journal_kind=_HidingJournal),
    "overlay dropped early": _desk(journal_kind=_HastyJournal),
    "merge overwrites theirs": _desk(merge=staticmethod(_over_theirs)),
    "merge drops mine": _desk(merge=staticmethod(_without_mine)),
    "wrong clerk's grant": _desk(journal_kind=_AnyGrant),
    "adopted without a word": _desk(line_kind=_OneName),
    "412 stored": _office(_KeepsRefusals),
    "lease reissued": _office(_ReissuesLeases),
    "lease reissued after a restore": _office(_OpensAtOnce),
}
