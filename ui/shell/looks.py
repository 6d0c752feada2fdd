"""How the clerk sees the window: theme and language, changed while forms stay open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from ui import translation
from ui.theme import apply as theme

if TYPE_CHECKING:
    from ui.workstation import Appearance, Workstation

THEMES = ("light", "dark")
LANGUAGES = ("en", "zh_CN")


def wear(app: QApplication, appearance: Appearance) -> None:
    """Show everything in this theme and language."""
    translation.install(app, appearance.language)
    theme.apply(app, appearance.theme, appearance.language)


def changed(appearance: Appearance, wish: str) -> Appearance:
    """The appearance after the clerk asked for a theme or a language by its id."""
    return replace(appearance, theme=wish) if wish in THEMES else replace(appearance, language=wish)


def change(app: QApplication, workstation: Workstation, appearance: Appearance) -> None:
    """Wear it now and keep it. Raises DeskError where it is worn and could not be kept."""
    wear(app, appearance)
    workstation.remember(appearance)
