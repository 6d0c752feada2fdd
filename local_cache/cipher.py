"""Opens encrypted SQLite files, and refuses to open or make anything that is not encrypted."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from app.core.errors import DeskError, StorageError, StorageFullError
from app.core.words import QT_TRANSLATE_NOOP
from local_cache.disk import disk_errors, has_room
from local_cache.write_log import log_of, pages_taken_from

KEY_BYTES = 32
SALT_BYTES = 16
_PLAIN_HEADER = b"SQLite format 3\x00"
_BUSY_S = 10.0
_MOMENT_S = 0.005
_ERROR, _BUSY, _FULL, _CORRUPT, _NOT_A_DATABASE = 1, 5, 13, 11, 26  # SQLite's primary result codes
_IO_ERROR, _CANNOT_OPEN = 10, 14  # what SQLite says, too, where a full disk lets it make no file
_PAGE = re.compile(r"\bpage (\d+)\b")

driver: Any = dbapi2  # the C module tells type checkers nothing
OnDamage = Callable[[], DeskError]


class NotEncryptedError(DeskError):
    """A file of ours lies there in plain, or the driver cannot encrypt: nothing is written."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The desk's data is not protected on this computer. Nothing was written. Call IT."
    )


def connect(path: Path, key: bytes, *, full_sync: bool, may_create: bool = True, is_alone: bool = False) -> Any:
    """Open the file. Raises NotEncryptedError, or the driver's error where file or key are wrong.

    `is_alone` keeps everybody else out, and so needs no memory shared with them, for which a full disk has no room.
    """
    connection = _opened(path, key, "mode=rwc" if may_create else "mode=rw", is_alone=is_alone)
    try:
        _log_ahead(connection)
        connection.execute(f"PRAGMA synchronous = {'FULL' if full_sync else 'NORMAL'}")
        connection.execute("PRAGMA temp_store = MEMORY")  # no plain text in temporary files
    except BaseException:
        connection.close()
        raise
    return connection


def _log_ahead(connection: Any) -> None:
    """Switch to write-ahead logging. Where another process does so at the same moment, SQLite says "busy" at once."""
    until = time.monotonic() + _BUSY_S
    while True:
        try:
            if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
                raise _error("the disk does not take a log", _IO_ERROR)  # SQLite only stays as it was
        except driver.OperationalError as error:
            if _primary_code(error) != _BUSY or time.monotonic() >= until:
                raise
            time.sleep(_MOMENT_S)
        else:
            return


def look(path: Path, key: bytes) -> Any:
    """Open the file to read it, without leaving a trace in or beside it. Raises as `connect` does."""
    is_in_use = _beside(path, "-wal").exists()  # else nobody has it open, and even an empty log would be a trace
    return _opened(path, key, "mode=ro" if is_in_use else "mode=ro&immutable=1")


def take_in_log(connection: Any) -> None:
    """Move what the log holds into the file, so that it can go alone. Closing does so too, but says nothing if it fails."""
    is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise driver.OperationalError("somebody else has the file open")


def in_memory() -> Any:
    """A connection to nothing on disk."""
    return driver.connect(":memory:", isolation_level=None, check_same_thread=False)


def attach(connection: Any, path: Path, key: bytes, name: str) -> None:
    """Attach a second encrypted file for reading beside the first."""
    _refuse_foreign_header(path, key)
    connection.execute(f'ATTACH DATABASE ? AS {name} KEY "{_key_and_salt(path, key)}"', (str(path),))


def copy_whole(connection: Any, target: Path, key: bytes, version: int) -> None:
    """Write all tables into a new file of the same key, which counts as of that version."""
    attach(connection, target, key, "kept")
    try:
        connection.execute("SELECT sqlcipher_export('kept')").fetchall()
        connection.execute(f"PRAGMA kept.user_version = {version}")
    finally:
        connection.execute("DETACH DATABASE kept")


def engine_for(open_connection: Callable[[], Any], *, size: int) -> Engine:
    """A SQLAlchemy engine over connections made by `open_connection`, at most `size` of them."""
    return create_engine(
        "sqlite+pysqlite://", module=driver, creator=open_connection, poolclass=QueuePool, pool_size=size, max_overflow=0
    )  # fmt: skip


def is_whole(connection: Any) -> bool:
    """Whether every page is as it was written and every tree is sound. A checkpoint meanwhile is no damage."""
    return any(_looks_whole(connection) for _ in range(2))


def broken_pages(connection: Any) -> set[int]:
    """The numbers of the pages in the file that are not as they were written, whatever its log holds in their place."""
    return {int(found[1]) for found in _broken(connection) if found}


@contextmanager
def storage_errors(on_damage: OnDamage, folder: Path) -> Iterator[None]:
    """Turn what the driver raises into what a clerk can act on; a broken file in `folder` into the error of `on_damage`."""
    try:
        with disk_errors():
            yield
    except NoConnectionError as error:
        raise StorageError from error
    except (DBAPIError, driver.Error) as error:
        code = _primary_code(error)
        if code == _FULL or (code in (_IO_ERROR, _CANNOT_OPEN) and not has_room(folder)):
            raise StorageFullError from error
        raise (on_damage() if is_damage(error) else StorageError()) from error


def is_damage(error: BaseException) -> bool:
    """Whether a driver's error says that the file itself is broken."""
    return _primary_code(error) in (_CORRUPT, _NOT_A_DATABASE)


def is_mistake(error: BaseException) -> bool:
    """Whether a driver's error says that the question does not fit the file, such as one for a table that is not there."""
    return _primary_code(error) == _ERROR


def _primary_code(error: BaseException) -> int | None:
    """SQLite's primary result code in a driver error, wrapped or not, if it carries one."""
    code = getattr(getattr(error, "orig", None) or error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def _opened(path: Path, key: bytes, mode: str, *, is_alone: bool = False) -> Any:
    assert len(key) == KEY_BYTES, "a raw 256-bit key"  # noqa: S101 - an invariant, kept on in the product
    _refuse_foreign_header(path, key)
    connection = driver.connect(
        f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None, check_same_thread=False, timeout=_BUSY_S
    )  # fmt: skip
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # its lines would land on the clerk's terminal
        connection.execute(f'PRAGMA key = "{_key_and_salt(path, key)}"')
        if not connection.execute("PRAGMA cipher_version").fetchone():
            raise NotEncryptedError
        if is_alone:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _key_and_salt(path: Path, key: bytes) -> str:
    """What SQLCipher takes as a raw key with its salt."""
    return f"x'{key.hex()}{salt_of(path, key).hex()}'"


def begins_with(path: Path, key: bytes) -> bool:
    """Whether the file begins as this key's file of that role does."""
    return _header(path) == salt_of(path, key)


def begins_otherwise(path: Path, key: bytes) -> bool:
    """Whether the file begins as none of this key's: encrypted with another one, or damaged. An empty one does not."""
    return _header(path) not in (b"", _PLAIN_HEADER, salt_of(path, key))


def salt_of(path: Path, key: bytes) -> bytes:
    """The salt of a file, which it begins with: made from key and role, so that losing the first page loses no other."""
    role = path.name.partition(".")[0].partition("-")[0]
    return hashlib.blake2b(role.encode(), key=key, digest_size=SALT_BYTES).digest()


def _refuse_foreign_header(path: Path, key: bytes) -> None:
    if _header(path) == _PLAIN_HEADER:
        raise NotEncryptedError
    if begins_otherwise(path, key):
        raise _error("the file does not begin as this desk's files do", _NOT_A_DATABASE)


def _error(words: str, code: int) -> Any:
    """What the driver would raise."""
    error = driver.OperationalError(words)
    error.sqlite_errorcode = code
    return error


def _header(path: Path) -> bytes:
    """What the file begins with; nothing where there is none."""
    try:
        with path.open("rb") as file:
            return file.read(SALT_BYTES)
    except FileNotFoundError:
        return b""


def _looks_whole(connection: Any) -> bool:
    broken = _broken(connection)
    if broken and not _are_in_the_log(connection, broken):
        return False
    return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")


def _broken(connection: Any) -> list[re.Match[str] | None]:
    """What SQLCipher finds wrong, each with the number of the page where it names one."""
    return [_PAGE.search(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]


def _are_in_the_log(connection: Any, broken: list[re.Match[str] | None]) -> bool:
    """Whether nobody reads these pages of the file, nor ever will: moving the log into it was cut short."""
    path = next(row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main")
    taken = pages_taken_from(log_of(Path(path)))
    return all(page and int(page[1]) in taken for page in broken)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
