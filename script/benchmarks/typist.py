"""Types in a measured window, on a thread of its own, and tells how long each key took to what it led to."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from benchmarks.frames import Frames, IsThere, Wish
from benchmarks.keyboard import Keyboard, keyboard_for

_PATIENCE_S = 5.0
_GAP_S = 0.06  # between two keys; nobody types faster
_SETTLED_S = 0.3


class Typist:
    """Presses keys and waits for frames. Made on the window's thread; all else serves any other."""

    def __init__(self, window: QWidget) -> None:
        window.activateWindow()
        self.frames = Frames(window)
        self._keyboard: Keyboard = keyboard_for(window.windowHandle(), QGuiApplication.platformName())

    def type(self, text: str, shows: Callable[[str], bool]) -> Iterator[dict[str, Any]]:
        """Type over what the box holds; `shows` tells whether the rows for what is typed so far are there."""
        self.settle("F2")
        for number in range(1, len(text) + 1):
            typed = text[:number]
            began, wish = self.press(text[number - 1], lambda: shows(typed))  # noqa: B023 - waited for in this turn
            yield {"typed": typed, **times(began, wish)}
            time.sleep(max(0.0, _GAP_S - (time.time_ns() - began) / 1e9))

    def press(self, key: str, is_there: IsThere, patience_s: float = _PATIENCE_S) -> tuple[int, Wish]:
        """Press a key and wait for what it leads to; returns when it was pressed, and what came."""
        wish = self.frames.wish(is_there)
        began = time.time_ns()
        self._keyboard.press(key)
        wish.wait(patience_s)
        return began, wish

    def settle(self, key: str = "") -> None:
        """Press a key whose frame does not matter, if any, and let the window come to rest."""
        if key:
            self._keyboard.press(key)
        time.sleep(_SETTLED_S)


def times(began: int, wish: Wish) -> dict[str, float | None]:
    """Milliseconds from the key to the answer and to its painted frame; None where neither came."""
    return {
        name: round((at - began) / 1e6, 3) if at else None
        for name, at in (("answer_ms", wish.answered_at), ("paint_ms", wish.painted_at))
    }


def say(**told: object) -> None:
    """Tell it to whoever started this program."""
    print(json.dumps(told), flush=True)
