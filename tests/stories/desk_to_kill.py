"""A desk in a process of its own, so that a story can kill it. Says `form` when filled in, `saved` when the clerk reads it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication

from tests.stories.counter import counter, start_at


async def _take_complaint(app: QApplication, folder: Path, server: str, who: str, typed: str) -> None:
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
        await asyncio.sleep(60)


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    application = QApplication([])
    with qasync.QEventLoop(application) as loop:
        loop.run_until_complete(_take_complaint(application, Path(sys.argv[1]), *sys.argv[2:]))
