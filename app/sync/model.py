"""The words of the sync core: what a command can become, what head office can answer, what a change is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.core.certainty import Certainty
from app.core.commands import Command, There
from app.rules.checksums import Checksum


class CommandState(StrEnum):
    """Where a command stands. Every command ends, or stays visible."""

    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"
    CHECKING = "checking"  # confirmed once; head office was put back to a backup, and is asked whether it still knows
    CHECKING_LOST = "checking-lost"  # lost once, and put back to another backup since: asked for again, and in sight
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CONFLICT = "conflict"
    DOUBLED = "doubled"  # confirmed, and then found a second time at a head office that keeps no keys
    LOST = "lost"
    SET_ASIDE = "set-aside"

    @property
    def certainty(self) -> Certainty:
        """The clerk's word for it."""
        return _CERTAINTY[self]

    @property
    def is_moving(self) -> bool:
        """Whether the outbox still has to do something about it."""
        return self in MOVING


ASKED_ANEW = (CommandState.CHECKING, CommandState.CHECKING_LOST)
MOVING = (CommandState.QUEUED, CommandState.SENT, CommandState.UNKNOWN, *ASKED_ANEW)
NEEDS_A_PERSON = (CommandState.REFUSED, CommandState.CONFLICT, CommandState.LOST)
AT_REST = (CommandState.CONFIRMED, CommandState.DOUBLED, CommandState.SET_ASIDE)
TAKEN = (CommandState.CONFIRMED, CommandState.CHECKING)  # head office has had it in effect, and may have it still
KEPT_BY_GRANT = (CommandState.QUEUED, CommandState.SENT, CommandState.UNKNOWN)  # else anybody's would do
ADOPTABLE = (CommandState.QUEUED, CommandState.UNKNOWN)  # what is on the wire right now hears of its author first
UNFINISHED = (*MOVING, *NEEDS_A_PERSON)  # few in a journal of any age, and so found by index where asked for by name
WAITING = tuple(state for state in MOVING if state is not CommandState.CHECKING)  # as far as a clerk can tell
UNDER_WAY = tuple(state for state in UNFINISHED if state not in TAKEN)  # its effect is the desk's to show
TO_DECIDE = (*NEEDS_A_PERSON, CommandState.DOUBLED)
SHOWN = (*UNDER_WAY, CommandState.DOUBLED)
_CERTAINTY = {
    CommandState.QUEUED: Certainty.WAITING,
    CommandState.SENT: Certainty.SENDING,
    CommandState.UNKNOWN: Certainty.UNKNOWN,
    CommandState.CHECKING: Certainty.UNKNOWN,
    CommandState.CHECKING_LOST: Certainty.UNKNOWN,
    CommandState.LOST: Certainty.REFUSED,
    CommandState.CONFIRMED: Certainty.CONFIRMED,
    CommandState.REFUSED: Certainty.REFUSED,
    CommandState.CONFLICT: Certainty.DIFFERS,
    CommandState.DOUBLED: Certainty.DIFFERS,
    CommandState.SET_ASIDE: Certainty.REFUSED,
}


def is_told_again(before: CommandState, now: CommandState) -> bool:
    """Whether head office, asked anew, said what it had said: then nothing has happened."""
    return (before, now) in (
        (CommandState.CHECKING, CommandState.CONFIRMED),
        (CommandState.CHECKING_LOST, CommandState.LOST),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """A command in the outbox with where it stands. `sequence` is its number on this device."""

    command: Command
    sequence: int
    state: CommandState

    @property
    def entity(self) -> tuple[str, str]:
        """What it acts on, under the desk's own id where it was made here; commands on one entity keep their order."""
        return self.command.collection, self.command.entity_id


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Every device sequence up to this one has ended, as far as head office had told in that epoch."""

    sequence: int = 0
    epoch: str = ""


# ---- what head office can answer to a command


@dataclass(frozen=True, slots=True)
class Confirmed:
    """It took effect: the entity's id there, its revision and, if told, how it looks now and in which epoch that was."""

    id: str
    revision: int
    body: Mapping[str, Any] | None = None
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never take effect as it is."""

    reason: str


@dataclass(frozen=True, slots=True)
class Differs:
    """Somebody changed the entity meanwhile; `there` is how it is now, where that was read."""

    there: There | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """Somebody changed the entity meanwhile, and the command goes on top of that: as this one, which saw what is there."""

    command: Command
    there: There


@dataclass(frozen=True, slots=True)
class Later:
    """It certainly did not take effect and may be tried again after `seconds` (None: as the retry policy says).

    `makes_no_sense`: what head office said meanwhile cannot be understood.
    """

    seconds: float | None = None
    line_is_cut: bool = False
    makes_no_sense: bool = False


@dataclass(frozen=True, slots=True)
class NotKnown:
    """No usable answer: it may have taken effect or not, so head office must be asked."""

    line_is_cut: bool = False


@dataclass(frozen=True, slots=True)
class NoGrant:
    """Head office no longer accepts the author's grant."""


@dataclass(frozen=True, slots=True)
class NeverArrived:
    """Asked by key, head office knows nothing of it: it may be sent. `epoch`: told by who knows what it has forgotten."""

    epoch: str = ""


@dataclass(frozen=True, slots=True)
class Unaskable:
    """It may have taken effect or not, and head office has no way to say which: only a person can find out."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Head office knows no more than that the act had ended, as this desk once said, or that its key was used before."""


Outcome = Confirmed | Refused | Differs | Merged | Later | NotKnown | NoGrant | NeverArrived | Unaskable | Forgotten


# ---- what comes down


@dataclass(frozen=True, slots=True)
class Change:
    """One record as head office holds it at `revision`; `body` is its JSON text, None a tombstone."""

    collection: str
    id: str
    revision: int
    body: str | None


@dataclass(frozen=True, slots=True)
class SnapshotStart:
    """The head of a snapshot: the feed from `cursor` makes it exact. `unknown_home`: where the asker sees no customer."""

    epoch: str
    cursor: str
    total: int
    unknown_home: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SnapshotPage:
    """Rows and the token from which a cut download goes on; an empty token is the end."""

    rows: tuple[Change, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Profile:
    """All records of one customer as head office has them in that epoch."""

    epoch: str
    rows: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """Customers outside the home of whom the copy holds everything, who was looked at last is last.

    `closing` are those to let go of.
    """

    customers: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """Customers who were let go of, and the records that are out of the copy with them."""

    customers: tuple[str, ...]
    records: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Changes in commit order and the cursor behind them; at the end also the checksum of all that is in scope, if told.

    With them the copy is in step up to `as_of` (None: up to now). `closed`: the records of who was let go of.
    """

    changes: tuple[Change, ...]
    cursor: str
    more: bool
    checksum: Checksum | None = None
    as_of: datetime | None = None
    closed: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class MirrorState:
    """How far the desk's copy has come. No epoch: there is none yet. `after` is where a build goes on, `as_of` the
    instant (as written on the wire) up to which it is known to be in step. `rows` came so far of `total`; `held` is the
    number of records and `digests` the sum of what they count (see `app.rules.checksums`). `home`: of these
    territories everything, of all where it is empty; `unknown_home` are those of them in which nobody lived then."""

    epoch: str = ""
    cursor: str = ""
    is_complete: bool = False
    after: str = ""
    rows: int = 0
    total: int = 0
    as_of: str = ""
    held: int = 0
    digests: int = 0
    home: str = ""
    unknown_home: str = ""

    @property
    def checksum(self) -> Checksum:
        """The checksum of what is held."""
        return Checksum(self.held, self.digests)

    def with_checksum(self, checksum: Checksum) -> MirrorState:
        """The same with what is held now."""
        return replace(self, held=checksum.count, digests=checksum.total)
