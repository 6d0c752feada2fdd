"""What is parked at the hall, as everybody there sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP

MOST_BYTES = 38_000  # of a body, as ASCII: with a key for each of a hundred desks it then goes into a box


class ParkedState(StrEnum):
    """What can be done with it."""

    PARKED = "parked"
    CLAIMED = "claimed"  # another desk is fetching it
    EXPIRED = "expired"  # it goes back to its author


@dataclass(frozen=True, slots=True)
class ParkedDraft:
    """A draft in the hall. Of what is in it, only kind and subject are known: a code of the feature, no personal data."""

    id: str
    kind: str
    subject: str
    author: str
    author_name: str
    parked_at: datetime
    state: ParkedState = ParkedState.PARKED
    claimed_by: str = ""


class DraftTakenError(DeskError):
    """Somebody else was first, at another desk or at this one."""

    text = QT_TRANSLATE_NOOP(
        "errors", "{name} has taken this up already. Nothing is lost. Choose another, or ask them."
    )


class DraftGoneError(DeskError):
    """It is not parked at this hall any more."""

    text = QT_TRANSLATE_NOOP("errors", "This is not parked at the hall any more. Press F5 to see what is.")


class DraftNotForYouError(DeskError):
    """It has expired, and somebody else wrote it."""

    text = QT_TRANSLATE_NOOP("errors", "This was parked too long ago. Its author or a supervisor can still take it up.")


class DraftUnreadableError(DeskError):
    """It was not sealed to this desk."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "This was parked before this desk belonged to the hall, so it cannot be opened here. Use another desk.",
    )


class HallFullError(DeskError):
    """The hall takes no more."""

    text = QT_TRANSLATE_NOOP("errors", "As much is parked at the hall as it takes. Take something up there first.")


class NotParkedError(DeskError):
    """Head office did not take it, and does not have it from before either; `why` says it in the clerk's words."""

    def __init__(self, why: DeskError) -> None:
        super().__init__()
        self.why = why


class NewerDraftError(DeskError):
    """It is of a kind or version that this program does not know."""

    text = QT_TRANSLATE_NOOP(
        "errors", "A newer Trunkline parked this. Take it up at a desk that has been brought up to date."
    )


class DraftTooLongError(DeskError):
    """It does not go into a box."""

    text = QT_TRANSLATE_NOOP("errors", "This is too long to be parked. It stays here. Shorten it, or finish it here.")


class NoHallError(DeskError):
    """This back office parks nothing."""

    text = QT_TRANSLATE_NOOP("errors", "Head office does not park anything. What you began stays here.")
