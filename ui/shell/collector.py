"""Frees Python's cyclic garbage on the window's thread only.

A cycle may hold widgets. Freed by whichever thread happens to trigger the collector, they would be destroyed there, and Qt
objects must not be destroyed outside their own thread.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer

EVERY_MS = 1_000


class Collector(QObject):
    """Takes the place of Python's own trigger from its making until `close`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start(EVERY_MS)

    def close(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.enable()


def collect_what_is_due() -> int:
    """Collect the oldest generation that has outgrown its threshold, as Python itself would; returns which, -1 for none."""
    due = [
        place
        for place, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
        if count > most
    ]
    if not due:
        return -1
    gc.collect(due[-1])
    return due[-1]
