"""A column of facts: label and value, without the facts that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.theme import tokens
from ui.widgets.labels import PlainLabel

Fact = tuple[str, str]


class Facts(QWidget):
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
        name.setFixedWidth(tokens.LABEL)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, line, 1)
        self._pairs.append((name, value))
