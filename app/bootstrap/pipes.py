"""The sync process's end of its two pipes: lines from the window, news to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from threading import Condition, Thread

from app.sync.events import Answered, DataChanged, Event, StatusChanged, written

_STDOUT, _STDERR = 1, 2
_CHUNK = 65_536
_LAST_WORDS_S = 1.0


def claimed_output() -> int:
    """Keep standard output for messages alone; whatever else is printed in this process goes to standard error."""
    own = os.dup(_STDOUT)
    os.dup2(_STDERR, _STDOUT)
    return own


def lines_from(descriptor: int) -> Iterator[bytes]:
    """Lines until the end; one that was cut short by it is nobody's message. Not through Python's buffer, whose lock a
    waiting thread would hold when the interpreter ends."""
    held = b""
    while chunk := os.read(descriptor, _CHUNK):
        *lines, held = (held + chunk).split(b"\n")
        yield from lines


class Outlet:
    """Tells the window, never waiting for it: while it does not read, news is merged, so that memory is bounded."""

    def __init__(self, descriptor: int, on_gone: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._on_gone = on_gone
        self._news = Condition()
        self._status: StatusChanged | None = None
        self._data: DataChanged | None = None
        self._answers: list[Answered] = []
        self._is_closed = False
        self._thread = Thread(target=self._run, name="outlet", daemon=True)
        self._thread.start()

    def emit(self, event: Event) -> None:
        """Send the event, or the newest of its kind, as soon as the window reads."""
        with self._news:
            match event:
                case StatusChanged():
                    self._status = event
                case DataChanged():
                    self._data = _merged(self._data, event)
                case Answered():
                    self._answers.append(event)
            self._news.notify()

    def close(self) -> None:
        """Send what is left, if the window takes it within a second."""
        with self._news:
            self._is_closed = True
            self._news.notify()
        self._thread.join(_LAST_WORDS_S)

    def _run(self) -> None:
        try:
            while events := self._taken():
                self._write("".join(f"{written(event)}\n" for event in events).encode())
        except OSError:
            self._on_gone()

    def _taken(self) -> list[Event]:
        with self._news:
            self._news.wait_for(lambda: self._status or self._data or self._answers or self._is_closed)
            events = [event for event in (self._data, *self._answers, self._status) if event is not None]
            self._status, self._data, self._answers = None, None, []
            return events

    def _write(self, content: bytes) -> None:
        while content:
            content = content[os.write(self._descriptor, content) :]


def _merged(older: DataChanged | None, newer: DataChanged) -> DataChanged:
    if older is None:
        return newer
    return DataChanged(older.collections | newer.collections, older.is_new_mirror or newer.is_new_mirror)
