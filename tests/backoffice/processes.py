"""Starts `python -m backoffice` as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from backoffice.store import Store

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "backoffice"]
WAIT_SECONDS = 60


def run(*arguments: str, sent: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [*COMMAND, *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=sent, capture_output=True, text=True, timeout=WAIT_SECONDS, check=False
    )


def create(database: Path | str) -> None:
    """An empty back office, unless there is one already."""
    with closing(Store.open(str(database))):
        pass


@contextmanager
def serving(
    database: Path | str, *options: str, sent: str | None = None, log: Path | None = None, scheme: str = "http"
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server process and its address; killed at the end if it still runs. What it logs goes beside its database.

    Where there is no database it begins with an empty one.
    """
    if "--embedded" not in options:  # which makes its own
        create(database)
    command = [*COMMAND, "serve", "--database", str(database), *options]
    with (
        (log or log_of(Path(database))).open("ab") as errors,
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        try:
            if sent is not None:
                send(process, sent)
            yield process, f"{scheme}://127.0.0.1:{json.loads(_of(process.stdout).readline())['port']}"
        finally:
            process.kill()


def send(process: subprocess.Popen[bytes], line: str) -> None:
    """Write a line to the process's standard input."""
    _of(process.stdin).write(f"{line}\n".encode())
    _of(process.stdin).flush()


def close_input(process: subprocess.Popen[bytes]) -> None:
    """End its standard input, as a parent does that dies."""
    _of(process.stdin).close()


def log_of(database: Path) -> Path:
    """Where the standard error of a server on this database goes."""
    return database.with_suffix(".log")


def logged(database: Path) -> list[dict[str, Any]]:
    """The lines of that log."""
    return [json.loads(line) for line in log_of(database).read_text(encoding="utf-8").splitlines()]


def _of(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
