"""The window's own icons: one-colour drawings that take the ink of what they mean."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap

from ui.theme.apply import current
from ui.theme.files import ICONS
from ui.theme.tokens import ICON, Level


def pixmap(name: str, level: Level = Level.PLAIN, size: int = ICON) -> QPixmap:
    """The icon `name` in the current theme's ink for `level`, sharp on the densest screen. Raises FileNotFoundError."""
    app = QGuiApplication.instance()
    density = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return _drawn(name, current().ink(level), size, density)


@lru_cache(maxsize=256)
def _drawn(name: str, colour: str, size: int, density: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415 - the first frame draws no icon and does not wait for it

    source = (ICONS / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    drawing = QPixmap(round(size * density), round(size * density))
    drawing.setDevicePixelRatio(density)
    drawing.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawing)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawing
