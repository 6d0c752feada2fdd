"""The list under the box. It lies over the page, so that nothing below moves, and never takes the focus."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.search.rows import COLUMNS, row_of
from ui.search.state import SearchState
from ui.theme import tokens
from ui.widgets.ages import time_of_day
from ui.widgets.announce import announce
from ui.widgets.labels import PlainLabel
from ui.widgets.row_list import RowList
from ui.words import in_words

MOST_ROWS = 26  # twenty people and what can be done
PAUSE_MS = 700  # who still types is not talked over: what is said then was true of a part of a number
EDGES = 5  # the frame's lines and margin, and the list's lines


class Results(QFrame):
    """Shows a search state below `anchor`; `opened` carries the key of a clicked row."""

    opened = Signal(str)

    def __init__(self, anchor: QWidget, window: QWidget) -> None:
        super().__init__(window)
        self._anchor = anchor
        self._words = PlainLabel(parent=self)
        self._words.setFixedHeight(tokens.ROW)
        self._words.setIndent(tokens.SPACE)
        self._more = PlainLabel("label", parent=self)
        self._more.setFixedHeight(tokens.ROW)
        self._more.setIndent(tokens.SPACE)
        self.list = RowList(COLUMNS, self)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.opened.connect(self.opened)
        self.pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self.pause.timeout.connect(lambda: announce(self, self._words.text()))
        self.setProperty("role", "results")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._words)
        column.addWidget(self.list)
        column.addWidget(self._more)
        self.hide()

    def show_state(self, state: SearchState) -> None:
        """Draw rows and words; hide when there is nothing to say."""
        words = self._words_for(state)
        if words != self._words.text():
            self.pause.start()
        if not words:
            self.pause.stop()
        self.list.setAccessibleName(self.tr("Found"))
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.list.show_rows([row_of(found) for found in state.rows])
        self.list.pick(state.current)
        more = self.tr("More than {count} fit; these are the first. Type more to narrow.")
        self._more.setText(more.format(count=len(state.hits)) if state.has_more else "")
        self._more.setVisible(state.has_more)
        self.setVisible(state.is_open and bool(words or state.rows))
        self.place()

    def text(self) -> str:
        """The words above the rows."""
        return self._words.text()

    def more(self) -> str:
        """The words below the rows."""
        return self._more.text()

    def place(self) -> None:
        """Lie under the box, as wide as it, as high as the rows; never past the end of the window."""
        top_left = self._anchor.mapTo(self.window(), self._anchor.rect().bottomLeft())
        lines = min(MOST_ROWS, len(self.list.rows)) + sum(1 for one in (self._words, self._more) if one.text())
        height = min(lines * tokens.ROW + EDGES, self.window().height() - top_left.y() - 1)
        self.setGeometry(QRect(top_left.x(), top_left.y() + 1, self._anchor.width(), height))
        self.raise_()

    def _words_for(self, state: SearchState) -> str:
        if state.error is not None:
            return in_words(state.error)
        if state.found_nobody and state.is_building:
            return self.tr("Not found so far: this branch's data is still being copied.")
        if state.found_nobody and not state.acts:
            as_of = time_of_day(state.as_of)
            nobody = self.tr("Not in this branch's data, as of {time}.").format(time=as_of)
            return nobody if as_of else self.tr("Not in this branch's data.")
        return ""
