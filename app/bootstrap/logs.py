"""The log: JSON lines with everything an engineer needs and no personal data; bounded in size."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import secrets
import sys
import traceback
from pathlib import Path
from typing import TextIO

_MOST_BYTES, _KEPT = 2_000_000, 3
_log = logging.getLogger("trunkline")


def start_log(folder: Path, part: str) -> None:
    """Log to a file per part of the desk, and let a crash of the interpreter leave its stacks beside it.

    Once is enough. Raises OSError.
    """
    if _log.handlers:
        return
    folder.mkdir(parents=True, exist_ok=True)
    crash = _crash_file(folder / f"{part}.crash")
    handler = logging.handlers.RotatingFileHandler(
        folder / f"{part}.log", maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8"
    )  # fmt: skip
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    _log.propagate = False
    faulthandler.enable(crash)


def _crash_file(path: Path) -> TextIO:
    """Where the interpreter leaves its stacks; what an earlier crash left stays, unless it has grown out of hand."""
    too_large = path.exists() and path.stat().st_size > _MOST_BYTES
    return path.open("w" if too_large else "a", encoding="utf-8")


def log_bug(error: BaseException) -> str:
    """Log where it happened, never what with: an exception's message may hold a customer's data. Returns the incident."""
    incident = secrets.token_hex(3).upper()
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(one.filename).name}:{one.lineno}:{one.name}" for one in reversed(frames))
    causes = []
    cause: BaseException | None = error
    while cause is not None:
        causes.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    _log.error("incident %s %s at %s", incident, " from ".join(causes), where or "nowhere")
    return incident


def log_fact(words: str, *values: object) -> None:
    """Log a fact about the program; never about a customer."""
    _log.info(words, *values)


def note_unhandled() -> None:
    """Send what nobody caught to the log as well."""

    def hook(_kind: type[BaseException], error: BaseException, _trace: object) -> None:
        incident = log_bug(error)
        sys.stderr.write(f"Trunkline: incident {incident}; see the log.\n")

    sys.excepthook = hook
