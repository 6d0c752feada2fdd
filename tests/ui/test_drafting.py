"""What is typed is kept soon, once, the newest last, and whoever types never waits for it."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QObject, QTimer

from app.core.errors import DeskError, StorageFullError
from app.core.tasks import TaskScope
from tests.ui.bench import Later
from ui.drafting import KEEP_MS, Drafting, TimerDelay

pytestmark = pytest.mark.usefixtures("qapp")


class Form:
    """A form whose words are kept, one write at a time, each when the test lets it."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.troubles: list[DeskError] = []
        self.error: DeskError | None = None
        self.may_write = asyncio.Event()
        self.may_write.set()
        self.writing = 0
        self.later = Later()
        self.tasks = TaskScope(lambda error: pytest.fail(repr(error)))
        self.drafting = Drafting(self._write, self.tasks, self.later, self.troubles.append)

    async def come(self) -> None:
        """Let the time come, and wait until it has been used."""
        self.later.come()
        await self.tasks.idle()

    async def _write(self, words: str) -> None:
        self.writing += 1
        assert self.writing == 1, "two at a time"
        await self.may_write.wait()
        self.writing -= 1
        if self.error is not None:
            raise self.error
        self.kept.append(words)


async def test_a_word_after_the_other_is_kept_once_when_the_time_has_come() -> None:
    form = Form()
    for words in ("no", "no sig", "no signal"):
        form.drafting.note(words)
    assert form.kept == []
    await form.come()
    await form.come()
    assert form.kept == ["no signal"]


async def test_what_is_typed_while_it_is_written_is_written_after_it() -> None:
    form = Form()
    form.may_write.clear()
    form.drafting.note("no")
    form.later.come()
    await asyncio.sleep(0)
    form.drafting.note("no sig")
    form.later.come()
    form.drafting.note("no signal")
    form.may_write.set()
    await form.drafting.kept()
    await form.tasks.idle()
    assert form.kept == ["no", "no signal"]


async def test_what_is_saved_or_discarded_meanwhile_is_not_kept() -> None:
    form = Form()
    form.drafting.note("no signal")
    form.drafting.drop()
    form.drafting.hurry()
    await form.come()
    assert form.kept == []


async def test_trouble_is_told_once_until_it_is_over_and_what_was_typed_is_kept_then() -> None:
    form = Form()
    form.error = StorageFullError()
    for words in ("no", "no sig"):
        form.drafting.note(words)
        await form.come()
    assert len(form.troubles) == 1
    form.error = None
    form.drafting.hurry()
    await form.tasks.idle()
    assert form.kept == ["no sig"]
    form.error = StorageFullError()
    form.drafting.note("no signal")
    with pytest.raises(StorageFullError):
        await form.drafting.kept()
    await form.come()
    form.drafting.hurry()
    await form.tasks.idle()
    assert len(form.troubles) == 2


async def test_the_windows_timer_is_not_put_off_by_the_next_key_and_can_be_ended() -> None:
    parent, done = QObject(), []
    delay = TimerDelay(parent)
    (timer,) = delay.findChildren(QTimer)
    delay.begin(lambda: done.append("first"))
    left = timer.remainingTime()
    delay.begin(lambda: done.append("newest"))
    assert (timer.isActive(), timer.interval(), timer.isSingleShot()) == (True, KEEP_MS, True)
    assert timer.remainingTime() <= left
    timer.timeout.emit()
    assert done == ["newest"]
    delay.end()
    assert not timer.isActive()
    parent.deleteLater()
