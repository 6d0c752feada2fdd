"""Tool tips that show text as it is: Qt takes for markup whatever looks like it."""

from __future__ import annotations

from PySide6.QtGui import Qt


def as_tip(text: str) -> str:
    """`text` for `setToolTip`, also where it holds a customer's data."""
    return Qt.convertFromPlainText(text) if Qt.mightBeRichText(text) else text
