"""A list that a clerk works by keys: digits 1–9 and Enter open rows, and nothing moves under the eye."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QListView, QWidget

from ui.theme import tokens
from ui.widgets.announce import announce
from ui.widgets.fields import RETURN_KEYS
from ui.widgets.meaning import mean
from ui.widgets.row_delegate import RowDelegate
from ui.widgets.row_model import RowModel
from ui.widgets.rows import Column, Row

_PICK = QItemSelectionModel.SelectionFlag.ClearAndSelect
_BORDERS = 2
_Index = QModelIndex | QPersistentModelIndex


class RowList(QListView):
    """Fixed 24 px rows. The first `least_rows` are shown however short of room the page is.

    `opened` carries a row's key on Enter, digit or click; `picked` follows the current row; `held_back` says how many
    new rows wait until the focus leaves or `let_in` is called.
    """

    opened = Signal(str)
    picked = Signal(str)
    held_back = Signal(int)

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None, *, is_numbered: bool = True) -> None:
        super().__init__(parent)
        self._rows = RowModel(self)
        self._waiting: tuple[Row, ...] | None = None
        self._is_numbered = is_numbered
        self.least_rows = 1
        self.setModel(self._rows)
        self.setItemDelegate(RowDelegate(columns, self._rows, self, is_numbered=is_numbered))
        self.setUniformItemSizes(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerItem)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.clicked.connect(lambda index: self.opened.emit(self._rows.rows[index.row()].key))
        self.picked.connect(self._say_picked)
        mean(self, role="rows")

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown now."""
        return self._rows.rows

    @property
    def current_key(self) -> str:
        """The key of the row that is picked, or empty."""
        index = self.currentIndex()
        return self._rows.rows[index.row()].key if index.isValid() else ""

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show `rows`. While the list has the focus, known rows are redrawn in place and new ones wait."""
        wanted = tuple(rows)
        if self.hasFocus() and self._rows.rows and _keys(wanted) != _keys(self._rows.rows):
            self._rows.update_in_place(wanted)
            self._waiting = wanted
            self.held_back.emit(len(_keys(wanted) - _keys(self._rows.rows)))
        else:
            self._replace(wanted)

    def let_in(self) -> None:
        """Show what waited."""
        if self._waiting is not None:
            self._replace(self._waiting)
            self.held_back.emit(0)

    def pick(self, key: str) -> None:
        """Make the row with `key` the current one; no row where there is none."""
        place = self._rows.position_of(key)
        self._pick_at(self._rows.index(place) if place >= 0 else QModelIndex())

    def pick_next(self, step: int) -> None:
        """Move the current row by `step`, as ↓ and ↑ do, from another widget's keys."""
        count = len(self._rows.rows)
        if count:
            index = self.currentIndex()
            place = index.row() + step if index.isValid() else 0
            self._pick_at(self._rows.index(min(max(place, 0), count - 1)))

    def open_number(self, number: int) -> bool:
        """Open the row with that digit; False where there is none."""
        key = self._rows.key_of(number)
        self.pick(key or self.current_key)
        return bool(key) and self.open_current()

    def open_current(self) -> bool:
        """Open the current row; False where there is none."""
        if not self.current_key:
            return False
        self.opened.emit(self.current_key)
        return True

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Say which row is current."""
        super().currentChanged(current, previous)
        self.picked.emit(self.current_key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming in by key, start at the first row, and show which one the keys act on from the first moment."""
        super().focusInEvent(event)
        self._start_if_looked_at()
        self.pick(self.current_key)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nobody looks at the rows now: let in what waited."""
        super().focusOutEvent(event)
        self.let_in()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and Enter open, arrows move; letters are not swallowed by a search nobody sees."""
        digit = event.text() if event.text() in tuple("123456789") else ""
        if event.key() in RETURN_KEYS and not event.isAutoRepeat():
            event.setAccepted(self.open_current())
        elif digit and self._is_numbered and not event.isAutoRepeat():
            event.setAccepted(self.open_number(int(digit)))
        elif event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        """As high as the rows that have to be seen."""
        return QSize(0, max(1, min(len(self._rows.rows), self.least_rows)) * tokens.ROW + _BORDERS)

    def sizeHint(self) -> QSize:
        """As high as the rows, within what the page gives."""
        return QSize(0, max(1, len(self._rows.rows)) * tokens.ROW + _BORDERS)

    def _replace(self, rows: tuple[Row, ...]) -> None:
        self._waiting = None
        key, top = self.current_key, self.verticalScrollBar().value()
        with QSignalBlocker(self):
            if rows != self._rows.rows:  # the same rows are on the screen, and painting them is most of a frame
                self._rows.replace(rows)
                self.pick(key)
            self._start_if_looked_at()
        self.verticalScrollBar().setValue(top)
        self.updateGeometry()
        if self.current_key != key:
            self.picked.emit(self.current_key)

    def _say_picked(self, key: str) -> None:
        """A screen reader follows the current row by itself, save where another widget's keys move it."""
        if key and self.focusPolicy() == Qt.FocusPolicy.NoFocus:
            announce(self, self.rows[self._rows.position_of(key)].said)

    def _start_if_looked_at(self) -> None:
        if self.hasFocus() and not self.currentIndex().isValid():
            self.pick_next(0)

    def _pick_at(self, index: QModelIndex) -> None:
        self.selectionModel().setCurrentIndex(index, _PICK)


def _keys(rows: tuple[Row, ...]) -> frozenset[str]:
    return frozenset(row.key for row in rows)
