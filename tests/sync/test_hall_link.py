"""The window reaches the hall through the sync process, and hears in its own words where it does not."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from app.bootstrap.hall import HallByLink, written
from app.bootstrap.link import SyncLink, error_named
from app.core.errors import BackOfficeUnreachableError
from app.drafts.model import DraftTakenError, ParkedDraft, ParkedState
from tests.fakes.clock import NOON

DRAFT = ParkedDraft("D1", "complaint", "tv", "mei", "梅", NOON, ParkedState.CLAIMED, "李")


class Link:
    """Answers as the sync process does."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []

    async def call(self, what: str, **more: str) -> dict[str, Any]:
        self.asked.append({"do": what, **more})
        answer: dict[str, Any] = json.loads(json.dumps({"drafts": [written(DRAFT)]}))
        return answer


async def test_what_is_parked_comes_through_the_pipe_as_it_is() -> None:
    link = Link()
    hall = HallByLink(lambda: cast(SyncLink, link))
    assert await hall.parked("mei") == (DRAFT,)
    await hall.resume("D1", "mei")
    await hall.discard_parked("D1", "boss")
    assert link.asked == [
        {"do": "hall", "person": "mei"},
        {"do": "resume", "draft": "D1", "author": "mei"},
        {"do": "discard-parked", "draft": "D1", "person": "boss"},
    ]


async def test_before_there_is_a_sync_process_there_is_no_line_to_the_hall() -> None:
    with pytest.raises(BackOfficeUnreachableError):
        await HallByLink(lambda: None).parked("mei")


def test_who_was_faster_is_told_by_name_through_the_pipe() -> None:
    error = error_named("DraftTakenError", {"name": "李"})
    assert isinstance(error, DraftTakenError)
    assert str(error).startswith("李 has taken this up")
