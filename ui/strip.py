"""The strip under the box: who this page is about, always in the same place."""

from __future__ import annotations

from dataclasses import dataclass

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
