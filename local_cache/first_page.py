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
        cipher.connect(journal, key, full_sync=False, is_alone=True).close()
    except cipher.driver.DatabaseError as error:
        if not cipher.is_damage(error):
            raise  # not for want of room, say: then its own first page may be good
        twin = journal.with_name(f"{journal.stem}-twin.db")
        _make_twin(twin, key, _pages_in(journal))
        with journal.open("rb+") as file:
            file.write(twin.read_bytes()[:PAGE_SIZE])
            file.truncate(_pages_in(twin) * PAGE_SIZE)  # SQLite wants at least the pages that the first one tells of
        twin.unlink()


def _make_twin(twin: Path, key: bytes, pages: int) -> None:
    """An otherwise empty journal with at least so many pages."""
    engine = cipher.engine_for(lambda: cipher.connect(twin, key, full_sync=False, is_alone=True), size=1)
    try:
        with engine.begin() as connection:
            create_all(connection)
            filling = (pages * PAGE_SIZE,)
            connection.exec_driver_sql("INSERT INTO meta (name, value) VALUES ('filling', zeroblob(?))", filling)
        with engine.connect() as connection:
            cipher.take_in_log(connection.connection.driver_connection)
    finally:
        engine.dispose()


def _pages_in(file: Path) -> int:
    return -(-file.stat().st_size // PAGE_SIZE)
