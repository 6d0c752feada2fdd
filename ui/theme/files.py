"""Where the window's own files lie: icons, stylesheet, translations."""

from __future__ import annotations

from pathlib import Path

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
ICONS = RESOURCES / "icons"
STYLESHEET = RESOURCES / "style" / "trunkline.qss"
TRANSLATIONS = RESOURCES / "i18n"
