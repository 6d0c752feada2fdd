"""Turns keys into acts.

One filter on the native window instead of QShortcuts, for four reasons: it sees a key before any widget can swallow it;
keys that waited (see `typeahead`) go the same way as fresh ones; nothing is ever ambiguous; and what an input method
composes is committed before the act runs. Auto-repeat never acts.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from ui.shell.keys import row_for
from ui.widgets.fields import RETURN_KEYS


class Dispatcher(QObject):
    """Sends the keys of the table to `act` and all others on their way; `worked` follows every key that may start work."""

    def __init__(self, window: QWidget, act: Callable[[str], None], worked: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._act = act
        self._worked = worked
        self._native: QWindow | None = None

    def watch(self) -> None:
        """Start listening; a window that was not shown yet gets its native window now."""
        self._window.winId()
        self._native = self._window.windowHandle()
        self._native.installEventFilter(self)

    def deliver(self, event: QEvent) -> None:
        """Send an event that waited through the window as if it came now."""
        if isinstance(event, QInputMethodEvent):
            QCoreApplication.sendEvent(self._focus(), event)
        else:
            QCoreApplication.sendEvent(self._native or self._window, event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a key press if it stands for an act."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return QApplication.activePopupWidget() is None and self._press(event)
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        row = row_for(event)
        if row is None:
            return event.key() in RETURN_KEYS and self._finish_field(event)
        if row.text_keeps and isinstance(self._focus(), (QLineEdit, QPlainTextEdit)):
            return False
        if not event.isAutoRepeat():
            QGuiApplication.inputMethod().commit()
            self._act(row.action)
            self._worked()
        return True

    def _finish_field(self, event: QKeyEvent) -> bool:
        focus = self._focus()
        if not event.isAutoRepeat() or isinstance(focus, QPlainTextEdit):
            QCoreApplication.sendEvent(focus, event)
            self._worked()
        return True

    def _focus(self) -> QWidget:
        focus: QWidget | None = self._window.focusWidget()
        return focus or self._window
