"""Tells a scanner from a person: nobody types eight characters less than 35 ms apart, and every code holds a digit."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent

MIN_LENGTH = 8
MAX_GAP_MS = 35


class Burst:
    """Gathers the characters that came in one breath."""

    def __init__(self) -> None:
        self._text = ""
        self._last_ms = 0

    def heard(self, event: QKeyEvent) -> bool:
        """Take one key press; True where it is no character and ends a scan."""
        in_one_breath = event.timestamp() - self._last_ms <= MAX_GAP_MS
        self._last_ms = event.timestamp()
        if event.text().isprintable() and event.text():
            self._text = self._text + event.text() if in_one_breath else event.text()
            return False
        ended, self._text = self._text, ""
        return in_one_breath and len(ended) >= MIN_LENGTH and any(sign.isdigit() for sign in ended)
