"""Cutting files into records: no byte stops it, a broken record costs only itself, lines are physical lines."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.importing.rows import MAX_RECORD, Record, RecordReader, Unreadable

_FIELDS = st.text(st.characters(codec="utf-8"), max_size=12)


def read(content: bytes, width: int | None = None) -> list[Record | Unreadable]:
    reader = RecordReader(io.BytesIO(content))
    reader.width = width
    return list(reader)


def test_a_record_with_line_breaks_in_quotes_knows_the_line_it_begins_on() -> None:
    assert read(b'a,b\r\n"one\r\ntwo\r\nthree",x\r\n\r\nc,d\r\n', 2) == [
        Record(1, ["a", "b"]),
        Record(2, ["one\r\ntwo\r\nthree", "x"]),
        Record(6, ["c", "d"]),
    ]


def test_a_quote_that_is_never_closed_costs_only_its_own_line() -> None:
    assert read(b'a,b\n"c,d\ne,f\ng,h\n', 2) == [
        Record(1, ["a", "b"]),
        Unreadable(2, '"c,d', "a quote is not closed"),
        Record(3, ["e", "f"]),
        Record(4, ["g", "h"]),
    ]


def test_two_stray_quotes_do_not_swallow_the_rows_between_them() -> None:
    found = read(b'"a,b\nc,d\ne,f"\ng,h\n', 2)
    assert [record.line for record in found if isinstance(record, Record)] == [2, 3, 4]
    assert [record.line for record in found if isinstance(record, Unreadable)] == [1]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a\n", "1 fields instead of 2"),
        (b"a,b,c\n", "3 fields instead of 2"),
        (b"a,\xff\n", "not UTF-8"),
        (b"a,\xed\xa0\x80\n", "not UTF-8"),
    ],
)
def test_a_broken_record_is_given_up_with_its_reason(line: bytes, reason: str) -> None:
    first, second = read(line + b"x,y\n", 2)
    assert isinstance(first, Unreadable)
    assert (first.line, first.reason) == (1, reason)
    assert second == Record(2, ["x", "y"])


def test_zero_bytes_do_not_stop_the_file() -> None:
    assert read(b"a\x00b,c\n", 2) == [Record(1, ["a\x00b", "c"])]


def test_a_large_field_is_read_and_an_enormous_one_is_given_up() -> None:
    large, enormous = b"x" * (MAX_RECORD // 2), b"x" * (3 * MAX_RECORD)
    first, second, third = read(large + b",1\n" + enormous + b",2\nlast,3\n", 2)
    assert isinstance(first, Record)
    assert isinstance(second, Unreadable)
    assert second.line == 2
    assert third == Record(3, ["last", "3"])


def test_a_quoted_field_that_outgrows_the_limit_gives_the_lines_after_it_back() -> None:
    lines = b"fill,me\n" * (MAX_RECORD // 8 + 10)
    found = read(b'"open,1\n' + lines, 2)
    assert isinstance(found[0], Unreadable)
    assert len(found) == MAX_RECORD // 8 + 11
    assert all(isinstance(record, Record) for record in found[1:])


@given(st.lists(st.lists(_FIELDS, min_size=2, max_size=2), max_size=6))
def test_what_a_csv_writer_writes_is_read_back(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    found = read(stream.getvalue().encode(), 2)
    assert [record.fields for record in found if isinstance(record, Record)] == rows


@given(st.binary(max_size=200))
def test_every_line_of_any_bytes_is_read_given_up_or_blank(content: bytes) -> None:
    found = read(content, 2)
    lines = [record.line for record in found]
    assert lines == sorted(set(lines))
    assert all(1 <= line <= content.count(b"\n") + 1 for line in lines)


@given(st.lists(st.sampled_from([b"a,b", b'"a,b', b'a",b', b'"a\nb",c', b"\xff,b", b"\x00,b", b""]), max_size=8))
def test_a_good_row_after_any_dirt_is_read(dirt: list[bytes]) -> None:
    found = read(b"\n".join([*dirt, b"good,row", b""]), 2)
    assert found[-1] == Record(b"\n".join([*dirt, b""]).count(b"\n") + 1, ["good", "row"])
