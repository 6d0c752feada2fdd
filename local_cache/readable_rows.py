"""The rows of a damaged journal that can still be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from local_cache import cipher
from local_cache.write_log import PAGE_SIZE, log_of, pages_in

_LONGEST_RUN_OF_ERRORS = 2_000  # row numbers; a page holds far fewer rows


class ReadableRows:
    """Reads around broken pages. A file too damaged to be opened has no rows; whatever else fails is raised."""

    def __init__(self, path: Path, key: bytes, *, may_lack_commits: bool) -> None:
        self._path = path
        self._key = key
        self._may_lack_commits = may_lack_commits
        self._connection: Any = None
        self._lost: frozenset[str] = frozenset()

    def __enter__(self) -> ReadableRows:
        self._connection = self._opened()
        if self._connection is not None:
            self._lost = self._tables_without_root()
            self._open_again()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._close()

    def of(self, table: Table) -> Iterator[dict[str, Any]]:
        """Every readable row of the table, passing over broken pages row number by row number."""
        names = self._names_in(table)
        statement = f"SELECT rowid, {', '.join(names)} FROM {table.name} WHERE rowid > ? ORDER BY rowid LIMIT 1"  # noqa: S608
        errors, last = 0, 0
        while self._connection is not None and table.name not in self._lost and errors < _LONGEST_RUN_OF_ERRORS:
            try:
                row = self._connection.execute(statement, (last,)).fetchone()
            except cipher.driver.DatabaseError as error:
                if cipher.is_mistake(error):
                    return  # the table was never made
                if not cipher.is_damage(error):
                    raise
                errors, last = errors + 1, last + 1
                self._open_again()
                continue
            if row is None:
                return
            errors, last = 0, row[0]
            yield dict(zip(names, row[1:], strict=True))

    def sequences_given_out(self) -> int | None:
        """The newest device sequence ever given out, None where that cannot be read or trusted."""
        if self._connection is None or self._may_lack_commits:
            return None
        try:
            row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'command'").fetchone()
        except cipher.driver.DatabaseError as error:
            if not (cipher.is_damage(error) or cipher.is_mistake(error)):
                raise
            return None
        return int(row[0]) if row else 0

    def _tables_without_root(self) -> frozenset[str]:
        """The tables of which no row can be reached, so that nobody tries each row number: it would take ten seconds."""
        log, pages = log_of(self._path), self._path.stat().st_size // PAGE_SIZE
        in_log = {number for number, _ in pages_in(log.read_bytes())} if log.exists() else set()
        try:
            roots = self._connection.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'").fetchall()
            broken = cipher.broken_pages(self._connection)
        except cipher.driver.DatabaseError as error:
            if not cipher.is_damage(error):
                raise
            return frozenset()
        return frozenset(name for name, root in roots if root not in in_log and (root in broken or root > pages))

    def _names_in(self, table: Table) -> list[str]:
        """The columns that an older file has too; what it lacks is left to the default."""
        names = [column.name for column in table.columns]
        try:
            held = (
                [row[1] for row in self._connection.execute(f"PRAGMA table_info({table.name})")]
                if self._connection
                else []
            )
        except cipher.driver.DatabaseError as error:
            if not cipher.is_damage(error):
                raise
            self._open_again()
            held = []
        return [name for name in names if name in held] or names

    def _open_again(self) -> None:
        """After one broken page SQLCipher reads no other over the same connection."""
        self._close()
        self._connection = self._opened()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _opened(self) -> Any:
        if not self._path.exists():
            return None
        try:
            return cipher.connect(self._path, self._key, full_sync=False, is_alone=True)
        except cipher.driver.DatabaseError as error:
            if not cipher.is_damage(error):
                raise  # a disk without room for opening it must not make the journal look empty
            return None
