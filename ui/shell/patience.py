"""Runs what the clerk has to wait for, and keeps the keys meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from app.core.tasks import TaskScope
from ui.shell.typeahead import Hold, TypeAhead

ENOUGH_MS = 2_000
translate = QCoreApplication.translate


class Patience(QObject):
    """Keys wait while work runs. After two seconds Esc stops the waiting; keys meant for what never came are dropped."""

    def __init__(self, tasks: TaskScope, typeahead: TypeAhead, say: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._typeahead = typeahead
        self._say = say
        self._running: set[asyncio.Task[bool]] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ENOUGH_MS)
        self._timer.timeout.connect(self.lose_patience)
        typeahead.stop_wanted.connect(self._on_stop_wanted)

    def run(self, work: Coroutine[Any, Any, bool]) -> None:
        """Hold the keys from this moment until `work` has ended. It returns whether what was wanted came."""
        hold = self._typeahead.hold()
        task = self._tasks.start(work)
        self._running.add(task)
        if not self._timer.isActive():
            self._timer.start()
        task.add_done_callback(lambda ended: self._on_ended(ended, hold))

    def lose_patience(self) -> None:
        """Say that this takes long, and let Esc stop the waiting."""
        self._typeahead.may_be_left = True
        self._say(translate("Patience", "This takes long. What you typed waits for it. Stop waiting: Esc."))

    def _on_ended(self, task: asyncio.Task[bool], hold: Hold) -> None:
        self._running.discard(task)
        if not self._running:
            self._timer.stop()
        if task.cancelled() or task.exception() is not None or not task.result():
            self._typeahead.forget()
        hold.release()

    def _on_stop_wanted(self) -> None:
        for task in tuple(self._running):
            task.cancel()
        self._say(translate("Patience", "Stopped waiting. What you saved is safe; keys typed meanwhile were not used."))
