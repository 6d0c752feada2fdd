"""A draft: a form that somebody has begun and not saved, as every layer knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Place(StrEnum):
    """Where a draft is that this desk still has on its disk."""

    HERE = ""
    WAITS = "waits"  # to be parked; head office has not been asked yet, so that it can still be called back
    PARKING = "parking"  # head office may have it by now
    FETCHING = "fetching"  # claimed from the hall; nobody works on it before head office has let it go


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed so far, as data of the feature whose form it is; complete, so that the form can be made from it.

    `id` was made when the form opened, and is that of the command which will come of it: whoever resumes the draft files
    the same act. `kind` and `version` say how `body` is read. `customer_id` and `customer_name` let lists show the draft
    without knowing its kind; both are empty where it is about nobody's account. `subject` is a code of the feature for
    what it is about: of all this it alone may be seen by who cannot open the draft. `trouble` is why it was not
    parked, or why it is still on its way, as `app.core.words.said_of` writes it; the next word that is typed ends that.
    """

    id: str
    kind: str
    version: int
    author: str
    begun_at: datetime
    body: Mapping[str, Any]
    customer_id: str = ""
    customer_name: str = ""
    subject: str = ""
    place: Place = Place.HERE
    trouble: str = ""


class DraftBook(Protocol):
    """Where drafts outlive the window. Each call returns once a power cut cannot undo it; raises DeskError otherwise."""

    async def keep(self, draft: Draft) -> None:
        """Put a draft in the place of what was kept of it; one whose act was recorded is no draft any more.

        Nor is one touched that is on its way to the hall or from there.
        """
        ...

    async def discard(self, draft_id: str, author: str) -> None:
        """Let go of this author's draft; there need not be one."""
        ...

    async def park(self, draft_id: str, author: str) -> None:
        """Let this author's draft go to the hall, as soon as the line allows; nobody works on it here any more."""
        ...

    async def call_back(self, draft_id: str, author: str) -> bool:
        """Keep here after all what waits to be parked; whether it is here."""
        ...

    async def drafts_of(self, author: str) -> tuple[Draft, ...]:
        """Return the author's drafts wherever they are, the oldest first."""
        ...
