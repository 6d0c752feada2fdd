"""Buttons that press once, and only when meant."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from ui.widgets.bursts import Burst
from ui.widgets.fields import RETURN_KEYS

_PRESSING = (*RETURN_KEYS, Qt.Key.Key_Space)


class Button(QPushButton):
    """Answers Enter and Space while focused: once per press, and never the Enter that ends a scan."""

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoDefault(False)
        self._burst = Burst()
        if role:
            self.setProperty("role", role)

    def name(self, text: str) -> None:
        """Name what the button does; an ampersand in it is an ampersand."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press on Enter; leave every other key to the window."""
        ends_scan = self._burst.heard(event)
        if event.key() not in _PRESSING or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        event.accept()
        if not event.isAutoRepeat() and not ends_scan:
            self.click()


class PrimaryButton(Button):
    """The one act of a page, named by what it does. Ctrl+Enter presses it from everywhere on the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("primary", parent)

    def name(self, text: str) -> None:
        """Name what it does and the key that does it."""
        super().name(text)
        self.setText(f"{self.text()}   Ctrl+Enter")
        self.setAccessibleDescription("Ctrl+Enter")

    def press(self) -> bool:
        """Press if it can be pressed; whether it was."""
        if not self.isEnabled():
            return False
        self.click()
        return True
