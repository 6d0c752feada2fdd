"""Reading cells: numbers, dates and times in exactly the spellings that the files have."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.importing.reading import parse_date, parse_number, parse_time


@given(st.integers(-(10**9), 10**9), st.integers(0, 99))
def test_a_plain_decimal_number_is_read(whole: int, cents: int) -> None:
    text = f"{whole}.{cents:02}"
    assert parse_number(text) == float(text)


@pytest.mark.parametrize("text", ["", "nan", "inf", "1e5", "1,000", "1_000", "0x10", "$5", "--1", ".", "９", "1" * 400])
def test_nothing_else_is_taken_for_a_number(text: str) -> None:
    assert parse_number(text) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_all_spellings_of_a_date_mean_the_same_day(day: date) -> None:
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[day.month - 1]
    assert parse_date(f"{day.day:02}-{day.month:02}-{day.year}") == day
    assert parse_date(f"{day.day:02}-{month}-{day.year % 100:02}") == day
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text", ["", "31-02-2015", "04/22/2015", "2015-22-04", "15-04-22", "22-13-2015", "22-Abc-15", "00-Jan-15"]
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3:53:50 PM", time(15, 53, 50)),
        ("12:00:01 AM", time(0, 0, 1)),
        ("12:59:59 pm", time(12, 59, 59)),
        ("9:05 AM", time(9, 5)),
        ("13:00:00 PM", None),
        ("0:10:00 AM", None),
        ("9:75:00 AM", None),
        ("15:53:50", time(15, 53, 50)),
        ("03:53", time(3, 53)),
        ("3:53:50", None),
        ("24:00", None),
        ("", None),
    ],
)
def test_a_time_of_day_needs_its_half_or_two_digits(text: str, expected: time | None) -> None:
    assert parse_time(text) == expected
