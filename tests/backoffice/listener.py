"""A listener as an integrator would write one: a small web server that keeps what it is told, and fails when told to."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WAIT_SECONDS = 30
Misbehaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Listener

    def do_POST(self) -> None:
        """Take an event, or misbehave instead."""
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        misbehave = self.server.begins(self.path, message, dict(self.headers))
        if misbehave is not None:
            misbehave(self)
            return
        self.server.takes(message)
        self.answer(201)

    def answer(self, status: int, headers: dict[str, str] | None = None) -> None:
        """Say how it went."""
        self.send_response(status)
        for name, value in {"Content-Length": "0", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing goes to the test's output."""


class Listener(ThreadingHTTPServer):
    """Listens at a free port until `close`."""

    daemon_threads = False

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self._changed = threading.Condition()
        self._misbehaviours: deque[Misbehaviour | None] = deque()
        self.taken: list[dict[str, Any]] = []
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def host(self) -> str:
        """As `--callback-host` takes it."""
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        """Where events are to go."""
        return f"http://{self.host}/told?by=trunkline"

    def misbehave(self, *how: Misbehaviour | None) -> None:
        """Do this at the next requests, one after the other; None: behave."""
        self._misbehaviours.extend(how)

    def begins(self, path: str, message: dict[str, Any], headers: dict[str, str]) -> Misbehaviour | None:
        """Note a request; how to misbehave at it, if so."""
        with self._changed:
            self.asked.append((path, message, headers))
            self._changed.notify_all()
            return self._misbehaviours.popleft() if self._misbehaviours else None

    def takes(self, message: dict[str, Any]) -> None:
        """Keep an event."""
        with self._changed:
            self.taken.append(message)
            self._changed.notify_all()

    def wait(self, until: Callable[[Listener], bool]) -> None:
        """Wait until what was told is enough."""
        with self._changed:
            assert self._changed.wait_for(lambda: until(self), WAIT_SECONDS), self.taken

    def types(self, count: int) -> list[str]:
        """The types of the first events, once there are so many."""
        self.wait(lambda told: len(told.taken) >= count)
        return [message["eventType"] for message in self.taken]

    def close(self) -> None:
        """Listen no more."""
        self.shutdown()
        self.server_close()
        self._thread.join()


def refuses(status: int, headers: dict[str, str] | None = None) -> Misbehaviour:
    """Answer with an error."""
    return lambda handler: handler.answer(status, headers)


def cuts(handler: Handler) -> None:
    """Close the connection in the middle of the answer."""
    handler.wfile.write(b"HTTP/1.1 201 Crea")
    handler.close_connection = True


def drips(handler: Handler) -> None:
    """Answer so slowly that nobody waits for the end."""
    try:
        for _ in range(200):
            handler.wfile.write(b"H")
            time.sleep(0.05)
    except OSError:
        handler.close_connection = True


def wait_until(holds: Callable[[], bool]) -> None:
    """Ask again and again until it is so: for what no listener is told."""
    until = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def hangs(gate: threading.Event) -> Misbehaviour:
    """Say nothing until the gate opens, then that it went wrong."""

    def misbehave(handler: Handler) -> None:
        gate.wait(WAIT_SECONDS)
        handler.answer(500)

    return misbehave
