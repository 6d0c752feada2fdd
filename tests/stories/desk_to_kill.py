"""A desk in a process of its own, so that a story can kill it.

Says `form` when filled in; once told to go on, `saved` when the clerk reads that, and `kept` when what they began then is on disk.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication

from tests.stories.counter import Counter, counter, start_at


async def _take_complaint(app: QApplication, folder: Path, server: str, who: str, typed: str, then: str) -> None:
    async with counter(app, start_at(folder, server)) as desk:
        await desk.sign_in()
        desk.keys.type(f"{who}⏎")
        desk.keys.press("F7")
        desk.keys.type(typed)
        await desk.sees("Next" if not typed else "Save complaint")
        _say("form")
        await asyncio.to_thread(sys.stdin.readline)
        desk.keys.press("Ctrl+Return")
        await desk.sees("Saved")
        _say("saved")
        desk.keys.press("F12")
        desk.keys.type(f"{who}⏎")
        desk.keys.press("F7")
        desk.keys.type(then)
        await desk.sees("Save complaint")
        await _kept(desk)
        _say("kept")
        await asyncio.sleep(60)


async def _kept(desk: Counter) -> None:
    """Wait until what was typed is in the journal, though the page was not left."""
    changed = asyncio.Event()
    desk.workstation.changes.subscribe(lambda _: changed.set())
    while not await desk.shell.routes.desk.begun.all():
        await changed.wait()
        changed.clear()


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    application = QApplication([])
    with qasync.QEventLoop(application) as loop:
        loop.run_until_complete(_take_complaint(application, Path(sys.argv[1]), *sys.argv[2:]))
