"""Paints rows: fixed height, cells under columns, ink by level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.theme import tokens
from ui.theme.apply import current
from ui.theme.icons import pixmap
from ui.widgets.row_model import NUMBER_ROLE, ROW_ROLE
from ui.widgets.rows import Cell, Column, Row

NUMBER_WIDTH = 20
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RowDelegate(QStyledItemDelegate):
    """Draws a whole row itself: one pass, no stylesheet, the same height for every row."""

    def __init__(self, columns: Sequence[Column], view: QWidget, *, is_numbered: bool) -> None:
        super().__init__(view)
        self._view = view
        self._columns = tuple(columns)
        self._is_numbered = is_numbered

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Rows are as high as the grid says and as wide as the list."""
        return QSize(0, tokens.ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw background, number and cells."""
        row = index.data(ROW_ROLE)
        area = QRect(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(current().selected if self._is_worked() else current().raised))
        area.adjust(tokens.SPACE, 0, -tokens.SPACE, 0)
        if self._is_numbered:
            _paint_number(painter, area, index.data(NUMBER_ROLE))
            area.setLeft(area.left() + NUMBER_WIDTH)
        for cell, column, place in self._placed(row, area):
            _paint_cell(painter, cell, column, place)

    def _is_worked(self) -> bool:
        """Whether keys reach the list now, its own or those of the field that drives it."""
        return self._view.hasFocus() or self._view.focusPolicy() == Qt.FocusPolicy.NoFocus

    def _placed(self, row: Row, area: QRect) -> Iterator[tuple[Cell, Column, QRect]]:
        sharing = sum(1 for column in self._columns if not column.width)
        fixed = sum(column.width + tokens.SPACE for column in self._columns if column.width)
        share = max(0, area.width() - fixed) // max(1, sharing)
        left = area.left()
        for cell, column in zip(row.cells, self._columns, strict=True):
            width = column.width or share - tokens.SPACE
            yield cell, column, QRect(left, area.top(), min(width, area.right() - left + 1), area.height())
            left += width + tokens.SPACE


def _paint_number(painter: QPainter, area: QRect, number: int) -> None:
    if number:
        painter.setPen(QColor(current().muted))
        painter.drawText(area, _LEFT, str(number))


def _paint_cell(painter: QPainter, cell: Cell, column: Column, place: QRect) -> None:
    if cell.icon:
        top = place.top() + (place.height() - tokens.ICON) // 2
        painter.drawPixmap(place.left(), top, pixmap(cell.icon, cell.level))
        place.setLeft(place.left() + tokens.ICON + tokens.GAP)
    painter.setPen(QColor(current().ink(cell.level)))
    text = painter.fontMetrics().elidedText(cell.text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, _RIGHT if column.is_right else _LEFT, text)
