"""Type-ahead is never lost: while something opens, keys wait, and reach what was opened in the order they were typed.

A `hold` starts in the same call as the act that opens something and ends once the new page has the focus. Meanwhile an
event filter takes every key press and every text an input method commits. It lies on the native windows and on whatever
has the focus, where all of them begin, and not on the application: there it would see 2,600 events of a customer page
that is being made, a tenth of the time that this may take. What was taken is then delivered to the window, which
dispatches it like fresh input: a key that opens the next page starts the next hold, and the rest goes on waiting.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

Deliver = Callable[[QEvent], None]


class Hold:
    """One reason to wait. Released once; a second release does nothing."""

    def __init__(self, release: Callable[[Hold], None]) -> None:
        self._release = release

    def release(self) -> None:
        """Let the keys go on, unless something else still holds them."""
        self._release(self)


class TypeAhead(QObject):
    """Keeps keys while any hold lasts. `stop_wanted` is said on Esc during a hold that `may_be_left`."""

    stop_wanted = Signal()

    def __init__(self, deliver: Deliver, parent: QObject) -> None:
        super().__init__(parent)
        self._deliver = deliver
        self._holds: set[Hold] = set()
        self._waiting: deque[QEvent] = deque()
        self._is_delivering = False
        self._focus: QObject | None = None
        self.may_be_left: Callable[[], bool] = lambda: False

    @property
    def is_holding(self) -> bool:
        """Whether keys wait now."""
        return bool(self._holds)

    def hold(self) -> Hold:
        """Let keys wait from now on."""
        hold = Hold(self._on_released)
        if not self._holds:
            self._watch()
        self._holds.add(hold)
        return hold

    def forget(self) -> int:
        """Drop what waits, because the page it was meant for will not come; returns how many keys that were."""
        count = len(self._waiting)
        self._waiting.clear()
        return count

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take keys and committed text; let everything else pass."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and _is_fresh(watched):
            self._take(event)
            return True
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            if event.commitString():
                self._waiting.append(_committed(event.commitString()))
            return True
        return super().eventFilter(watched, event)

    def _watch(self) -> None:
        application = _application()
        application.focusObjectChanged.connect(self._follow)
        for window in application.topLevelWindows():
            window.installEventFilter(self)
        self._follow(application.focusObject())

    def _unwatch(self) -> None:
        application = _application()
        application.focusObjectChanged.disconnect(self._follow)
        for window in application.topLevelWindows():
            window.removeEventFilter(self)
        self._leave()

    def _follow(self, focus: QObject | None) -> None:
        """What an input method commits goes to the object with the focus, past every window."""
        self._leave()
        if focus is not None and not isinstance(focus, QWindow):
            focus.installEventFilter(self)
            self._focus = focus

    def _leave(self) -> None:
        if self._focus is not None and isValid(self._focus):
            self._focus.removeEventFilter(self)
        self._focus = None

    def _take(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.may_be_left():
            self.stop_wanted.emit()
        else:
            self._waiting.append(_kept(event))

    def _on_released(self, hold: Hold) -> None:
        self._holds.discard(hold)
        if not self._holds:
            self._unwatch()
            self._go_on()

    def _go_on(self) -> None:
        if self._is_delivering:
            return
        self._is_delivering = True
        try:
            while self._waiting and not self._holds:
                self._deliver(self._waiting.popleft())
        finally:
            self._is_delivering = False


def _application() -> QGuiApplication:
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication), "keys cannot come before the application"  # noqa: S101 - an invariant
    return application


def _is_fresh(receiver: QObject) -> bool:
    """Whether a key comes from outside: one that began the hold is still offered to the widgets around its field."""
    return isinstance(receiver, QWindow) or (
        isinstance(receiver, QWidget) and receiver.window().focusWidget() is receiver
    )


def _kept(event: QKeyEvent) -> QKeyEvent:
    """A copy that outlives the event; the time it was typed stays, since scanners are told by it."""
    copy = QKeyEvent(event.type(), event.key(), event.modifiers(), event.text(), event.isAutoRepeat(), event.count())
    copy.setTimestamp(event.timestamp())
    return copy


def _committed(text: str) -> QInputMethodEvent:
    event = QInputMethodEvent()
    event.setCommitString(text)
    return event
