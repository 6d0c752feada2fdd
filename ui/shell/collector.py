"""Frees Python's cyclic garbage on the window's thread only.

A cycle may hold widgets. Freed by whichever thread happens to trigger the collector, they would be destroyed there, and Qt
objects must not be destroyed outside their own thread.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer

EVERY_MS = 1_000


class Collector(QObject):
    """Takes the place of Python's own trigger from its making until `close`.

    `settle` says that all is loaded: what is there then stays until the end, and is not looked through again and again.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._is_loaded = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self._collect)
        self._timer.start(EVERY_MS)

    def settle(self) -> None:
        """Look through everything once more, at the next turn, and never again through what is left."""
        self._is_loaded = True

    def close(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        if not self._is_loaded:
            collect_what_is_due()
            return
        self._is_loaded = False
        gc.collect()
        gc.freeze()  # a full turn through all modules takes 30 to 60 ms, which is three frames


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
