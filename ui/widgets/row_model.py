"""The model behind a row list: read-only, so that the input method stays off and digits pick rows."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.widgets.rows import Row

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
NUMBER_ROLE = ROW_ROLE + 1
_SPOKEN = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole)
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
MAX_NUMBERED = 9


class RowModel(QAbstractListModel):
    """Rows by position, and positions by key."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown now."""
        return self._rows

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Rows have no children."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Row | str | int | None:
        """The row itself for the delegate, its words for everybody else."""
        if role == ROW_ROLE:
            return self._rows[index.row()]
        if role == NUMBER_ROLE:
            return self.number_at(index.row())
        if role in _SPOKEN:
            return self._rows[index.row()].said
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Rows can be picked and never edited."""
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def position_of(self, key: str) -> int:
        """Where the row with `key` stands, or -1."""
        return next((place for place, row in enumerate(self._rows) if row.key == key), -1)

    def number_at(self, position: int) -> int:
        """The digit that opens the row there; 0 where no digit does."""
        number = self._rows[position].number or position + 1
        return number if number <= MAX_NUMBERED else 0

    def key_of(self, number: int) -> str:
        """The key of the row that the digit opens, or empty."""
        return next((row.key for place, row in enumerate(self._rows) if self.number_at(place) == number), "")

    def replace(self, rows: tuple[Row, ...]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def update_in_place(self, rows: tuple[Row, ...]) -> None:
        """Redraw the rows that are already shown with what `rows` says of them; nothing moves."""
        newest = {row.key: row for row in rows}
        self._rows = tuple(newest.get(row.key, row) for row in self._rows)
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
