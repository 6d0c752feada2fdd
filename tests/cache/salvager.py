"""A program that opens a desk's journal, salvaging it where it is damaged: `python -m tests.cache.salvager FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from app.bootstrap.reducers import REDUCERS
from app.core.clock import SystemClock
from local_cache.profile import Profile
from local_cache.salvage import open_journal
from tests.cache.desk_files import KEY

if __name__ == "__main__":
    open_journal(Profile(Path(sys.argv[1])), KEY, REDUCERS, SystemClock())[0].close()
