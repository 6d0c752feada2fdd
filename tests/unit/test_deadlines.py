"""By when a complaint must be answered: our own promise, and the limit of the country that it comes from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.bootstrap import store
from app.rules.deadlines import SHIPPED_LIMITS, Severity, deadlines_from, limits_from
from app.settings import SettingError

RECEIVED = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
LIMITS = limits_from(SHIPPED_LIMITS)
ROW = """
[[limit]]
country = "FR"
regulator = "ARCEP"
days = 10
source = "made up"
source_zh = "虚构"
is_primary_source = true
"""


@pytest.mark.parametrize(
    ("severity", "within"),
    [
        (Severity.CRITICAL, timedelta(hours=4)),
        (Severity.MAJOR, timedelta(hours=24)),
        (Severity.MINOR, timedelta(days=3)),
    ],
)
def test_both_clocks_run_from_receipt(severity: Severity, within: timedelta) -> None:
    due = deadlines_from(RECEIVED, severity, LIMITS.of("CN", RECEIVED))
    assert (due.promised, due.legal) == (RECEIVED + within, RECEIVED + timedelta(days=15))
    assert deadlines_from(RECEIVED, severity, None).legal is None


@pytest.mark.parametrize(
    ("country", "regulator", "days", "is_primary"),
    [("CN", "MIIT", 15, False), ("中国", "MIIT", 15, False), ("US", "FCC", 30, True), ("united states", "FCC", 30, True),
     ("GB", "Ofcom ADR", 42, True)],
)  # fmt: skip
def test_each_country_has_its_own_limit_with_its_source(
    country: str,
    regulator: str,
    days: int,
    is_primary: bool,  # noqa: FBT001
) -> None:
    limit = LIMITS.of(country, RECEIVED)
    assert limit is not None
    assert (limit.regulator, limit.within, limit.is_primary_source) == (regulator, timedelta(days=days), is_primary)
    assert limit.source
    assert limit.source_zh


@pytest.mark.parametrize("country", ["FR", "", "C", "CNN", "Nowhere"])
def test_where_no_limit_is_known_there_is_none(country: str) -> None:
    assert LIMITS.of(country, RECEIVED) is None


@pytest.mark.parametrize(
    ("received", "weeks"),
    [(datetime(2026, 4, 7, 23, 59, tzinfo=UTC), 8), (datetime(2026, 4, 8, tzinfo=UTC), 6), (RECEIVED, 6)],
)
def test_the_limit_in_force_at_receipt_counts(received: datetime, weeks: int) -> None:
    limit = LIMITS.of("GB", received)
    assert limit is not None
    assert limit.within == timedelta(weeks=weeks)


def test_an_operator_can_bring_another_pack(tmp_path: Path) -> None:
    pack = tmp_path / "deadlines.toml"
    pack.write_text(ROW, "utf-8")
    limits = limits_from(pack)
    (limit,) = limits.known
    assert (limits.of("fr", RECEIVED), limit.within, limits.of("CN", RECEIVED)) == (limit, timedelta(days=10), None)
    pack.write_text("", "utf-8")
    assert limits_from(pack).known == ()


@pytest.mark.parametrize(
    ("is_so", "is_wrong"),
    [("days = 10", "days = 0"), ("days = 10", "days = true"), ("days = 10", 'days = "10"'), ("days = 10", ""),
     ('country = "FR"', 'country = " "'), ('country = "FR"', "country = 33"), ("[[limit]]", "[limit]"),
     ("is_primary_source = true", 'is_primary_source = "yes"'), ("days = 10", "days = 10\nsince = 2026-04-08T00:00:00"),
     ("days = 10", "days = 10\nalso = 7"), ('source = "made up"', ""), ('"FR"', "FR")],
)  # fmt: skip
def test_a_pack_that_makes_no_sense_is_said_to_be_unusable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_so: str, is_wrong: str
) -> None:
    pack = tmp_path / "deadlines.toml"
    pack.write_text(ROW.replace(is_so, is_wrong), "utf-8")
    monkeypatch.setattr(store, "SHIPPED_LIMITS", pack)
    with pytest.raises(SettingError, match=r"deadlines\.toml"):
        store.regulators_limits()


def test_a_pack_that_is_missing_is_said_to_be_unusable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SHIPPED_LIMITS", tmp_path / "none.toml")
    with pytest.raises(SettingError, match=r"none\.toml"):
        store.regulators_limits()
