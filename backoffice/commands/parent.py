"""The desk that started an embedded back office: hands over a secret on standard input, and ends it by going away."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import msgspec

_STDIN = 0
_MAX_LINE_BYTES = 10_000


class Handover(msgspec.Struct, frozen=True):
    """The one line that the desk sends."""

    secret: str


class HandoverError(Exception):
    """The desk did not hand over a secret; the text is meant for the log."""


def secret_from_parent() -> str:
    """Read the line `{"secret": …}`. Raises HandoverError."""
    try:
        return msgspec.json.decode(_line(), type=Handover).secret
    except msgspec.DecodeError as error:
        raise HandoverError('Expected one line {"secret": …} on standard input.') from error


def when_parent_ends(stop: Callable[[], None]) -> None:
    """Call `stop` from a thread of its own once standard input has ended."""

    def wait() -> None:
        while os.read(_STDIN, _MAX_LINE_BYTES):
            continue
        stop()

    threading.Thread(target=wait, name="parent", daemon=True).start()


def _line() -> bytes:
    """Read without Python's buffer: a daemon thread that waits inside it would break the interpreter's end."""
    line = b""
    while not line.endswith(b"\n") and len(line) < _MAX_LINE_BYTES:
        if not (sign := os.read(_STDIN, 1)):
            break
        line += sign
    return line
