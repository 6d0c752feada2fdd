"""Where the cursor starts on a page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.page import Page


def start_in_first_field(page: Page) -> None:
    """Put the cursor there as the page is shown for the first time: a stack gives it to whatever widget was made first."""
    last: QWidget | None = page.focusWidget()
    if last is None:
        page.first_field().setFocus()
