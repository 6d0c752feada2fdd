"""A button that is grey in its place, with the reason, where its act cannot be done."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from ui.widgets.buttons import Button


class RefusingButton(Button):
    """`wanted` where it can be done, `refused` with the reason where not: the cursor is never taken off it.

    A button that turns grey would hand the cursor on, and the next key to something else; so one that has the cursor turns
    grey once the cursor leaves.
    """

    wanted = Signal()
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._why = ""
        self.clicked.connect(self._on_clicked)

    def refuse(self, why: str) -> None:
        """Say why it cannot be done now; empty: it can."""
        self._why = why
        self.setToolTip(why)
        self.setAccessibleDescription(why)
        self.setEnabled(not why or self.hasFocus())

    def press(self) -> None:
        """What its key does, also where it is grey: do it, or say why not."""
        self._on_clicked()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Now it may turn grey."""
        super().focusOutEvent(event)
        self.setEnabled(not self._why)

    def _on_clicked(self) -> None:
        if self._why:
            self.refused.emit(self._why)
        else:
            self.wanted.emit()
