"""What a clerk does in a week without the line: acts of every kind, and some that cannot go through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any, Final

from app.bootstrap.reducers import REDUCERS
from app.complaints.commands import add_contact, file_complaint, link_outage
from app.complaints.model import Complaint, ComplaintForm
from app.core.commands import Command, Method
from app.core.ids import new_id
from app.sync.effects import Reducers
from app.sync.model import CommandState
from tests.crowd.grounds import CHANGED, GONE, OUTAGES, OWN, SHARED, changed, gone, kept, outage, own, shared
from tests.crowd.records import user_of

CHANGE: Final = "crowd.change"  # no feature has an act yet that needs the revision it was done on, so one is made up
KINDS: Final = {"file": 30, "own": 25, "shared": 20, "made": 12, "link": 9, "gone": 4}
FIRST_CUSTOMER, FEW_CUSTOMERS = 100_001, 50  # who complain, as they are numbered where customers are made up
CUSTOMERS: Final = 900_000  # numbers of customers that are counted in; each one once


def _changed(before: Mapping[str, Any] | None, command: Command) -> dict[str, Any]:
    return {**(before or {}), **command.body, "id": command.entity_id}


CROWD_REDUCERS: Final[Reducers] = {**REDUCERS, (CHANGE, 1): _changed}


@dataclass(frozen=True, slots=True)
class Planned:
    """An act, and in which state it has to end."""

    kind: str
    command: Command
    text: str
    expected: CommandState = CommandState.CONFIRMED


class Plan:
    """Draws what one clerk does; the same for the same seed."""

    def __init__(self, desk: int, seed: int) -> None:
        self._desk = desk
        self._author = user_of(desk)
        self._random = Random(f"{seed}/{desk}")  # noqa: S311 - to be drawn again
        self._made: list[str] = []
        self._count = 0

    def first(self, now: datetime, tags: Mapping[str, str]) -> list[Planned]:
        """The acts that need the revision that the clerk saw: half of these tickets are changed meanwhile."""
        wanted = [(changed(self._desk, one), CommandState.CONFLICT) for one in range(CHANGED)]
        wanted += [(kept(self._desk, one), CommandState.CONFIRMED) for one in range(CHANGED)]
        return [self._change(ticket, tags[ticket], end, now) for ticket, end in wanted]

    def next(self, now: datetime) -> Planned:
        """One more act."""
        kind = self._random.choices(list(KINDS), list(KINDS.values()))[0]
        self._count += 1
        text = f"said {self._desk} {self._count}"
        if kind == "file" or (kind == "made" and not self._made):
            return self._file(text, now)
        if kind == "link":
            customer = f"C-{CUSTOMERS + 1_000 * self._desk + self._count}"
            known = outage(self._random.randrange(OUTAGES))
            return Planned(kind, link_outage(new_id(), known, "No signal", customer, self._author, now), customer)
        target = {
            "own": lambda: own(self._desk, self._random.randrange(OWN)),
            "shared": lambda: shared(self._random.randrange(SHARED)),
            "made": lambda: self._random.choice(self._made),
            "gone": lambda: gone(self._desk, self._random.randrange(GONE)),
        }[kind]()
        end = CommandState.REFUSED if kind == "gone" else CommandState.CONFIRMED
        return Planned(kind, self._contact(target, text, now), text, end)

    def _file(self, text: str, now: datetime) -> Planned:
        customer = f"C-{FIRST_CUSTOMER + self._count % FEW_CUSTOMERS}"
        form = ComplaintForm(new_id(), now, customer, "Example", category="no-service", description=text)
        self._made.append(form.id)
        return Planned("file", file_complaint(form, self._author, now), text)

    def _contact(self, ticket: str, text: str, now: datetime) -> Command:
        on = Complaint(ticket, "No service", "", "major", "acknowledged", None, None, service_id="", customer_id="C-1")
        return add_contact(new_id(), on, text, self._author, now)

    def _change(self, ticket: str, tag: str, end: CommandState, now: datetime) -> Planned:
        self._count += 1
        text = f"said {self._desk} {self._count}"
        made = self._contact(ticket, text, now)
        change = replace(made, kind=CHANGE, method=Method.CHANGE, body={"description": text}, base_tag=tag)
        return Planned("change", change, text, end)
