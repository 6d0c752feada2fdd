"""A program that records acts and says so after each: `python -m tests.cache.recorder FOLDER COUNT [ID]`.

It prints "recording", then "saved ID" or "failed ERROR"; what failed is recorded again until it is saved. COUNT 0: for ever.
With an ID the acts have that one, as if it came of a draft.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import TypeVar

from app.bootstrap.reducers import REDUCERS
from app.core.clock import SystemClock
from app.core.errors import DeskError
from local_cache.journal import Journal
from local_cache.profile import Profile
from tests.cache.desk_files import KEY
from tests.cache.records import filing

T = TypeVar("T")


def main() -> None:
    """Record until told otherwise."""
    folder, most = Path(sys.argv[1]), int(sys.argv[2])
    journal = Journal(Profile(folder), KEY, REDUCERS, SystemClock())
    until_done(journal.open)
    for number in count(1):
        act = filing(f"number {number}")
        act = replace(act, id=sys.argv[3], entity_id=sys.argv[3]) if sys.argv[3:] else act
        say("recording")
        until_done(partial(journal.record, act, None))
        say(f"saved {act.id}")
        if number == most:
            break
    journal.close()


def until_done(work: Callable[[], T]) -> T:
    """Do it, again and again, while the disk does not take it."""
    while True:
        try:
            return work()
        except DeskError as error:
            say(f"failed {type(error).__name__}")


def say(words: str) -> None:
    """One line, at once."""
    os.write(sys.stdout.fileno(), f"{words}\n".encode())


if __name__ == "__main__":
    main()
