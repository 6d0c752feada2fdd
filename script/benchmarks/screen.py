"""A screen of its own for a measurement: a private Xvfb, or Qt's offscreen platform where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def private_screen() -> Iterator[Mapping[str, str]]:
    """Yield the variables that put a Qt program on a screen nobody else draws on."""
    if shutil.which("Xvfb") is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    with _xvfb() as display:
        yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}


@contextmanager
def _xvfb() -> Iterator[str]:
    """Run Xvfb on a display that it picks itself, which it names once it is ready."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as answer:
                number = answer.readline().strip()
            if not number:
                raise RuntimeError("Xvfb did not start")
            yield f":{number}"
        finally:
            server.terminate()
