"""A row list whose rows are weighed before they are taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ui.widgets.row_list import RowList
from ui.widgets.rows import Column


class ChoiceList(RowList):
    """Digits and clicks only pick a row, so that its effect can be read first; Enter takes it."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(columns, parent)
        self.clicked.disconnect()
        self.doubleClicked.connect(lambda _index: self.open_current())

    def open_number(self, number: int) -> bool:
        """Pick row `number` (from 1); False where there is none."""
        if not 1 <= number <= len(self.rows):
            return False
        self.pick(self.rows[number - 1].key)
        return True
