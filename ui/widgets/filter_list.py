"""A choice among many: type part of a word, its initials or its code, Enter takes the first that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.rules.folding import folded
from ui.theme import tokens
from ui.widgets.fields import TextField
from ui.widgets.labels import PlainLabel
from ui.widgets.row_list import RowList
from ui.widgets.rows import Cell, Column, Row

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose; `also` are other spellings it is found by."""

    key: str
    label: str
    also: tuple[str, ...] = ()

    def fits(self, typed: str) -> bool:
        """Whether any spelling begins with, or the label holds, what was typed."""
        wanted = folded(typed)
        return wanted in folded(self.label) or any(folded(one).startswith(wanted) for one in self.also)


class FilterList(QWidget):
    """A field with its matches below it; the matches keep their place.

    `picked` carries the chosen key; `missed` the words for a wish to take a match where nothing fits.
    """

    picked = Signal(str)
    missed = Signal(str)

    def __init__(self, shown: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = TextField(self)
        self.list = RowList([Column()], self, is_numbered=False)
        self.nothing = PlainLabel("label", parent=self)
        self._choices: tuple[Choice, ...] = ()
        self._chosen = ""
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing.setMargin(tokens.GAP)
        for part in (self.list, self.nothing):
            part.setFixedHeight(shown * tokens.ROW)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self.nothing)
        self.setFocusProxy(self.field)
        self.field.textEdited.connect(self._on_edited)
        self.field.installEventFilter(self)
        self.list.opened.connect(self._take)

    @property
    def chosen(self) -> str:
        """The key that was chosen, or empty."""
        return self._chosen

    @property
    def is_half_typed(self) -> bool:
        """Whether something is typed and nothing chosen for it."""
        return bool(self.field.text().strip()) and not self._chosen

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these; what was chosen stays chosen, in the words offered now, and what is half typed stays typed."""
        self._choices = tuple(choices)
        if self.is_half_typed:
            self._on_edited(self.field.text())
        else:
            self.choose(self._chosen)

    def choose(self, key: str) -> None:
        """Show `key` as chosen without telling anybody; an unknown key chooses nothing."""
        label = next((choice.label for choice in self._choices if choice.key == key), "")
        self._chosen = key if label else ""
        self.field.setText(label)
        self._show("")
        self.list.pick(self._chosen)

    def put(self, typed: str) -> None:
        """Show what was half typed before, without telling anybody."""
        self.field.setText(typed)
        self._on_edited(typed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move among the matches while the cursor stays in the field; Enter takes one."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _STEPS:
                self.list.pick_next(_STEPS[key])
                return True
        if watched is self.field and event.type() == QEvent.Type.FocusIn:
            self.field.selectAll()
        return super().eventFilter(watched, event)

    def setAccessibleName(self, name: str) -> None:
        """Name the field and its matches."""
        super().setAccessibleName(name)
        self.field.setAccessibleName(name)
        self.list.setAccessibleName(name)

    def take_current(self) -> None:
        """Choose the match that is picked, else the first; where nothing fits, say so."""
        if self.field.isReadOnly():
            return
        if self.list.rows:
            self._take(self.list.current_key or self.list.rows[0].key)
        else:
            self.missed.emit(self.nothing.text())

    def _on_edited(self, typed: str) -> None:
        self._chosen = ""
        self._show(typed)
        self.list.pick(self.list.rows[0].key if typed.strip() and self.list.rows else "")

    def _show(self, typed: str) -> None:
        fitting = [Row(one.key, (Cell(one.label),)) for one in self._choices if one.fits(typed)]
        self.list.show_rows(fitting)
        self.list.setVisible(bool(fitting))
        self.nothing.setText(self.tr("Nothing fits. Clear the field to see all."))
        self.nothing.setVisible(not fitting)

    def _take(self, key: str) -> None:
        self.choose(key)
        self.picked.emit(self._chosen)
