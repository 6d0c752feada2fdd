"""One of the window's icons in the ink of what it means, in whatever theme is worn."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from ui.theme.icons import pixmap
from ui.theme.tokens import Level
from ui.widgets.labels import PlainLabel


class Icon(PlainLabel):
    """Empty until told what to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._shown: tuple[str, Level] = ("", Level.PLAIN)

    def show_icon(self, name: str, level: Level = Level.PLAIN) -> None:
        """Show the icon `name` in the ink of `level`; no name, nothing."""
        self._shown = (name, level)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        name, level = self._shown
        if name:
            self.setPixmap(pixmap(name, level))
        else:
            self.clear()
