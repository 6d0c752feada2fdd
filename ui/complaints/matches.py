"""What is already known about the trouble: an outage or an open ticket answers before a form is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.complaints.model import Complaint
from app.customer360.overview import Overview
from app.network.model import CountedIn, Outage

SHOWN_TICKETS = 4  # the nearest; the customer page shows all


class MatchKind(StrEnum):
    """The three kinds of row, in the order shown."""

    LINK = "link"
    ADD = "add"
    ELSE = "else"


@dataclass(frozen=True, slots=True)
class Match:
    """One row: an outage to be linked to, a ticket to add to, or something else.

    `is_certain` says that it may be selected without being asked.
    """

    kind: MatchKind
    outage: Outage | None = None
    complaint: Complaint | None = None
    is_certain: bool = False

    @property
    def key(self) -> str:
        """What tells the row from the others."""
        return self.outage.id if self.outage else self.complaint.id if self.complaint else self.kind.value

    @property
    def counted_in(self) -> CountedIn | None:
        """How the customer is counted in already on the row's outage: then there is nothing to take."""
        return self.outage.counted_in if self.outage else None


def matches_in(overview: Overview | None, service_id: str) -> tuple[Match, ...]:
    """The rows for the chosen service (empty: none chosen yet); none at all where nothing is known."""
    if overview is None:
        return ()
    outages = tuple(_outages(overview, service_id))
    known = (*outages, *_open_tickets(overview, service_id))
    is_known_already = any(one.counted_in and one.outage and service_id in one.outage.service_ids for one in outages)
    return (*known, Match(MatchKind.ELSE, is_certain=is_known_already)) if known else ()


def certain(matches: tuple[Match, ...]) -> Match | None:
    """The one row that may be selected without being asked."""
    return next((match for match in matches if match.is_certain), None)


def _outages(overview: Overview, service_id: str) -> Iterator[Match]:
    for outage in overview.outages.value:
        hits = service_id in outage.service_ids
        if hits or not service_id:
            yield Match(MatchKind.LINK, outage=outage, is_certain=hits and outage.counted_in is None)


def _open_tickets(overview: Overview, service_id: str) -> Iterator[Match]:
    """Open tickets, those on the chosen service first."""
    still_open = [one for one in overview.complaints.value if one.is_open and not one.certainty.needs_a_person]
    nearest_first = sorted(still_open, key=lambda one: not (service_id and one.service_id == service_id))
    yield from (Match(MatchKind.ADD, complaint=one) for one in nearest_first[:SHOWN_TICKETS])
