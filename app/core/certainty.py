"""The six words for how certain an act is (UX rule 8). A clerk never sees a seventh."""

from __future__ import annotations

from enum import StrEnum


class Certainty(StrEnum):
    """What is known of an act at head office."""

    WAITING = "waiting"
    SENDING = "sending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    DIFFERS = "differs"
    UNKNOWN = "unknown"

    @property
    def needs_a_person(self) -> bool:
        """Refused acts and differing versions stay in "Needs you" until somebody decides."""
        return self in (Certainty.REFUSED, Certainty.DIFFERS)
