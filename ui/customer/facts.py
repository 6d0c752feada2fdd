"""A column of facts: label and value, without the facts that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from ui.theme import tokens
from ui.widgets.icon import Icon
from ui.widgets.labels import PlainLabel
from ui.widgets.rows import Cell

Fact = tuple[str, str | Cell]
LEAST_LINES = 3


class Facts(QFrame):
    """Shows `(label, value)` pairs, a value that means something as a cell with its ink and icon.

    Can be reached by key, so that a screen reader reads them out.
    """

    def __init__(self, lines: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[tuple[PlainLabel, Icon, PlainLabel]] = []  # label, icon, value
        self._grid = _Grid(self)
        self._grid.setContentsMargins(tokens.SPACE, tokens.GAP, tokens.SPACE, tokens.GAP)
        self._grid.setHorizontalSpacing(tokens.SPACE)
        self._grid.setVerticalSpacing(tokens.GAP)
        self._grid.setColumnStretch(1, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for _ in range(lines):  # which are shown soon: made while nobody waits
            self._add_line()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew where a scroll bar came while the lines were being placed: Qt would leave them under it."""
        super().resizeEvent(event)
        if self._grid.geometry() != self.rect():
            self._grid.update()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show the facts that have a value, in their order."""
        cells = [(label, value if isinstance(value, Cell) else Cell(value)) for label, value in facts]
        known = [(label, cell) for label, cell in cells if cell.text]
        while len(self._lines) < len(known):
            self._add_line()
        for place, (name, icon, value) in enumerate(self._lines):
            is_used = place < len(known)
            label, cell = known[place] if is_used else ("", Cell(""))
            name.setText(label)
            value.say(cell.text, cell.level)
            icon.show_icon(cell.icon, cell.level)
            name.setVisible(is_used)
            icon.setVisible(bool(cell.icon))
            value.setVisible(is_used)
        self.setAccessibleDescription("; ".join(f"{label}: {cell.text}" for label, cell in known))

    def _add_line(self) -> None:
        line = len(self._lines)
        name, icon, value = (
            PlainLabel("label", parent=self),
            Icon(self),
            PlainLabel(wraps=True, parent=self),
        )
        name.setMaximumWidth(tokens.LABEL)
        icon.setFixedWidth(tokens.ICON)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        narrow = value.sizePolicy()
        narrow.setHorizontalPolicy(QSizePolicy.Policy.Ignored)  # long words never push the column out of the panel
        value.setSizePolicy(narrow)
        self._grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
        told = QHBoxLayout()
        told.setSpacing(tokens.GAP)
        told.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(value, 1)
        self._grid.addLayout(told, line, 1)
        self._lines.append((name, icon, value))


class _Grid(QGridLayout):
    """Knows its height at every width it was asked for: to break all lines anew takes long, and Qt keeps one answer only."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._heights: dict[int, int] = {}

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]


class ScrolledFacts(QScrollArea):
    """As high as its facts where the page has the room, else scrolled: no line is ever sliced."""

    def __init__(self, facts: Facts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = facts
        self.setWidget(facts)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(facts)
        for part in (self.viewport(), facts):
            part.setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        """As high as the facts are at the width there is."""
        return QSize(0, self._facts.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """A few lines are the least that makes sense."""
        return QSize(0, LEAST_LINES * tokens.ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks the lines elsewhere."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        self._scroll_if_needed()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show the facts that have a value, in their order."""
        self._facts.show_facts(facts)
        self.updateGeometry()
        self._scroll_if_needed()

    def _scroll_if_needed(self) -> None:
        """Qt asks with the bar already there: narrower lines wrap more, so a bar once shown would keep itself needed."""
        fits = self._facts.heightForWidth(self.width()) <= self.height()
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        if policy != self.verticalScrollBarPolicy():  # else Qt lays out anew all the same
            self.setVerticalScrollBarPolicy(policy)
