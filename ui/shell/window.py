"""The frame: box on top, strip and notice line below it, rail at the left, the page, and the status bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.search.box import Box
from ui.shell.rail import Rail
from ui.shell.status_line import StatusLine
from ui.shell.strip_view import StripView
from ui.theme import tokens
from ui.widgets.notice import NoticeLine

if TYPE_CHECKING:
    from ui.workstation import Workstation

WIDTH, HEIGHT = 1280, 720
LEAST_WIDTH, LEAST_HEIGHT = 1024, 640  # below this, columns would be lost


class ShellWindow(QWidget):
    """The window before and around every page. Light enough to be the first thing on the screen.

    `painted` says that the first frame is on the screen. Closing the window only asks: `on_quit` decides when it goes.
    """

    painted = Signal()
    resized = Signal()
    language_changed = Signal()

    def __init__(self, workstation: Workstation, on_quit: Callable[[], None]) -> None:
        super().__init__()
        self.workstation = workstation
        self.has_painted = False
        self._on_quit = on_quit
        self.box = Box(self)
        self.strip = StripView(self)
        self.notice = NoticeLine(self)
        self.rail = Rail(self)
        self.stack = QStackedWidget(self)
        self.status = StatusLine(self)
        self._lay_out()
        self.retranslate()
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.resize(QSize(WIDTH, HEIGHT).boundedTo(self.screen().availableSize()))
        self.box.setFocus()

    def retranslate(self) -> None:
        """Set every text anew."""
        self.setWindowTitle(self.tr("Trunkline"))
        self.box.setPlaceholderText(self.tr("F2   number · name · ticket … or what you want to do"))
        self.box.setAccessibleName(self.tr("Find or do"))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self.language_changed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask to quit; what runs is tidied up first."""
        event.ignore()
        self._on_quit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let what lies over the page follow."""
        super().resizeEvent(event)
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say once that the first frame has reached the screen, which it has when this event is over."""
        super().paintEvent(event)
        if not self.has_painted:
            self.has_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def _lay_out(self) -> None:
        top = QFrame(self)
        top.setProperty("role", "top")
        top.setFixedHeight(tokens.BOX)
        box_row = QHBoxLayout(top)
        box_row.setContentsMargins(tokens.SPACE, 0, tokens.SPACE, 0)
        box_row.addWidget(self.box)
        page = _column(self.strip, self.notice)
        page.addWidget(self.stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addLayout(page, 1)
        whole = _column(top)
        whole.addLayout(middle, 1)
        whole.addWidget(self.status)
        self.setLayout(whole)


def _column(*parts: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in parts:
        column.addWidget(part)
    return column
