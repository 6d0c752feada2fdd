"""Lets a screen reader say what the eye would catch; the focus stays where it is."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

_INTERRUPTING = QAccessible.AnnouncementPoliteness.Assertive


def announce(widget: QWidget, words: str, *, interrupts: bool = False) -> None:
    """Have `words` said for `widget`, at once where somebody must act now; nothing where no reader listens."""
    if words and QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, words)
        if interrupts:
            event.setPoliteness(_INTERRUPTING)
        QAccessible.updateAccessibility(event)
