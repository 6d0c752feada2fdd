"""What a test may leave behind without anybody noticing: threads, processes, windows and timers that still run."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget

OUR_THREADS = "trunkline"
GRACE_SECONDS = 2.0


def lasting_threads() -> set[threading.Thread]:
    """Return the threads that keep a program alive, and those of ours that would not."""
    return {
        thread
        for thread in threading.enumerate()
        if thread is not threading.current_thread() and (not thread.daemon or thread.name.startswith(OUR_THREADS))
    }


def still_running(threads: set[threading.Thread]) -> list[str]:
    """Give threads that were told to end the time to do so; return the names of those that do not."""
    for thread in threads:
        thread.join(GRACE_SECONDS)
    return sorted(thread.name for thread in threads if thread.is_alive())


def child_processes() -> set[int]:
    """Return the ids of our children, ended ones that nobody waited for included. Empty where there is no /proc."""
    lists = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(word) for children in lists for word in _text(children).split()}


def is_ours(pid: int) -> bool:
    """Tell a started program from the helper that multiprocessing keeps for the whole session."""
    return "resource_tracker" not in _text(Path(f"/proc/{pid}/cmdline"))


def top_levels() -> list[QWidget]:
    """Return the windows that exist after what was to be deleted is deleted; none without a QApplication."""
    if not isinstance(QApplication.instance(), QApplication):
        return []
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return QApplication.topLevelWidgets()


def open_windows() -> list[str]:
    """Return the windows that are still open, by class and name."""
    return [_name(widget) for widget in top_levels() if widget.isVisible()]


def active_timers() -> list[str]:
    """Return the timers that still tick in some window, by the window's class and name."""
    return [
        f"{timer.objectName() or 'QTimer'} in {_name(widget)}"
        for widget in top_levels()
        for timer in widget.findChildren(QTimer)
        if timer.isActive()
    ]


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()!r}"


def _text(path: Path) -> str:
    """Read a file of /proc, whose owner may be gone by now."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
