"""Fields that survive input methods and scanners."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QValidator
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

RETURN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TextField(QLineEdit):
    """One line of words. While a composition is pending, Return belongs to it alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_composing = False

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether something is being composed."""
        self._is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Return from finishing a field whose text is not there yet."""
        if self._is_composing and event.key() in RETURN_KEYS:
            event.accept()
            return
        super().keyPressEvent(event)
        if event.key() in RETURN_KEYS:
            event.accept()  # else Qt offers it to every widget around, where keys that wait would take it for a second Return


class CodeField(TextField):
    """One line for numbers, codes and secrets: no input method, full-width signs become half-width as they come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setValidator(_HalfWidth(self))
        self._refuse_input_method()

    def setEchoMode(self, mode: QLineEdit.EchoMode) -> None:
        """Qt lets the input method in again on every change of echo mode."""
        super().setEchoMode(mode)
        self._refuse_input_method()

    def changeEvent(self, event: QEvent) -> None:
        """Qt lets the input method in again whenever the field stops being read-only."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ReadOnlyChange:
            self._refuse_input_method()

    def _refuse_input_method(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)


class _HalfWidth(QValidator):
    def validate(self, text: str, position: int) -> object:
        return QValidator.State.Acceptable, half_width(text), position


def half_width(text: str) -> str:
    """`text` with full-width letters, digits and signs folded one to one."""
    return "".join(_folded_sign(sign) for sign in text)


def _folded_sign(sign: str) -> str:
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 else sign


class TextArea(QPlainTextEdit):
    """A few lines of words. Tab leaves it; whatever is pasted becomes plain text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Ctrl+Enter, which acts, to the window."""
        if event.key() in RETURN_KEYS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take text only, however rich the source."""
        self.insertPlainText(source.text())
