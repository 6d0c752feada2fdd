"""Reads every page of the mirror in use, beside everything else, so that damage is found before a clerk meets it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

from app.bootstrap.logs import log_fact
from app.core.errors import DeskError
from app.sync.errors import MirrorDamagedError
from local_cache.mirror import MirrorFile
from local_cache.profile import Profile

_LOWEST = 19


def check_beside(profile: Profile, number: int, key: bytes, region: str, on_damage: Callable[[int], None]) -> None:
    """Check mirror `number` in a thread of its own; `on_damage(number)` is called there if it cannot be trusted."""
    if profile.mirror(number).exists():
        work = threading.Thread(
            target=_check, args=(profile, number, key, region, on_damage), name="mirror check", daemon=True
        )
        work.start()


def _check(profile: Profile, number: int, key: bytes, region: str, on_damage: Callable[[int], None]) -> None:
    if sys.platform == "linux":  # only there a thread has a priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST)
    file = MirrorFile(profile, number, key, region)
    try:
        file.check()
    except MirrorDamagedError:
        log_fact("mirror %d is damaged", number)
        on_damage(number)
    except DeskError:
        log_fact("mirror %d could not be checked", number)
    finally:
        file.close()
