"""A disk that is full under window and sync process: told where the clerk looks, the form intact, and on with room."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bootstrap import opened
from app.bootstrap.link import SyncLink
from app.core.errors import StorageFullError
from tests.fakes.line import Line
from tests.fakes.sqlite_disk import SqliteDisk, sqlite_on
from tests.fakes.worker_on_full_disk import FULL_WHILE
from tests.stories.counter import counter, start_at
from tests.stories.real_office import Office
from tests.stories.test_complaint import WORDS, assert_one_ticket, fill_in, tickets_made
from ui.complaints.page import ComplaintPage

pytestmark = pytest.mark.story

WORKER = "tests.fakes.worker_on_full_disk"


@pytest.mark.whole  # the form has its test on a stand-in, the files have theirs
async def test_a_full_disk_under_the_window_is_told_and_keeps_the_form(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    full = tmp_path / "full"
    with sqlite_on(SqliteDisk(is_refusing=full.exists)):
        async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
            await desk.sign_in()
            await fill_in(desk)
            full.touch()
            desk.keys.press("Ctrl+Return")
            await desk.sees("The disk is full, so this was not saved.")
            assert isinstance(desk.page, ComplaintPage)
            assert desk.page.description.toPlainText() == WORDS
            assert "Saved" not in desk.words()
            assert not tickets_made(office)
            full.unlink()
            desk.keys.press("Ctrl+Return")
            await desk.sees("confirmed")
            assert_one_ticket(office)


async def test_a_full_disk_under_the_sync_process_is_told_in_the_status_bar_and_nothing_is_sent(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = tmp_path / "full"
    monkeypatch.setattr(opened, "SyncLink", partial(SyncLink, module=WORKER))
    monkeypatch.setenv(FULL_WHILE, str(full))
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        await fill_in(desk)
        full.touch()
        desk.keys.press("Ctrl+Return")
        await desk.sees("Saved", "1 waiting")
        await desk.until(lambda: StorageFullError.text in desk.window.status.text(), "for the status bar")
        assert not tickets_made(office)
        full.unlink()
        await desk.sees("confirmed", "Online")
        assert_one_ticket(office)
        await desk.until(lambda: StorageFullError.text not in desk.window.status.text(), "for the trouble to end")
