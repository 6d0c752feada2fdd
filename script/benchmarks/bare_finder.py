"""The least that PySide6 does for a key in a box over a list: twenty rows at once, without a search. Driven as the desk is."""

from __future__ import annotations

import json
import sys
import threading

from PySide6.QtCore import QMetaObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QVBoxLayout, QWidget

from benchmarks.typist import Typist, say

_ROWS = 20


class Finder(QWidget):
    """A box, and under it what was typed, twenty times."""

    def __init__(self) -> None:
        super().__init__()
        self._box, self._list = QLineEdit(), QListWidget()
        self._list.addItems([""] * _ROWS)
        column = QVBoxLayout(self)
        column.addWidget(self._box)
        column.addWidget(self._list)
        self._box.textEdited.connect(self._show)
        QShortcut(QKeySequence("F2"), self, self._box.selectAll)
        self.resize(1280, 720)

    def shows(self, typed: str) -> bool:
        """Whether that is what was typed."""
        return self._box.text() == typed

    def _show(self, typed: str) -> None:
        for row in range(_ROWS):
            self._list.item(row).setText(f"{typed} {row}")


def _work(finder: Finder, typist: Typist) -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        say(keys=[key for text in asked["texts"] for key in typist.type(text, finder.shows)])
    QMetaObject.invokeMethod(finder, "close", Qt.ConnectionType.QueuedConnection)


def main() -> int:
    """Show the window until it is told to end."""
    application = QApplication(sys.argv)
    finder = Finder()
    finder.show()
    threading.Thread(target=_work, args=(finder, Typist(finder)), name="driver", daemon=True).start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
