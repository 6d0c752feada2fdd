"""Paints rows: fixed height, cells under columns, ink by level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from ui.theme import tokens
from ui.theme.apply import current
from ui.theme.icons import pixmap
from ui.widgets.column_widths import column_widths
from ui.widgets.row_model import ROW_ROLE, RowModel
from ui.widgets.rows import Cell, Column, Row
from ui.widgets.tips import as_tip

NUMBER_WIDTH = 20
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RowDelegate(QStyledItemDelegate):
    """Draws a whole row itself: one pass, no stylesheet, the same height for every row."""

    def __init__(self, columns: Sequence[Column], rows: RowModel, view: QWidget, *, is_numbered: bool) -> None:
        super().__init__(view)
        self._view = view
        self._rows = rows
        self._columns = tuple(columns)
        self._is_numbered = is_numbered
        self._measured: tuple[tuple[Row, ...], str] = ((), "")
        self._needed: list[int] = []
        self._shared: tuple[list[int], int, list[int]] = ([], 0, [])

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Rows are as high as the grid says and as wide as the list."""
        return QSize(0, tokens.ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw background, number and cells."""
        place = index.row()
        row, area = self._rows.rows[place], QRect(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, _colour(current().selected if self._is_worked() else current().raised))
        if self._is_numbered:
            _paint_number(painter, area.adjusted(tokens.SPACE, 0, 0, 0), self._rows.number_at(place))
        for cell, column, room in self._placed(row, area):
            _paint_cell(painter, cell, column, room)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Tell a row in full where some of it is cut or left out."""
        row = index.data(ROW_ROLE)
        tip = as_tip(row.said) if row is not None and self.is_cut(row, option.rect) else ""
        QToolTip.showText(event.globalPos(), tip, view)
        return True

    def is_cut(self, row: Row, area: QRect) -> bool:
        """Whether some of the row cannot be read in `area`."""
        metrics = self._view.fontMetrics()
        widths = self._widths(self._inner(area).width())
        return any(_width_of(cell, metrics) > width for cell, width in zip(row.cells, widths, strict=True))

    def _is_worked(self) -> bool:
        """Whether keys reach the list now, its own or those of the field that drives it."""
        return self._view.hasFocus() or self._view.focusPolicy() == Qt.FocusPolicy.NoFocus

    def _placed(self, row: Row, area: QRect) -> Iterator[tuple[Cell, Column, QRect]]:
        inner = self._inner(area)
        left = inner.left()
        for cell, column, width in zip(row.cells, self._columns, self._widths(inner.width()), strict=True):
            if width:
                yield cell, column, QRect(left, area.top(), width, area.height())
                left += width + tokens.SPACE

    def _inner(self, area: QRect) -> QRect:
        """Where cells may stand."""
        return area.adjusted(tokens.SPACE + (NUMBER_WIDTH if self._is_numbered else 0), 0, -tokens.SPACE, 0)

    def _widths(self, room: int) -> list[int]:
        """The widths of the columns in `room`; shared out once for the same rows, not for each of them."""
        needed = self._needed_by_columns()
        if self._shared[0] is not needed or self._shared[1] != room:
            self._shared = (needed, room, column_widths(self._columns, needed, room))
        return self._shared[2]

    def _needed_by_columns(self) -> list[int]:
        """What the widest cell of each column takes; measured once for the same rows in the same type."""
        rows, metrics = self._rows.rows, self._view.fontMetrics()
        type_face = self._view.font().key()
        if self._measured[0] is not rows or self._measured[1] != type_face:
            self._measured = (rows, type_face)
            columns = zip(*(row.cells for row in rows), strict=True)
            self._needed = [max(_width_of(cell, metrics) for cell in column) for column in columns]
        return self._needed


def _width_of(cell: Cell, metrics: QFontMetrics) -> int:
    icon = tokens.ICON + (tokens.GAP if cell.text else 0) if cell.icon else 0
    return (metrics.horizontalAdvance(cell.text) + 1 if cell.text else 0) + icon  # 1: what rounding took


def _paint_number(painter: QPainter, area: QRect, number: int) -> None:
    if number:
        painter.setPen(_colour(current().muted))
        painter.drawText(area, _LEFT, str(number))


def _paint_cell(painter: QPainter, cell: Cell, column: Column, place: QRect) -> None:
    if cell.icon:
        top = place.top() + (place.height() - tokens.ICON) // 2
        painter.drawPixmap(place.left(), top, pixmap(cell.icon, cell.level))
        place.setLeft(place.left() + tokens.ICON + tokens.GAP)
    if cell.text:
        painter.setPen(_colour(current().ink(cell.level)))
        text = painter.fontMetrics().elidedText(cell.text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, _RIGHT if column.is_right else _LEFT, text)


@lru_cache(maxsize=64)
def _colour(written: str) -> QColor:
    """The colour; reading it anew for each cell was a tenth of a row."""
    return QColor(written)
