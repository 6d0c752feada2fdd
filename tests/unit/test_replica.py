"""What a copy takes from head office was read to its last sign before: the copy itself reads only what queries need."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from app.core.errors import BackOfficeAnswerError
from app.rules.checksums import Checksum
from app.sync.model import Change, FeedPage, Profile, SnapshotStart
from app.tmf import replica
from app.tmf.replica import feed_page as read_page
from app.tmf.replica import profile_in, snapshot_parts

COPIED = ("customer", "product")


def feed_page(content: bytes) -> FeedPage:
    return read_page(content, COPIED)


def page(body: str, checksum: object = None) -> bytes:
    """A page of one change."""
    told = "" if checksum is None else f', "checksum": {json.dumps(checksum)}'
    change = f'{{"collection": "product", "id": "R1", "revision": 1, "body": {body}}}'
    return f'{{"changes": [{change}], "cursor": "e.1", "more": false{told}}}'.encode()


@pytest.mark.parametrize("body", ["[]", "7", '{"deep": ' + "[" * 65 + "]" * 65 + "}", '{"n": ' + "9" * 5_000 + "}"])
def test_a_body_that_somebody_would_stumble_over_later_is_refused(body: str) -> None:
    with pytest.raises(BackOfficeAnswerError):
        feed_page(page(body))


def test_a_checksum_is_taken_as_told_and_may_be_missing() -> None:
    told = {"count": 7, "sum": "00000000000000ff", "collections": ["product", "customer"]}
    assert feed_page(page("{}", told)).checksum == Checksum(7, 255)
    assert feed_page(page("{}")).checksum is None


@pytest.mark.parametrize(
    "others", [{}, {"collections": ["customer"]}, {"collections": ["customer", "product", "bill"]}]
)
def test_a_checksum_of_something_else_says_nothing_of_this_copy(others: dict[str, object]) -> None:
    assert feed_page(page("{}", {"count": 7, "sum": "00000000000000ff", **others})).checksum is None


@pytest.mark.parametrize("checksum", [7, {"count": -1, "sum": "0" * 16}, {"count": 1, "sum": "ff"}, {"count": 1}])
def test_a_checksum_that_makes_no_sense_is_refused(checksum: object) -> None:
    with pytest.raises(BackOfficeAnswerError):
        feed_page(page("{}", checksum))


def test_what_is_closed_is_taken_as_told_and_may_be_missing() -> None:
    told = page("{}").replace(b'"more": false', b'"more": false, "closed": [{"collection": "product", "id": "R1"}]')
    assert feed_page(told).closed == (("product", "R1"),)
    assert feed_page(page("{}")).closed is None


START, ROW, END = (
    '{"kind": "start", "epoch": "e", "cursor": "e.1", "total": 2}',
    '{"kind": "row", "collection": "product", "id": "R1", "revision": 1, "body": {}}',
    '{"kind": "end"}',
)
PAGE = '{"kind": "page", "after": "product/R1"}'


async def lines_of(*lines: str) -> AsyncIterator[bytes]:
    for line in lines:
        yield line.encode()


async def test_which_territories_of_the_home_are_unknown_is_taken_as_told() -> None:
    told = START.replace("}", ', "unknownHome": ["Xihuu"]}')
    starts = [part for one in (START, told) for part in [_ async for _ in snapshot_parts(lines_of(one))]]
    assert starts == [SnapshotStart("e", "e.1", 2), SnapshotStart("e", "e.1", 2, ("Xihuu",))]


async def test_a_profile_is_all_rows_up_to_the_end_line() -> None:
    row = Change("product", "R1", 1, "{}")
    assert await profile_in(snapshot_parts(lines_of(START, ROW, PAGE, ROW, PAGE, END))) == Profile("e", (row, row))
    assert await profile_in(snapshot_parts(lines_of(START, END))) == Profile("e", ())


@pytest.mark.parametrize(
    "lines", [(), (START,), (START, ROW), (START, ROW, PAGE), (ROW, PAGE, END), (END,), (START, PAGE, END)]
)
async def test_half_a_profile_is_none(lines: tuple[str, ...]) -> None:
    with pytest.raises(BackOfficeAnswerError):
        await profile_in(snapshot_parts(lines_of(*lines)))


async def test_a_profile_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "_MOST_ROWS_OF_ONE", 3)
    with pytest.raises(BackOfficeAnswerError):
        await profile_in(snapshot_parts(lines_of(START, *(ROW, PAGE) * 4, END)))
