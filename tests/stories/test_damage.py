"""Damaged files: the copy is built again while the clerk works; the journal is salvaged and never deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fakes.line import Line
from tests.stories.counter import counter, start_at
from tests.stories.real_office import Office

pytestmark = pytest.mark.story

PAGE = 4096


def flip(path: Path, pages: range) -> None:
    """Flip a byte in each of these pages."""
    held = bytearray(path.read_bytes())
    for page in pages:
        held[page * PAGE + 100] ^= 0xFF
    path.write_bytes(held)


@pytest.mark.whole  # tests/contract has it without the window
async def test_a_damaged_copy_is_built_again_while_the_clerk_works(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    async with counter(qapp, start_at(folder, line.url)) as desk:
        await desk.sign_in()
    (mirror,) = folder.glob("mirror-*.db")
    flip(mirror, range(2, mirror.stat().st_size // PAGE))
    async with counter(qapp, start_at(folder, line.url)) as desk:
        await desk.sign_in()
        await desk.until(lambda: not mirror.exists(), "for the old copy to go")
        desk.keys.press("F2")
        desk.keys.type("张伟")
        await desk.sees("8000")


async def test_a_damaged_journal_is_salvaged_and_the_clerk_is_told(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    async with counter(qapp, start_at(folder, line.url)) as desk:
        await desk.sign_in()
    journal = folder / "journal.db"
    flip(journal, range(3, journal.stat().st_size // PAGE))
    before = journal.read_bytes()
    async with counter(qapp, start_at(folder, line.url)) as desk:
        await desk.sees("journal was damaged")
        await desk.sign_in()
    (kept,) = folder.glob("journal-damaged-*.db")
    assert kept.read_bytes() == before
