"""Opening the desk on a computer without a keyring, and what to do when the key is gone."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.tasks import OnBug
from ui.first_field import start_in_first_field
from ui.page import Page
from ui.sign_in.unlock_view_model import MIN_PASSPHRASE, UnlockState, UnlockViewModel
from ui.theme import tokens
from ui.widgets.buttons import PrimaryButton
from ui.widgets.fields import TextField
from ui.widgets.form import Form
from ui.widgets.labels import PlainLabel
from ui.words import in_words
from ui.workstation import Opening, Workstation

COLUMN_WIDTH = 520


class UnlockPage(Page):
    """Asks for the passphrase that protects the desk's data; `unlocked` once the files are open."""

    unlocked = Signal()

    def __init__(
        self, workstation: Workstation, opening: Opening, on_bug: OnBug, parent: QWidget | None = None
    ) -> None:
        super().__init__(on_bug, parent)
        self.view_model = UnlockViewModel(workstation, opening, self.tasks, self)
        self._build()
        self._connect()
        self.retranslate()

    def first_field(self) -> QWidget:
        """The passphrase; the words where there is nothing to type."""
        return self._words if self.view_model.state.opening is Opening.KEY_LOST else self.passphrase

    def showEvent(self, event: QShowEvent) -> None:
        """Start in the first field."""
        super().showEvent(event)
        start_in_first_field(self)

    def press(self, action: str) -> bool:
        """Ctrl+Enter opens the desk."""
        return action in self.acts() and self.enter.press()

    def acts(self) -> frozenset[str]:
        """What the keys do now."""
        return frozenset() if self.view_model.state.opening is Opening.KEY_LOST else frozenset({"primary"})

    def retranslate(self) -> None:
        """Set every text anew."""
        self._row.set_label(self.tr("Passphrase"))
        self._again_row.set_label(self.tr("Once more"))
        self._draw(self.view_model.state)

    def _build(self) -> None:
        self._title = PlainLabel("title", parent=self)
        self._words = PlainLabel(wraps=True, parent=self)
        self.passphrase, self.again = TextField(), TextField()
        for field in (self.passphrase, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.form = Form(self)
        self._row, self._again_row = self.form.add(self.passphrase), self.form.add(self.again)
        self.enter = PrimaryButton(self)
        holder = QWidget(self)
        holder.setFixedWidth(COLUMN_WIDTH)
        column = QVBoxLayout(holder)
        column.setSpacing(2 * tokens.SPACE)
        for part in (self._title, self._words, self.form, self.enter):
            column.addWidget(part)
        QHBoxLayout(self).addWidget(holder, 0, Qt.AlignmentFlag.AlignCenter)

    def _connect(self) -> None:
        self.view_model.changed.connect(self._draw)
        self.view_model.unlocked.connect(self.unlocked)
        self.view_model.refused.connect(self.passphrase.setFocus)
        self.form.completed.connect(self._on_enter)
        self.enter.clicked.connect(self._on_enter)

    def _draw(self, state: UnlockState) -> None:
        is_lost = state.opening is Opening.KEY_LOST
        self._title.setText(self._title_for(state.opening))
        self._words.setText(self._words_for(state.opening))
        self._words.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_lost else Qt.FocusPolicy.NoFocus)
        self.form.setVisible(not is_lost)
        self.enter.setVisible(not is_lost)
        self._again_row.set_visible(visible=state.opening is Opening.PASSPHRASE_TO_CHOOSE)
        self._row.set_error(in_words(state.error))
        for field in (self.passphrase, self.again):
            field.setReadOnly(state.is_busy)
        self.enter.setEnabled(not state.is_busy)
        self.enter.name(self.tr("Opening the desk…") if state.is_busy else self.tr("Open the desk"))

    def _title_for(self, opening: Opening) -> str:
        return {
            Opening.PASSPHRASE_TO_CHOOSE: self.tr("Choose a passphrase for this desk"),
            Opening.PASSPHRASE_NEEDED: self.tr("Passphrase of this desk"),
            Opening.KEY_LOST: self.tr("The key to this desk's data is missing"),
        }.get(opening, "")

    def _words_for(self, opening: Opening) -> str:
        choose = self.tr(
            "This computer has no keyring, so a passphrase protects the customers' data kept here. It needs at least "
            "{least} characters; four words that do not belong together are good. You type it when the program starts. "
            "Nobody can look it up: if it is lost, what was not yet sent to head office cannot be read any more."
        )
        return {
            Opening.PASSPHRASE_TO_CHOOSE: choose.format(least=MIN_PASSPHRASE),
            Opening.PASSPHRASE_NEEDED: self.tr(
                "The customers' data on this computer is protected. Type its passphrase."
            ),
            Opening.KEY_LOST: self.tr(
                "The data on this computer is safe and nothing was deleted, but the key that opens it is not in the "
                "computer's keyring any more. What head office has confirmed is safe there too. Call IT and ask them "
                "to bring back the keyring of this user. Do not reinstall and do not delete files: what was not sent "
                "yet can only be read with the old key."
            ),
        }.get(opening, "")

    def _on_enter(self) -> None:
        passphrase, again = self.passphrase.text(), self.again.text()
        self.passphrase.clear()
        self.again.clear()
        if self.view_model.state.opening is Opening.PASSPHRASE_TO_CHOOSE:
            self.view_model.choose(passphrase, again)
        else:
            self.view_model.unlock(passphrase)
