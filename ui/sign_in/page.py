"""Who is at the desk: user and password, or desk PIN when the line is cut."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.tasks import OnBug
from ui.first_field import start_in_first_field
from ui.page import Page
from ui.sign_in.pin_strip import PinStrip
from ui.sign_in.view_model import SignInField, SignInState, SignInViewModel
from ui.theme import tokens
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.fields import CodeField, TextField
from ui.widgets.form import Form
from ui.widgets.labels import PlainLabel
from ui.words import in_words
from ui.workstation import Workstation

COLUMN_WIDTH = 520


class SignInPage(Page):
    """Signs one person in; `signed_in` carries their Desk, `appearance_wanted` how they like to see it."""

    signed_in = Signal(object)
    appearance_wanted = Signal(object)

    def __init__(self, workstation: Workstation, on_bug: OnBug, parent: QWidget | None = None) -> None:
        super().__init__(on_bug, parent)
        self._workstation = workstation
        self.view_model = SignInViewModel(workstation, self.tasks, self)
        self._build()
        self._connect()
        self.retranslate()

    def first_field(self) -> QWidget:
        """The user, or the secret where the user is known from last time."""
        if self.view_model.state.is_pin_offered:
            return self.pin_strip.pin
        return self.secret if self.user.text() else self.user

    def showEvent(self, event: QShowEvent) -> None:
        """Start in the first field."""
        super().showEvent(event)
        start_in_first_field(self)

    def press(self, action: str) -> bool:
        """Ctrl+Enter signs in or sets the PIN; Esc goes on without a PIN."""
        if action == "primary":
            return self.pin_strip.set_pin.press() if self.view_model.state.is_pin_offered else self.enter.press()
        if action == "back" and self.view_model.state.is_pin_offered:
            self.view_model.skip_pin()
            return True
        return False

    def acts(self) -> frozenset[str]:
        """What the keys do now."""
        return frozenset({"primary", "back"} if self.view_model.state.is_pin_offered else {"primary"})

    def retranslate(self) -> None:
        """Set every text anew."""
        self._title.setText(self.tr("Trunkline"))
        address = self._workstation.office_address
        self.office.setText(self.tr("Head office: {address}").format(address=address) if address else "")
        self._user_row.set_label(self.tr("User"))
        self._draw(self.view_model.state)

    def _build(self) -> None:
        self._title, self.office = PlainLabel("big", parent=self), PlainLabel("label", parent=self)
        self.user, self.secret = TextField(), CodeField()
        self.user.setText(self._workstation.last_user)
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.form = Form(self)
        self._user_row, self._secret_row = self.form.add(self.user), self.form.add(self.secret)
        self.enter = PrimaryButton(self)
        self.pin_strip = PinStrip(self)
        self.language, self.theme = Button("quiet", self), Button("quiet", self)
        self._lay_out()

    def _lay_out(self) -> None:
        looks = QHBoxLayout()
        looks.addWidget(self.language)
        looks.addWidget(self.theme)
        looks.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(2 * tokens.SPACE)
        for part in (self._title, self.office, self.form, self.enter, self.pin_strip):
            column.addWidget(part)
        column.addLayout(looks)
        page = QHBoxLayout(self)
        holder = QWidget(self)
        holder.setFixedWidth(COLUMN_WIDTH)
        holder.setLayout(column)
        page.addWidget(holder, 0, Qt.AlignmentFlag.AlignCenter)

    def _connect(self) -> None:
        self.view_model.changed.connect(self._draw)
        self.view_model.signed_in.connect(self.signed_in)
        self.view_model.field_wanted.connect(self._on_field_wanted)
        self.form.completed.connect(self._on_enter)
        self.enter.clicked.connect(self._on_enter)
        self.pin_strip.wanted.connect(self.view_model.set_pin)
        self.pin_strip.skipped.connect(self.view_model.skip_pin)
        self.language.clicked.connect(self._on_language)
        self.theme.clicked.connect(self._on_theme)
        self.destroyed.connect(self._workstation.on_status(self.view_model.follow))

    def _draw(self, state: SignInState) -> None:
        is_open = not (state.is_busy or state.is_pin_offered)
        self._secret_row.set_label(self.tr("Desk PIN") if state.is_line_cut else self.tr("Password"))
        for field in (self.user, self.secret):
            field.setReadOnly(not is_open)
        self.enter.setEnabled(is_open)
        self.enter.name(self.tr("Signing in…") if state.is_busy else self.tr("Sign in"))
        for row, kind in ((self._user_row, SignInField.USER), (self._secret_row, SignInField.SECRET)):
            row.set_error(in_words(state.error) if state.field_at_fault is kind else "")
        self.pin_strip.draw(state)
        self._draw_looks()

    def _draw_looks(self) -> None:
        is_dark = self._workstation.appearance.theme == "dark"
        self.theme.name(self.tr("Light") if is_dark else self.tr("Dark"))
        self.language.name("English" if self._workstation.appearance.language == "zh_CN" else "中文")

    def _on_enter(self) -> None:
        secret = self.secret.text()
        self.secret.clear()
        self.view_model.sign_in(self.user.text(), secret)

    def _on_field_wanted(self, field: SignInField) -> None:
        fields = {SignInField.USER: self.user, SignInField.SECRET: self.secret, SignInField.PIN: self.pin_strip.pin}
        fields[field].setFocus()

    def _on_language(self) -> None:
        looks = self._workstation.appearance
        self.appearance_wanted.emit(replace(looks, language="en" if looks.language == "zh_CN" else "zh_CN"))

    def _on_theme(self) -> None:
        looks = self._workstation.appearance
        self.appearance_wanted.emit(replace(looks, theme="light" if looks.theme == "dark" else "dark"))
        self._draw_looks()
