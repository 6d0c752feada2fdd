"""The offer of a desk PIN, in its place under the sign-in form; it can be passed over."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.session.model import MIN_PIN_DIGITS
from ui.sign_in.view_model import SignInField, SignInState
from ui.theme import tokens
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.fields import CodeField
from ui.widgets.form import Form
from ui.widgets.labels import PlainLabel
from ui.words import in_words


class PinStrip(QWidget):
    """Asks for a PIN twice. `wanted` carries both; `skipped` says that none is wanted now."""

    wanted = Signal(str, str)
    skipped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._why = PlainLabel(wraps=True, parent=self)
        self.pin, self.again = CodeField(), CodeField()
        for field in (self.pin, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.form = Form(self)
        self._row, self._again_row = self.form.add(self.pin), self.form.add(self.again)
        self.set_pin, self.skip = PrimaryButton(self), Button(parent=self)
        self._lay_out()
        self.form.completed.connect(self._on_set)
        self.set_pin.clicked.connect(self._on_set)
        self.skip.clicked.connect(self.skipped)

    def draw(self, state: SignInState) -> None:
        """Show the offer, if it is made."""
        self.setVisible(state.is_pin_offered)
        why = self.tr("Choose a desk PIN (at least {digits} digits) to sign in when the line is cut.")
        self._why.setText(why.format(digits=MIN_PIN_DIGITS))
        self._row.set_label(self.tr("Desk PIN"))
        self._again_row.set_label(self.tr("Once more"))
        self._row.set_error(in_words(state.error) if state.field_at_fault is SignInField.PIN else "")
        self.set_pin.name(self.tr("Set the PIN and go on"))
        self.skip.name(self.tr("Not now"))
        self.set_pin.setEnabled(not state.is_busy)
        self.skip.setEnabled(not state.is_busy)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.set_pin, 1)
        buttons.addWidget(self.skip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.SPACE)
        column.addWidget(self._why)
        column.addWidget(self.form)
        column.addLayout(buttons)

    def _on_set(self) -> None:
        pin, again = self.pin.text(), self.again.text()
        self.pin.clear()
        self.again.clear()
        self.wanted.emit(pin, again)
