"""The smallest PySide6 window there is: what every desktop program in Python has to pay before anything of its own."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


class Bare(QMainWindow):
    """Says when it was painted for the first time, and ends."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Announce the first paint."""
        super().paintEvent(event)
        print(f"first-paint {time.time_ns()}", flush=True)
        QTimer.singleShot(0, QApplication.quit)


def main() -> int:
    """Show the window until it is painted."""
    application = QApplication(sys.argv)
    window = Bare()
    window.setCentralWidget(QLabel("Trunkline"))
    window.resize(1280, 720)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
