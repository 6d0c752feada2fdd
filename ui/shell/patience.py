"""Runs what the clerk has to wait for, and keeps the keys meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from app.core.tasks import TaskScope
from ui.shell.frame import Frame
from ui.shell.typeahead import Hold, TypeAhead

ENOUGH_MS = 2_000
translate = QCoreApplication.translate


class Patience(QObject):
    """Keys wait while work runs. After two seconds Esc stops the waiting; keys meant for what never came are dropped."""

    def __init__(self, tasks: TaskScope, typeahead: TypeAhead, frame: Frame) -> None:
        super().__init__(frame)
        self._tasks = tasks
        self._typeahead = typeahead
        self._frame = frame
        self._running: dict[asyncio.Task[bool], Callable[[], bool]] = {}
        self._is_long = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ENOUGH_MS)
        self._timer.timeout.connect(self.lose_patience)
        typeahead.may_be_left = self._may_be_left
        typeahead.stop_wanted.connect(self._on_stop_wanted)

    def run(self, work: Coroutine[Any, Any, bool], is_going: Callable[[], bool] = lambda: True) -> None:
        """Hold the keys from this moment until `work` has ended. It returns whether what was wanted came.

        `is_going` tells earlier that there is nothing to wait for any more, so that Esc is a key like others again.
        """
        hold = self._typeahead.hold()
        task = self._tasks.start(work)
        self._running[task] = is_going
        if not self._timer.isActive():
            self._timer.start()
        task.add_done_callback(lambda ended: self._on_ended(ended, hold))

    def lose_patience(self) -> None:
        """Say that this takes long, and let Esc stop the waiting."""
        self._is_long = True
        self._frame.say(_long())

    def _may_be_left(self) -> bool:
        return self._is_long and any(is_going() and not task.done() for task, is_going in self._running.items())

    def _on_ended(self, task: asyncio.Task[bool], hold: Hold) -> None:
        self._running.pop(task)
        if not self._running:
            self._timer.stop()
            self._is_long = False
            self._frame.unsay(_long())
        if task.cancelled() or task.exception() is not None or not task.result():
            self._typeahead.forget()
        hold.release()

    def _on_stop_wanted(self) -> None:
        for task in tuple(self._running):
            task.cancel()
        self._frame.say(
            translate("Patience", "Stopped waiting. What you saved is safe; keys typed meanwhile were not used.")
        )


def _long() -> str:
    return translate("Patience", "This takes long. What you typed waits for it. Stop waiting: Esc.")
