"""Dresses the application: Fusion, an explicit palette, one font, one stylesheet."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme import tokens
from ui.theme.files import STYLESHEET
from ui.theme.tokens import THEMES, Tokens

CHINESE_FAMILIES = ["Noto Sans CJK SC", "Microsoft YaHei UI", "PingFang SC"]
_DISABLED = QPalette.ColorGroup.Disabled
_SIZES = {"space": tokens.SPACE, "small": tokens.SMALL, "big": tokens.BIG}
_worn: list[Tokens] = [tokens.LIGHT]


def current() -> Tokens:
    """The theme the application wears; for code that paints."""
    return _worn[0]


def apply(app: QApplication, theme: str, language: str = "en") -> None:
    """Wear `theme` (`light` or `dark`) in the type size of `language`; every widget follows."""
    worn = _worn[0] = THEMES.get(theme, tokens.LIGHT)
    app.setStyle("Fusion")
    app.setPalette(palette(worn))
    app.setFont(font(language))
    app.setStyleSheet(stylesheet(worn))


def font(language: str) -> QFont:
    """The system's own face with tabular digits, and a Chinese face that covers what it lacks."""
    face = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    face.setFamilies([*face.families(), *(name for name in CHINESE_FAMILIES if QFontDatabase.hasFamily(name))])
    face.setPixelSize(tokens.TEXT_CHINESE if language.startswith("zh") else tokens.TEXT)
    face.setFeature(QFont.Tag("tnum"), 1)
    return face


def palette(worn: Tokens) -> QPalette:
    """Every colour role that Fusion draws with; `setColorScheme` does nothing on some platforms."""
    role = QPalette.ColorRole
    colours = {
        role.Window: worn.window,
        role.WindowText: worn.plain,
        role.Base: worn.base,
        role.AlternateBase: worn.raised,
        role.Text: worn.plain,
        role.PlaceholderText: worn.muted,
        role.Button: worn.raised,
        role.ButtonText: worn.plain,
        role.BrightText: worn.act,
        role.Highlight: worn.selected,
        role.HighlightedText: worn.plain,
        role.Accent: worn.accent,
        role.Link: worn.waiting,
        role.ToolTipBase: worn.raised,
        role.ToolTipText: worn.plain,
        role.Mid: worn.border,
        role.Midlight: worn.raised,
        role.Dark: worn.border,
        role.Light: worn.base,
        role.Shadow: worn.border,
    }
    result = QPalette()
    for where, colour in colours.items():
        result.setColor(where, QColor(colour))
    for where in (role.Text, role.WindowText, role.ButtonText):
        result.setColor(_DISABLED, where, QColor(worn.muted))
    return result


def stylesheet(worn: Tokens) -> str:
    """The stylesheet template filled with the theme's tokens; an unknown name in it raises KeyError."""
    template = Template(STYLESHEET.read_text(encoding="utf-8"))
    return template.substitute(asdict(worn) | {name: f"{size}px" for name, size in _SIZES.items()})
