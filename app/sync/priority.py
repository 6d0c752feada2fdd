"""Which kinds of act go before others, as data."""

from __future__ import annotations

BAR_LOST_PHONE = "line.bar-lost-phone"

# Whoever found the phone talks at its owner's cost until it is barred; everything else here can wait a minute.
PRIORITIES = {BAR_LOST_PHONE: 1}


def priority_of(kind: str) -> int:
    """How urgent acts of a kind are: 0 is in turn, more goes before."""
    return PRIORITIES.get(kind, 0)
