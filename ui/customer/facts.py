"""A column of facts: label and value, without the facts that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QWidget

from ui.theme import tokens
from ui.widgets.labels import PlainLabel

Fact = tuple[str, str]
LEAST_LINES = 3


class Facts(QFrame):
    """Shows `(label, value)` pairs; can be reached by key, so that a screen reader reads them out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: list[tuple[PlainLabel, PlainLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(tokens.SPACE, tokens.GAP, tokens.SPACE, tokens.GAP)
        self._grid.setHorizontalSpacing(tokens.SPACE)
        self._grid.setVerticalSpacing(tokens.GAP)
        self._grid.setColumnStretch(1, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show the facts that have a value, in their order."""
        known = [(label, value) for label, value in facts if value]
        while len(self._pairs) < len(known):
            self._add_pair()
        for place, (name, value) in enumerate(self._pairs):
            is_used = place < len(known)
            name.setText(known[place][0] if is_used else "")
            value.setText(known[place][1] if is_used else "")
            name.setVisible(is_used)
            value.setVisible(is_used)
        self.setAccessibleDescription("; ".join(f"{label}: {value}" for label, value in known))

    def _add_pair(self) -> None:
        line = len(self._pairs)
        name, value = PlainLabel("label", parent=self), PlainLabel(wraps=True, parent=self)
        name.setMaximumWidth(tokens.LABEL)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        narrow = value.sizePolicy()
        narrow.setHorizontalPolicy(QSizePolicy.Policy.Ignored)  # long words never push the column out of the panel
        value.setSizePolicy(narrow)
        self._grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, line, 1)
        self._pairs.append((name, value))


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
        self.setVerticalScrollBarPolicy(policy)
