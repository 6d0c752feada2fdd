"""Names on two lines where one is too short for them: a name is what tells customers apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

_ENDS_A_PART = " -/"
_FIRST_IDEOGRAPH = "\u2e80"


def in_two_lines(text: str, metrics: QFontMetrics, width: int) -> tuple[str, ...]:
    """`text` as one line, or as two of which the second is cut short if it has to be."""
    if metrics.horizontalAdvance(text) <= width:
        return (text,)
    fitting = [at for at in _breaks(text) if metrics.horizontalAdvance(text[:at].rstrip()) <= width]
    at = fitting[-1] if fitting else _most_signs(text, metrics, width)
    return text[:at].rstrip(), metrics.elidedText(text[at:].lstrip(), Qt.TextElideMode.ElideRight, width)


def least_width(text: str, metrics: QFontMetrics) -> int:
    """The narrowest width at which nothing of `text` is cut on two lines."""
    halves = [(text[:at].rstrip(), text[at:].lstrip()) for at in _breaks(text)]
    widths = [max(metrics.horizontalAdvance(half) for half in pair) for pair in halves]
    return min(widths, default=metrics.horizontalAdvance(text))


def _breaks(text: str) -> Iterator[int]:
    """Where a line may end: after a part of a name, beside an ideograph; never before a mark that belongs to one."""
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        if unicodedata.category(after) == "Mn" or after == " ":
            continue
        if before in _ENDS_A_PART or before >= _FIRST_IDEOGRAPH or after >= _FIRST_IDEOGRAPH:
            yield at


def _most_signs(text: str, metrics: QFontMetrics, width: int) -> int:
    """How much of a word longer than the line stands on it."""
    return next((at for at in range(len(text) - 1, 1, -1) if metrics.horizontalAdvance(text[:at]) <= width), 1)
