"""The box: one field for finding anybody and doing anything. It leaves every decision to the view-model."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.widgets.bursts import Burst
from ui.widgets.fields import RETURN_KEYS, TextField, half_width

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_STAYS_OPEN = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class Box(TextField):
    """Says what the clerk wants of the list below.

    `moved` by ↓ and ↑, `entered` (True: by a scanner), a `digit` while rows are picked from, `left` for another place.
    """

    moved = Signal(int)
    entered = Signal(bool)
    digit = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picks_by_digit = False
        self.setProperty("role", "box")
        self.setMaxLength(200)
        self._burst = Burst()
        self._ends_scan = False
        self.returnPressed.connect(lambda: self.entered.emit(self._ends_scan))

    def typed(self) -> str:
        """What is typed, with full-width signs folded."""
        return half_width(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move in the list; digits pick from it once it stands still; Enter repeats nothing.

        What is typed over a selection is a new question, a digit too: it must not open somebody by their row.
        """
        self._ends_scan = self._burst.heard(event)
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(step)
        elif self.picks_by_digit and not self.hasSelectedText() and event.text() in tuple("123456789"):
            self.digit.emit(int(event.text()))
        elif not (event.key() in RETURN_KEYS and event.isAutoRepeat()):
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that the clerk went elsewhere in the window."""
        super().focusOutEvent(event)
        if event.reason() not in _STAYS_OPEN:
            self.left.emit()
