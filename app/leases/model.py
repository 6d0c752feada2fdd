"""What the desk holds on lease, when it may give it out, and what it owes head office about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP


class LeaseKind(StrEnum):
    """What may be leased."""

    PHONE_NUMBER = "phoneNumber"
    SIM_CARD = "simCard"
    RECEIPT = "receipt"


class LeaseState(StrEnum):
    """Where a lease stands at the desk. It never goes back to one of which something could be given out."""

    ASKED = "asked"
    HELD = "held"
    OVER = "over"  # nothing of it is given out any more; head office does not know yet what was
    ENDED = "ended"
    UNCERTAIN = "uncertain"  # the desk has lost sight of what it gave out of it


class NothingOnLeaseError(DeskError):
    """There is none left at the desk that may be given out."""

    text = QT_TRANSLATE_NOOP(
        "errors", "This desk has none left to give out. It gets more as soon as head office can be reached."
    )


class NotOnLeaseError(DeskError):
    """What an act gives out was given out already, or may not be given out any more."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "What you chose cannot be given out any more, so this was not saved. Your form is kept. Choose another.",
    )


@dataclass(frozen=True, slots=True)
class LeasedItem:
    """One of what is leased: its id at head office, and what a clerk reads out."""

    id: str
    value: str


@dataclass(frozen=True, slots=True)
class Lease:
    """A block as head office signed it; `text` is what the `signature` is on."""

    id: str
    kind: LeaseKind
    items: tuple[LeasedItem, ...]
    holder: str
    office: str
    epoch: str
    expires_at: datetime
    text: str
    signature: str


@dataclass(frozen=True, slots=True)
class ServerTime:
    """The highest time that head office told, and this machine's monotonic clock at that moment.

    The machine's own calendar has no say: a wrong one neither prolongs a lease nor ends it.
    """

    told: datetime
    at: float

    def now(self, monotonic: float) -> datetime:
        """What head office's clock shows now, at the least.

        The monotonic clock counts from when the machine was started. Where it shows less than it did, that was done since,
        and at least as much time has passed as it shows.
        """
        passed = monotonic - self.at if monotonic >= self.at else max(monotonic, 0.0)
        return self.told + timedelta(seconds=passed)

    def hears(self, told: datetime, monotonic: float) -> ServerTime:
        """The same after head office told its time; it never goes back."""
        return ServerTime(max(told, self.now(monotonic)), monotonic)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many of a kind a desk gets at a time, once it has fewer than `least`."""

    least: int
    count: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A block to ask head office for, under an id that the desk made."""

    id: str
    kind: LeaseKind
    count: int
    holder: str


@dataclass(frozen=True, slots=True)
class Told:
    """What head office says of this desk's leases: `out` are those that have not ended there."""

    now: datetime
    office: str
    epoch: str
    key: str
    out: tuple[tuple[str, LeaseKind], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What head office is to know of a lease: each item that was given out, with the command that did."""

    id: str
    text: str
    signature: str
    spent: tuple[tuple[str, str], ...]
    is_over: bool
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """A lease in the desk's journal. `free` are its items that were not given out; `reported_in`, the epoch that knows of it."""

    id: str
    kind: LeaseKind
    count: int
    state: LeaseState
    reported_in: str = ""
    expires_at: datetime | None = None
    free: int = 0

    def is_spendable(self, now: datetime) -> bool:
        """Whether something of it may be given out when head office's clock shows `now`."""
        return self.state is LeaseState.HELD and self.expires_at is not None and now < self.expires_at

    def heard(self, told: Told, now: datetime) -> Holding:
        """The same once head office has said what is out, and its clock shows `now`."""
        if self.state is LeaseState.HELD and (not self.free or not self.is_spendable(now)):
            return replace(self, state=LeaseState.OVER)
        if self.state is LeaseState.ENDED and self.id in {name for name, _ in told.out}:
            return replace(self, state=LeaseState.OVER)  # it was put back to when it had not ended
        return self

    def is_due(self, epoch: str) -> bool:
        """Whether head office, in this epoch, does not know what the desk knows of it."""
        if self.state is LeaseState.ASKED:
            return False
        return self.state is LeaseState.OVER or self.reported_in != epoch

    def reported(self, epoch: str) -> Holding:
        """The same once head office has taken the report."""
        state = LeaseState.ENDED if self.state is LeaseState.OVER else self.state
        return replace(self, state=state, reported_in=epoch)

    def lost_sight_of(self) -> Holding:
        """The same after a journal was damaged: what was given out of it may be forgotten."""
        return self if self.state is LeaseState.ASKED else replace(self, state=LeaseState.UNCERTAIN, reported_in="")


def shortage(held: list[Holding], kind: LeaseKind, wanted: Wanted, now: datetime) -> int:
    """How many to ask for: none while enough is there, or something was asked for already."""
    of_kind = [one for one in held if one.kind is kind]
    if any(one.state is LeaseState.ASKED for one in of_kind):
        return 0
    free = sum(one.free for one in of_kind if one.is_spendable(now))
    return 0 if free >= wanted.least else wanted.count


# Of what a hall gives out on a day without a line; receipts by far the most.
TOP_UP = {
    LeaseKind.PHONE_NUMBER: Wanted(5, 10),
    LeaseKind.SIM_CARD: Wanted(5, 10),
    LeaseKind.RECEIPT: Wanted(50, 100),
}
