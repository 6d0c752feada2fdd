"""The desk with its window: one copy a profile, then `ui` takes over."""

from __future__ import annotations

import gc
import os
import sys
from functools import partial

from PySide6.QtCore import QLockFile

from app.bootstrap.places import Arguments, Start, start_from
from app.bootstrap.workstation import LocalWorkstation
from app.core.errors import DeskError
from app.settings import remember

_OPEN_ALREADY = "Trunkline is already open on this profile. Use that window, or give another --profile."
_NOT_LOCKED = "The folder for this desk's data takes no file. Nothing was changed. Free some space, or call IT."
ANNOUNCE = "TRUNKLINE_ANNOUNCE_PAINT"


def run(arguments: Arguments) -> int:
    """Open the window and return the exit code when it has closed."""
    try:
        start = start_from(arguments)
        if start.is_demonstration and start.demonstration_key is None:
            return _said("The demonstration is started by script/run. To join a back office, give --server URL.")
        start.profile.prepare()
        if arguments.server is not None:
            remember(start.own_settings, {"server": arguments.server})
    except DeskError as error:
        return _said(str(error))
    except OSError as error:
        return _said(f"The folder for this desk's data cannot be used ({error.strerror}). Nothing was changed.")
    lock = QLockFile(str(start.profile.folder / "desk.lock"))
    lock.setStaleLockTime(0)  # a lock is stale when its process is gone, however long ago it was taken
    if not lock.tryLock(0):
        return _said(_OPEN_ALREADY if lock.error() == QLockFile.LockError.LockFailedError else _NOT_LOCKED)
    gc.disable()  # loading leaves hardly any garbage, and looking for it is a tenth of the start; see ui.shell.collector
    from ui.app import run as run_window  # noqa: PLC0415 - a second copy should answer at once

    try:
        return run_window(
            LocalWorkstation(start, on_opening=partial(_start_log, start)),
            announce_paint=bool(os.environ.get(ANNOUNCE)),
        )
    finally:
        lock.unlock()


def _start_log(start: Start) -> None:
    from app.bootstrap.logs import log_fact, note_unhandled, start_log  # noqa: PLC0415 - after the first paint

    start_log(start.log_folder, "window")
    note_unhandled()
    log_fact("window starts, Python %s", sys.version.split()[0])


def _said(words: str) -> int:
    sys.stderr.write(f"Trunkline: {words}\n")
    return 2
