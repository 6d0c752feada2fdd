"""What a copy takes from head office was read to its last sign before: the copy itself reads only what queries need."""

from __future__ import annotations

import json

import pytest

from app.core.errors import BackOfficeAnswerError
from app.rules.checksums import Checksum
from app.sync.model import FeedPage
from app.tmf.replica import feed_page as read_page

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
