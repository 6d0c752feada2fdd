"""The strip under the box: who this page is about, always in the same place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ui.theme.tokens import Level


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing the clerk must not overlook, worst first. `icon` names a drawing under resources/icons."""

    text: str
    level: Level
    icon: str = ""


@dataclass(frozen=True, slots=True)
class StripState:
    """What the strip shows. `name` is what the customer is called, their number where they have no name."""

    name: str
    number: str = ""
    tier: str = ""
    here: str = ""
    alerts: tuple[Alert, ...] = ()


@runtime_checkable
class HasStrip(Protocol):
    """A page that is about somebody. The shell asks when it is shown, loaded, or when shown data changed."""

    def strip(self) -> StripState | None:
        """Who the page is about; None until that is known."""
        ...
