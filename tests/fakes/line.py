"""A line between desk and back office that a test can cut and mend: a TCP relay on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

_CHUNK = 65_536


class Line:
    """Relays to `port`. While cut, nobody gets through and whoever was talking is cut off in mid-word."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._is_cut = False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._start(self._accept)

    @property
    def url(self) -> str:
        """What the desk takes for its back office."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """End every conversation and refuse new ones."""
        with self._lock:
            self._is_cut = True
            ended, self._open = self._open, set()
        for one in ended:
            _hang_up(one)

    def mend(self) -> None:
        """Let everybody through again."""
        with self._lock:
            self._is_cut = False

    def close(self) -> None:
        """Take the line down."""
        self.cut()
        _hang_up(self._door)
        for thread in self._threads:
            thread.join()

    def _start(self, work: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=work, args=arguments, name="line", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                desk, _ = self._door.accept()
            except OSError:
                return
            self._connect(desk)

    def _connect(self, desk: socket.socket) -> None:
        try:
            office = socket.create_connection(self._target)
        except OSError:
            _hang_up(desk)
            return
        with self._lock:
            refused = self._is_cut
            if not refused:
                self._open |= {desk, office}
        if refused:
            _hang_up(desk)
            _hang_up(office)
            return
        self._start(self._pump, desk, office)
        self._start(self._pump, office, desk)

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                target.sendall(chunk)
        _hang_up(source)
        _hang_up(target)
        with self._lock:
            self._open -= {source, target}


def _hang_up(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        one.close()
