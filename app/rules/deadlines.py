"""When a complaint must be answered: the operator's own promise, and the limit of the regulator of the customer's country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.rules.folding import folded

_LONGEST = 3_650  # days; more is a slip of the pen
SHIPPED_LIMITS = Path(__file__).resolve().parents[2] / "resources" / "deadlines.toml"


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
    """A legal limit with where it was read and how sure that is; `countries` are the spellings of the one it holds in."""

    countries: frozenset[str]
    regulator: str
    within: timedelta
    source: str
    source_zh: str
    is_primary_source: bool
    since: date = date.min


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits that are known."""

    known: tuple[RegulatorLimit, ...] = ()

    def of(self, country: str, received_at: datetime) -> RegulatorLimit | None:
        """The limit in force there at that time; None where none is known: another country's says nothing."""
        day = received_at.astimezone(UTC).date()
        in_force = [one for one in self.known if folded(country) in one.countries and one.since <= day]
        return max(in_force, key=lambda one: one.since, default=None)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Both clocks of one complaint; they run from receipt, never from when it reached head office."""

    promised: datetime
    legal: datetime | None


def deadlines_from(received_at: datetime, severity: Severity, limit: RegulatorLimit | None) -> Deadlines:
    """Both due instants of a complaint received at `received_at`; no legal one where no limit is known."""
    return Deadlines(received_at + PROMISED_WITHIN[severity], received_at + limit.within if limit else None)


def limits_from(pack: Path) -> Limits:
    """Read a pack of limits such as the one that is shipped. Blocking. Raises ValueError, OSError."""
    import tomllib  # noqa: PLC0415 - only who reads a pack pays for it

    rows = tomllib.loads(pack.read_text("utf-8")).get("limit", [])
    return Limits(tuple(_limit(row) for row in rows))


def _limit(row: dict[str, Any]) -> RegulatorLimit:
    try:
        texts = {name: row[name] for name in ("regulator", "source", "source_zh")}
        countries = (row["country"], *row.get("also", ()))
        days, since, is_primary = row["days"], row.get("since", date.min), row["is_primary_source"]
    except (KeyError, TypeError) as error:
        raise ValueError(f"a limit lacks {error}") from error
    fits = (
        all(isinstance(one, str) and one.strip() for one in (*texts.values(), *countries)),
        type(days) is int and 0 < days <= _LONGEST,
        type(since) is date,
        type(is_primary) is bool,
    )
    if not all(fits):
        raise ValueError(f"a limit of {countries[0]} holds something that is none")
    spellings = frozenset(folded(one) for one in countries)
    return RegulatorLimit(spellings, **texts, within=timedelta(days=days), is_primary_source=is_primary, since=since)
