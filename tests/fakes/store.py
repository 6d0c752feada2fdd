"""The desk's store in memory: every reader, the command log and the outstanding acts in one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from app.complaints import commands
from app.complaints.model import Complaint
from app.complaints.wire import complaint_from
from app.core.certainty import Certainty
from app.core.changes import Changes
from app.core.commands import Command, Pending
from app.core.drafts import Draft, Place
from app.core.sourced import Sourced
from app.customers.model import Customer, FarCustomer, MatchKind, SearchHit
from app.drafts.model import DraftGoneError, ParkedDraft
from app.inventory.model import Holdings
from app.network.model import CountedIn, Outage
from app.rules.folding import digits_in, folded
from app.sync.errors import NoProfileError
from tests.fakes.clock import FakeClock
from tests.fakes.gate import Gate

LAST_FOUR = 4


@dataclass
class FakeStore:
    """Satisfies the ports of customers, holdings, complaints, outages, the command log, drafts and the hall.

    Gate names: search, customer, far, fetch, holdings, complaints, complaint, outages, record, pending, set-aside,
    send-on-top, adopt, keep, discard, drafts, park, call-back, parked, resume, discard-parked.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    changes: Changes = field(default_factory=Changes)
    gate: Gate = field(default_factory=Gate)
    customers: dict[str, Customer] = field(default_factory=dict)
    far_away: dict[str, FarCustomer] = field(default_factory=dict)
    looked: list[str] = field(default_factory=list)
    comes_only_to_go: bool = False  # whoever is fetched is away again before anybody looks
    at_head_office: dict[str, Customer] = field(default_factory=dict)
    holding: dict[str, Holdings] = field(default_factory=dict)
    tickets: dict[str, Complaint] = field(default_factory=dict)
    outages: tuple[Outage, ...] = ()
    acts: dict[str, Pending] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    hall: dict[str, tuple[ParkedDraft, Draft]] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)
    on_top: dict[str, str] = field(default_factory=dict)

    async def search(self, typed: str, limit: int) -> list[SearchHit]:
        """Find by customer number, any of the numbers, last four digits or a part of the name."""
        await self.gate.go("search")
        hits = [hit for customer in self.customers.values() if (hit := _hit(customer, typed)) is not None]
        return sorted(hits, key=lambda hit: not hit.is_exact)[:limit]

    async def customer(self, customer_id: str) -> Sourced[Customer] | None:
        """Return the customer put in `customers`."""
        await self.gate.go("customer")
        found = self.customers.get(customer_id)
        return Sourced(found, "customers", self.clock.now()) if found else None

    async def far(self, customer_id: str) -> FarCustomer | None:
        """Return the customer put in `far_away`."""
        await self.gate.go("far")
        return self.far_away.get(customer_id)

    async def fetch(self, customer_id: str) -> None:
        """Bring the customer put in `at_head_office` to the desk."""
        await self.gate.go("fetch")
        if customer_id not in self.at_head_office:
            raise NoProfileError
        if self.comes_only_to_go:
            return
        self.customers[customer_id] = self.at_head_office[customer_id]
        self.changes.publish({"customer"})

    def looked_at(self, customer_id: str) -> None:
        """Note who was looked at."""
        self.looked.append(customer_id)

    async def holdings(self, customer_id: str) -> Sourced[Holdings]:
        """Return what was put in `holding`."""
        await self.gate.go("holdings")
        return Sourced(self.holding.get(customer_id, Holdings()), "inventory", self.clock.now())

    async def complaints_of(self, customer_id: str) -> Sourced[tuple[Complaint, ...]]:
        """Return the customer's tickets, open ones first."""
        await self.gate.go("complaints")
        mine = [ticket for ticket in self.tickets.values() if ticket.customer_id == customer_id]
        return Sourced(tuple(sorted(mine, key=lambda one: not one.is_open)), "complaints", self.clock.now())

    async def complaint(self, complaint_id: str) -> Complaint | None:
        """Return a ticket by its number or by the command that made it."""
        await self.gate.go("complaint")
        return next((one for one in self.tickets.values() if complaint_id in (one.id, one.command_id)), None)

    async def outages_touching(self, customer_id: str) -> Sourced[tuple[Outage, ...]]:
        """Return the open outages that hit a service the customer holds."""
        await self.gate.go("outages")
        held = {service.id for service in self.holding.get(customer_id, Holdings()).services}
        hits = (outage for outage in self.outages if outage.is_open and outage.service_ids & held)
        told = tuple(replace(outage, counted_in=self._counted_in(outage, customer_id)) for outage in hits)
        return Sourced(told, "network", self.clock.now())

    async def record(self, command: Command) -> None:
        """Keep the command once, with its effect on the tickets."""
        await self.gate.go("record")
        self.drafts.pop(command.id, None)
        if command.id in self.acts:
            return
        if command.replaces in self.acts:
            del self.acts[command.replaces]
            self.aside[command.replaces] = command.author
        self.acts[command.id] = Pending(command, Certainty.WAITING, len(self.acts) + 1, changed_at=self.clock.now())
        if command.kind in (commands.FILE, commands.ADD_CONTACT):
            self._take_effect(command)
        self.changes.publish({command.collection})

    async def keep(self, draft: Draft) -> None:
        """Keep it, unless its act was recorded."""
        await self.gate.go("keep")
        is_new = draft.id not in self.drafts
        if draft.id not in self.acts and (is_new or self._is_ours(draft)):
            self.drafts[draft.id] = draft
            if is_new:
                self.changes.publish({"draft"})

    def _is_ours(self, draft: Draft) -> bool:
        known = self.drafts[draft.id]
        return known.place is Place.HERE and known.version <= draft.version

    async def discard(self, draft_id: str, author: str) -> None:
        """Let go of the author's draft."""
        await self.gate.go("discard")
        if draft_id in self.drafts and self.drafts[draft_id].author == author:
            del self.drafts[draft_id]
            self.changes.publish({"draft"})

    async def park(self, draft_id: str, author: str) -> None:
        """Let the author's draft wait for the line."""
        await self.gate.go("park")
        self._place(draft_id, author, Place.HERE, Place.WAITS)

    async def call_back(self, draft_id: str, author: str) -> bool:
        """Keep it after all, if it still waits."""
        await self.gate.go("call-back")
        self._place(draft_id, author, Place.WAITS, Place.HERE)
        return draft_id in self.drafts and self.drafts[draft_id].place is Place.HERE

    async def parked(self, person: str) -> tuple[ParkedDraft, ...]:
        """Return what was put into `hall`, which is everybody's."""
        del person
        await self.gate.go("parked")
        return tuple(told for told, _ in self.hall.values())

    async def resume(self, draft_id: str, author: str) -> None:
        """Hand it to the author."""
        await self.gate.go("resume")
        if draft_id not in self.hall:
            raise DraftGoneError
        _, draft = self.hall.pop(draft_id)
        self.drafts[draft_id] = replace(draft, author=author, place=Place.HERE)
        self.changes.publish({"draft"})

    async def discard_parked(self, draft_id: str, person: str) -> None:
        """Let go of it; who may is head office's business."""
        del person
        await self.gate.go("discard-parked")
        if draft_id not in self.hall:
            raise DraftGoneError
        del self.hall[draft_id]

    def reach_hall(self, draft_id: str, **more: Any) -> None:
        """Let a draft that waits arrive at the hall."""
        draft = self.drafts.pop(draft_id)
        told = ParkedDraft(draft_id, draft.kind, draft.subject, draft.author, "Somebody", self.clock.now())
        self.hall[draft_id] = replace(told, **more), draft
        self.changes.publish({"draft"})

    def _place(self, draft_id: str, author: str, before: Place, after: Place) -> None:
        one = self.drafts.get(draft_id)
        if one is not None and (one.author, one.place) == (author, before):
            self.drafts[draft_id] = replace(one, place=after)
            self.changes.publish({"draft"})

    async def drafts_of(self, author: str) -> tuple[Draft, ...]:
        """Return the author's drafts, the oldest first."""
        await self.gate.go("drafts")
        return tuple(
            sorted((one for one in self.drafts.values() if one.author == author), key=lambda one: one.begun_at)
        )

    async def pending(self) -> list[Pending]:
        """Return the acts that are not at rest, oldest first."""
        await self.gate.go("pending")
        return [act for act in self.acts.values() if act.certainty != Certainty.CONFIRMED]

    async def certainty_of(self, command_id: str) -> Certainty | None:
        """What head office has said of one act, also of one at rest."""
        await self.gate.go("certainty")
        if command_id in self.aside:
            return Certainty.REFUSED
        return self.acts[command_id].certainty if command_id in self.acts else None

    async def set_aside(self, command_id: str, by: str) -> None:
        """Put the act to rest and remember on whose word."""
        await self.gate.go("set-aside")
        del self.acts[command_id]
        self.aside[command_id] = by
        self.changes.publish({"troubleTicket"})

    async def adopt(self, command_id: str, by: str) -> None:
        """Remember who stands for the act."""
        await self.gate.go("adopt")
        act = self.acts[command_id]
        self.acts[command_id] = replace(act, command=replace(act.command, adopted_by=by))
        self.changes.publish({"troubleTicket"})

    async def send_on_top(self, command_id: str, by: str, tag: str) -> None:
        """Let the act wait again and remember on whose word."""
        await self.gate.go("send-on-top")
        there = self.acts[command_id].there
        if there is None or there.tag != tag:
            return
        self.acts[command_id] = replace(self.acts[command_id], certainty=Certainty.WAITING, there=None)
        self.on_top[command_id] = by
        self.changes.publish({"troubleTicket"})

    def become(self, command_id: str, certainty: Certainty, *, ticket_id: str = "", reason: str = "") -> None:
        """Let head office's answer arrive: the act and its ticket get `certainty`, and everybody is told."""
        self.acts[command_id] = replace(self.acts[command_id], certainty=certainty, reason=reason)
        found = next((key for key, one in self.tickets.items() if one.command_id == command_id), None)
        if found is not None:
            ticket = replace(self.tickets.pop(found), certainty=certainty, reason=reason)
            ticket = replace(ticket, id=ticket_id or ticket.id)
            self.tickets[ticket.id] = ticket
        self.changes.publish({"troubleTicket"})

    def _counted_in(self, outage: Outage, customer_id: str) -> CountedIn | None:
        """As the record has it, else as the newest act of this desk would have it."""
        links = [act for act in self.acts.values() if act.command.kind == commands.LINK_OUTAGE]
        ours = [act for act in links if (act.command.entity_id, act.command.customer_id) == (outage.id, customer_id)]
        return outage.counted_in or (CountedIn(ours[-1].command.made_at, ours[-1].certainty) if ours else None)

    def _take_effect(self, command: Command) -> None:
        if command.kind == commands.FILE:
            fresh = complaint_from(commands.filed(None, command))
        else:
            before = self.tickets[command.entity_id]
            fresh = replace(before, contacts=before.contacts + 1)
        self.tickets[fresh.id] = replace(fresh, certainty=Certainty.WAITING, command_id=command.id)


def _hit(customer: Customer, typed: str) -> SearchHit | None:
    phones = [digits_in(phone) for phone in customer.contacts.phones]
    digits, words = digits_in(typed), folded(typed)
    if customer.id.casefold() == words:
        return _row(customer, MatchKind.CUSTOMER, customer.id, is_exact=True)
    if digits and (phone := next((one for one in phones if one.startswith(digits)), "")):
        return _row(customer, MatchKind.PHONE, phone, is_exact=phone == digits)
    if len(digits) == LAST_FOUR and (phone := next((one for one in phones if one.endswith(digits)), "")):
        return _row(customer, MatchKind.LAST_FOUR, phone, is_exact=False)
    if words and not digits and words in folded(customer.name):
        return _row(customer, MatchKind.NAME, customer.name, is_exact=False)
    return None


def _row(customer: Customer, match: MatchKind, matched: str, *, is_exact: bool) -> SearchHit:
    phone = next(iter(customer.contacts.phones), "")
    return SearchHit(
        customer_id=customer.id,
        name=customer.name,
        last_four=digits_in(phone)[-LAST_FOUR:],
        district=customer.contacts.district,
        status=customer.status,
        match=match,
        matched=matched,
        is_exact=is_exact,
    )
