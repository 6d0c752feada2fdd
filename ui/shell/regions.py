"""F6 goes round the regions of the window: the box, the page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.page import Page
from ui.shell.pages import focus_in


def next_region(window: QWidget, regions: Sequence[QWidget], step: int) -> None:
    """Put the cursor into the next (1) or previous (-1) region, where it last was there."""
    focus: QWidget | None = window.focusWidget()
    here = next((place for place, one in enumerate(regions) if focus and (one is focus or one.isAncestorOf(focus))), 0)
    region = regions[(here + step) % len(regions)]
    target = focus_in(region) if isinstance(region, Page) else region
    target.setFocus(Qt.FocusReason.TabFocusReason)
