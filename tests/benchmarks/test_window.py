"""A measured window: keys travel as a clerk's do, and are timed to the frame that shows what they led to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from benchmarks.bare_finder import Finder
from benchmarks.figures import Asked
from benchmarks.frames import STILL_MS, Frames
from benchmarks.typist import Typist
from benchmarks.window_keys import key_to_paint_ms, open_customer_ms, sync_process_vs_thread

PATIENCE_S = 10.0
LATE_S = 0.2


@pytest.fixture
def finder(qapp: QApplication) -> Iterator[Finder]:
    finder = Finder()
    finder.show()
    qapp.processEvents()
    yield finder
    finder.close()
    finder.deleteLater()


async def test_each_key_is_timed_to_the_frame_with_its_rows(finder: Finder) -> None:
    typist = Typist(finder)
    keys = await asyncio.to_thread(lambda: [*typist.type("12", finder.shows)])
    assert [key["typed"] for key in keys] == ["1", "12"]
    assert finder.shows("12")
    assert all(0 < key["answer_ms"] <= key["paint_ms"] for key in keys)


async def test_a_key_that_a_busy_window_takes_late_has_waited_for_it(finder: Finder) -> None:
    typist = Typist(finder)
    pressed = asyncio.create_task(asyncio.to_thread(typist.press, "1", lambda: finder.shows("1")))
    await asyncio.sleep(0)
    time.sleep(LATE_S)  # noqa: ASYNC251 - the window's thread is busy with something else
    began, wish = await pressed
    assert wish.painted_at - began > LATE_S / 2 * 1e9


async def test_what_never_comes_is_no_frame(finder: Finder) -> None:
    typist = Typist(finder)
    _, wish = await asyncio.to_thread(typist.press, "1", lambda: False, 0.1)
    assert wish.painted_at == 0


async def test_an_answer_that_changes_nothing_on_the_screen_counts_as_it_comes(finder: Finder) -> None:
    frames = Frames(finder)
    wish = frames.wish(lambda: True)
    before = time.time_ns()
    frames.answer()
    assert await asyncio.to_thread(wish.wait, PATIENCE_S)
    assert before <= wish.painted_at < time.time_ns() - STILL_MS / 2 * 1e6


@pytest.mark.whole
def test_the_desk_is_measured_with_its_window() -> None:
    asked = Asked(size=200)
    at_rest, busy = key_to_paint_ms(asked)
    assert busy.context["while_building"], "no key fell beside a snapshot"
    assert busy.context["feed_changes"], "head office changed nothing"
    [page] = open_customer_ms(asked)
    [ratio] = sync_process_vs_thread(asked)
    for figure in (at_rest, busy, page, ratio):
        assert figure.value > 0
        assert figure.context["customers"] == 200
    assert at_rest.context["lost"] == busy.context["lost"] == page.context["lost"] == 0
