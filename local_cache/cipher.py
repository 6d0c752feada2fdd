"""Opens encrypted SQLite files, and refuses to open or make anything that is not encrypted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from app.core.errors import DeskError, StorageError, StorageFullError
from app.core.words import QT_TRANSLATE_NOOP

KEY_BYTES = 32
_PLAIN_HEADER = b"SQLite format 3\x00"
_BUSY_MS = 10_000
_FULL, _CORRUPT, _NOT_A_DATABASE = 13, 11, 26  # SQLite's primary result codes

driver: Any = dbapi2  # the C module tells type checkers nothing
OnError = Callable[[BaseException], DeskError]


class NotEncryptedError(DeskError):
    """A file of ours lies there in plain, or the driver cannot encrypt: nothing is written."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The desk's data is not protected on this computer. Nothing was written. Call IT."
    )


class WrongKeyError(DeskError):
    """The key does not open the file."""

    text = QT_TRANSLATE_NOOP(
        "errors", "This key does not open the desk's data. Nothing was changed. Try again, or call IT."
    )


def connect(path: Path, key: bytes, *, full_sync: bool) -> Any:
    """Open the file, creating it if missing. Raises NotEncryptedError or WrongKeyError."""
    assert len(key) == KEY_BYTES, "a raw 256-bit key"  # noqa: S101 - an invariant, kept on in the product
    _refuse_plain(path)
    connection = driver.connect(str(path), isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # its lines would land on the clerk's terminal
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        if not connection.execute("PRAGMA cipher_version").fetchone():
            raise NotEncryptedError
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if full_sync else 'NORMAL'}")
        connection.execute("PRAGMA temp_store = MEMORY")  # no plain text in temporary files
        connection.execute("PRAGMA foreign_keys = ON")
    except driver.DatabaseError as error:
        connection.close()
        raise WrongKeyError from error
    except BaseException:
        connection.close()
        raise
    return connection


def in_memory() -> Any:
    """A connection to nothing on disk."""
    return driver.connect(":memory:", isolation_level=None, check_same_thread=False)


def attach(connection: Any, path: Path, key: bytes, name: str) -> None:
    """Attach a second encrypted file for reading beside the first."""
    _refuse_plain(path)
    connection.execute(f"ATTACH DATABASE ? AS {name} KEY \"x'{key.hex()}'\"", (str(path),))


def engine_for(open_connection: Callable[[], Any], *, size: int) -> Engine:
    """A SQLAlchemy engine over connections made by `open_connection`, at most `size` of them."""
    return create_engine(
        "sqlite+pysqlite://", module=driver, creator=open_connection, poolclass=QueuePool, pool_size=size, max_overflow=0
    )  # fmt: skip


@contextmanager
def storage_errors(on_damage: OnError) -> Iterator[None]:
    """Turn what the driver raises into what a clerk can act on."""
    import sqlalchemy.exc  # noqa: PLC0415 - already loaded where this runs, but not before the first paint

    try:
        yield
    except sqlalchemy.exc.DBAPIError as error:
        raise _as_desk_error(error.orig or error, on_damage) from error
    except driver.Error as error:
        raise _as_desk_error(error, on_damage) from error
    except OSError as error:
        raise StorageError from error


def primary_code(error: BaseException) -> int | None:
    """SQLite's primary result code in a driver error, if it carries one."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def is_damage(error: BaseException) -> bool:
    """Whether the driver says that the file itself is broken."""
    return primary_code(error) in (_CORRUPT, _NOT_A_DATABASE)


def _as_desk_error(error: BaseException, on_damage: OnError) -> DeskError:
    if primary_code(error) == _FULL:
        return StorageFullError()
    return on_damage(error) if is_damage(error) else StorageError()


def _refuse_plain(path: Path) -> None:
    try:
        with path.open("rb") as file:
            if file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER:
                raise NotEncryptedError
    except FileNotFoundError:
        return
