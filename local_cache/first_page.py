"""A journal whose first page is broken: every other page can still be read once it has the first page of a twin.

The first page holds no rows, only where each table begins; that is the same in every journal of one schema version.
"""

from __future__ import annotations

from pathlib import Path

from local_cache import cipher
from local_cache.journal_schema import create_all
from local_cache.write_log import PAGE_SIZE


def mend_first_page(journal: Path, key: bytes) -> None:
    """Give the file a twin's first page where its own cannot be read. Raises OSError or the driver's errors."""
    try:
        cipher.connect(journal, key, full_sync=False).close()
    except cipher.driver.DatabaseError:
        first, pages = _twins_first_page(journal.with_name("journal-twin.db"), key, _pages_in(journal))
        with journal.open("rb+") as file:
            file.write(first)
            file.truncate(pages * PAGE_SIZE)  # SQLite wants at least the pages that the first one tells of


def _twins_first_page(twin: Path, key: bytes, pages: int) -> tuple[bytes, int]:
    """The first page of an otherwise empty journal with at least so many pages, and how many it tells of."""
    twin.unlink(missing_ok=True)
    engine = cipher.engine_for(lambda: cipher.connect(twin, key, full_sync=False), size=1)
    with engine.begin() as connection:
        create_all(connection)
        filling = (pages * PAGE_SIZE,)
        connection.exec_driver_sql("INSERT INTO meta (name, value) VALUES ('filling', zeroblob(?))", filling)
    engine.dispose()
    try:
        return twin.read_bytes()[:PAGE_SIZE], _pages_in(twin)
    finally:
        twin.unlink()


def _pages_in(file: Path) -> int:
    return -(-file.stat().st_size // PAGE_SIZE)
