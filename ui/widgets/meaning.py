"""Widgets say what they mean; the stylesheet decides how that looks."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def mean(widget: QWidget, **meanings: str) -> None:
    """Give `widget` a meaning (`role="primary"`, `level="act"`) and let it be drawn accordingly."""
    changed = False
    for name, value in meanings.items():
        changed = changed or widget.property(name) != value
        widget.setProperty(name, value)
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
