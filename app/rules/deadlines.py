"""When a complaint must be answered: the operator's own promise, and the regulator's limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is for the customer, in the words of TMF621's `severity`."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


PROMISED_WITHIN: dict[Severity, timedelta] = {
    Severity.CRITICAL: timedelta(hours=4),
    Severity.MAJOR: timedelta(hours=24),
    Severity.MINOR: timedelta(days=3),
}


@dataclass(frozen=True, slots=True)
class RegulatorLimit:
    """A legal limit with where it was read and how sure that is."""

    name: str
    within: timedelta
    source: str
    is_primary_source: bool


MIIT = RegulatorLimit(
    "MIIT", timedelta(days=15), "Secondary accounts of the MIIT complaint measures", is_primary_source=False
)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Both clocks of one complaint; they run from receipt, never from when it reached head office."""

    promised: datetime
    legal: datetime
    legal_name: str


def deadlines_from(received_at: datetime, severity: Severity, limit: RegulatorLimit = MIIT) -> Deadlines:
    """Both due instants of a complaint received at `received_at`."""
    return Deadlines(received_at + PROMISED_WITHIN[severity], received_at + limit.within, limit.name)
