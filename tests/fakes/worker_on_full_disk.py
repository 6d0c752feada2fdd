"""The sync process on a disk that takes nothing while there is a file at the path in FULL_WHILE."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from app.bootstrap.worker import main
from tests.fakes.sqlite_disk import SqliteDisk, sqlite_on

FULL_WHILE: Final = "TRUNKLINE_TEST_FULL_WHILE"

if __name__ == "__main__":
    with sqlite_on(SqliteDisk(is_refusing=Path(os.environ[FULL_WHILE]).exists)):
        main()
