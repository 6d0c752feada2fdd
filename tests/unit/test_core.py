"""Ids, time, money, changes, roles and errors: the words every part shares."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.certainty import Certainty
from app.core.changes import Changes
from app.core.clock import SystemClock, from_wire, to_wire
from app.core.errors import BackOfficeRefusedError, DeskError, StorageFullError
from app.core.ids import new_id
from app.core.money import Money, money_from
from app.core.permissions import Clerk, Permission, permissions_of
from app.core.words import said_of, sentence_of

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=OFFSETS)  # noqa: DTZ001 - zones are drawn


def test_no_two_ids_are_the_same() -> None:
    assert len({new_id() for _ in range(5_000)}) == 5_000
    assert len({new_id(1) for _ in range(5_000)}) == 5_000


@given(earlier=st.integers(0, 2**48 - 2), later=st.integers(1, 10**9))
def test_ids_sort_by_the_time_they_were_made(earlier: int, later: int) -> None:
    assert new_id(earlier) < new_id(min(earlier + later, 2**48 - 1))


@given(milliseconds=st.integers(0, 2**48 - 1))
def test_an_id_is_a_uuid_of_version_7_that_tells_its_time(milliseconds: int) -> None:
    made = uuid.UUID(new_id(milliseconds))
    assert (made.version, made.variant, made.int >> 80) == (7, uuid.RFC_4122, milliseconds)


@given(moment=INSTANTS)
def test_an_instant_comes_back_from_the_wire_to_the_millisecond(moment: datetime) -> None:
    written = to_wire(moment)
    assert written.endswith("Z")
    read = from_wire(written)
    assert read.tzinfo is UTC
    assert timedelta() <= moment - read < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    "text",
    ["2026-03-25T04:00:00Z", "2026-03-25T04:00:00.000Z", "2026-03-25T12:00:00+08:00", "2026-03-25T04:00:00",
     " 2026-03-25T04:00Z ", "20260325T040000Z", "2026-03-24T23:00:00-05:00"],
)  # fmt: skip
def test_instants_are_read_in_the_spellings_that_servers_use(text: str) -> None:
    assert from_wire(text) == datetime(2026, 3, 25, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "9999-12-31T23:59:59Z", "0001-01-01", "0001-01-01T00:00:00+14:00", "１"]
)
def test_what_is_no_instant_or_one_that_not_every_time_zone_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"iso|instant|range|year|must be"):
        from_wire(text)


@given(moment=st.datetimes(timezones=OFFSETS))
def test_whatever_instant_can_be_read_can_be_shown_in_any_time_zone(moment: datetime) -> None:
    try:
        read = from_wire(moment.isoformat())
    except ValueError:
        return
    for hours in (-14, 14):
        read.astimezone(timezone(timedelta(hours=hours)))


def test_the_machines_clock_is_aware_and_its_monotonic_seconds_never_go_back() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()


@pytest.mark.parametrize(
    ("value", "currency", "minor", "shown"),
    [(12.3, "CNY", 1230, "12.30"), ("1,5", "CNY", None, ""), ("1234567.895", "EUR", 123456790, "1,234,567.90"),
     (0.125, "EUR", 12, "0.12"), (-0.05, "EUR", -5, "-0.05"), (700, "JPY", 700, "700"), ("1.2345", "KWD", 1234, "1.234"),
     (0.1 + 0.2, "CNY", 30, "0.30"), ("1e3", "CNY", 100000, "1,000.00")],
)  # fmt: skip
def test_amounts_are_read_to_minor_units_of_their_currency(
    value: object, currency: str, minor: int | None, shown: str
) -> None:
    money = money_from(value, currency)
    assert (money.minor if money else None, str(money) if money else "") == (minor, shown)


@pytest.mark.parametrize(
    "value",
    ["NaN", "sNaN", "Infinity", "-inf", "1e999999", "1e99999999999", "1e18", 10**30, None, True, [], {}, "", "x"],
)
def test_what_is_no_sensible_amount_is_none(value: object) -> None:
    assert money_from(value, "CNY") is None
    assert money_from(5, "") is None


@given(minor=st.integers(-(10**15), 10**15), currency=st.sampled_from(["CNY", "JPY", "BHD"]))
def test_money_comes_back_from_its_own_spelling(minor: int, currency: str) -> None:
    assert money_from(str(Money(minor, currency)).replace(",", ""), currency) == Money(minor, currency)


@given(value=st.decimals(allow_nan=False, allow_infinity=False, places=2, max_value=Decimal(10**12)))
def test_two_decimals_are_never_rounded(value: Decimal) -> None:
    money = money_from(str(value), "CNY")
    assert money is None or Decimal(money.minor) == value * 100


def test_everybody_hears_of_changes_until_they_no_longer_listen() -> None:
    changes = Changes()
    heard: list[tuple[str, frozenset[str]]] = []
    end_first = changes.subscribe(lambda names: heard.append(("first", names)))

    def once(names: frozenset[str]) -> None:
        heard.append(("once", names))
        end_once()

    end_once = changes.subscribe(once)
    changes.publish(["a", "b", "a"])
    changes.publish({"c"})
    end_first()
    end_first()
    changes.publish({"d"})
    both = frozenset({"a", "b"})
    assert heard == [("first", both), ("once", both), ("first", frozenset({"c"}))]


def test_a_role_may_what_it_may_and_an_unknown_one_nothing() -> None:
    assert Clerk("mei", "Mei", "clerk").may(Permission.FILE_COMPLAINT)
    assert not Clerk("mei", "Mei", "clerk").may(Permission.ADOPT_COMMANDS)
    assert Clerk("boss", "Boss", "supervisor").may(Permission.ADOPT_COMMANDS)
    assert not Clerk("eve", "Eve", "Clerk").may(Permission.READ_CUSTOMERS)
    assert permissions_of("") == frozenset()


def test_an_errors_words_are_filled_but_never_in_what_is_logged() -> None:
    error = BackOfficeRefusedError(reason="no such {service}")
    assert str(error) == "Head office refused this: no such {service}. Your form is kept. Change it, send it again."
    assert error.args == ("BackOfficeRefusedError",)
    assert str(StorageFullError()) == StorageFullError.text
    assert issubclass(StorageFullError, DeskError)


def test_only_refused_and_differing_acts_need_a_person() -> None:
    assert [one for one in Certainty if one.needs_a_person] == [Certainty.REFUSED, Certainty.DIFFERS]


def test_a_sentence_is_kept_with_its_words_and_any_other_text_as_it_is() -> None:
    said = said_of("Held twice: {ids}.", ids="T1, T2")
    assert sentence_of(said) == ("Held twice: {ids}.", {"ids": "T1, T2"})
    for other in ("", "No {ids}", "First line\nsecond line", "What {is}\nnot=ours"):
        assert sentence_of(other) == (other, {})
