"""Statements that every request needs, put together once and then given to the driver.

SQLAlchemy takes ten times as long over a statement as SQLite does, each time anew. So these are compiled once for each engine,
set of columns and length of the lists in them. Everything else goes the usual way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Engine, Executable, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError

from backoffice.dialect import committing_each

Values = Mapping[str, Any]
_COMPILED: Final = 4000  # a few dozen statements, for each scope in use and each length of their lists
_MOST_IDLE: Final = 8
_NOTHING: Final[Values] = {}


class LookUps:
    """Asks single questions, each a transaction of its own. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = committing_each(engine)
        self._idle: list[PoolProxiedConnection] = []  # a pool takes longer than the question

    def close(self) -> None:
        """Let go of the connections."""
        while self._idle:
            self._idle.pop().close()
        self._engine.dispose()

    def first(self, question: Executable, values: Values) -> tuple[Any, ...] | None:
        """The first row of the answer. Raises DBAPIError."""
        prepared = _prepared(question, self._engine.dialect, values)
        given = prepared.given(values)
        driver = self._engine.dialect.loaded_dbapi
        with suppress(IndexError, driver.OperationalError):  # nobody is idle, or the other end was away meanwhile
            return self._asked(self._idle.pop(), prepared, given)
        try:
            return self._asked(self._engine.raw_connection(), prepared, given)
        except driver.Error as error:
            raise _wrapped(error, prepared, self._engine.dialect) from error

    def _asked(self, connection: PoolProxiedConnection, prepared: _Prepared, given: Any) -> tuple[Any, ...] | None:
        driver: Any = connection.driver_connection
        try:
            found: tuple[Any, ...] | None = driver.execute(prepared.text, given).fetchone()
        except BaseException:
            connection.close()
            raise
        if len(self._idle) < _MOST_IDLE:
            self._idle.append(connection)
        else:
            connection.close()
        return found


def all_of(connection: Connection, question: Executable, values: Values = _NOTHING) -> list[tuple[Any, ...]]:
    """The rows that answer a question, in the transaction of the connection. Raises DBAPIError."""
    prepared = _prepared(question, connection.dialect, values)
    found: list[tuple[Any, ...]] = _executed(connection, prepared, prepared.given(values)).fetchall()
    return found


def first_of(connection: Connection, question: Executable, values: Values = _NOTHING) -> tuple[Any, ...] | None:
    """The first row of the answer. Raises DBAPIError."""
    rows = all_of(connection, question, values)
    return rows[0] if rows else None


def do_each(connection: Connection, statement: Executable, rows: Sequence[Values]) -> None:
    """Execute a statement for each row, all of which name the same columns. Raises DBAPIError."""
    if rows:
        prepared = _prepared(statement, connection.dialect, rows[0])
        given = [prepared.given(row) for row in rows]
        if len(given) == 1:
            _executed(connection, prepared, given[0])
        else:
            _executed(connection, prepared, given, is_many=True)


class _Prepared:
    """A statement in the words of one driver."""

    def __init__(self, statement: Any, dialect: Dialect, names: tuple[tuple[str, int | None], ...]) -> None:
        blank = {name: None if length is None else [None] * length for name, length in names}
        compiled = statement.compile(dialect=dialect, column_keys=[name for name, _ in names])
        state = compiled.construct_expanded_state(blank, escape_names=False)
        self.text: str = state.statement
        self._fixed = {name: value for name, value in state.parameters.items() if value is not None}
        self._order: Sequence[str] | None = state.positiontup
        self._expanded: Mapping[str, list[str]] = state.parameter_expansion

    def given(self, values: Values) -> Any:
        """The values as the driver takes them."""
        named = {**self._fixed, **values}
        for name, members in self._expanded.items():
            named |= zip(members, values[name], strict=True)
        return named if self._order is None else [named[name] for name in self._order]


def _prepared(statement: Executable, dialect: Dialect, values: Values) -> _Prepared:
    names = tuple((name, len(value) if isinstance(value, list) else None) for name, value in values.items())
    return _compiled(statement, dialect, names)


_compiled = lru_cache(_COMPILED)(_Prepared)


def _executed(connection: Connection, prepared: _Prepared, given: Any, *, is_many: bool = False) -> Any:
    if not connection.in_transaction():
        connection.begin()  # SQLAlchemy does so by itself only where it executes something
    cursor: Any = connection.connection.cursor()
    try:
        (cursor.executemany if is_many else cursor.execute)(prepared.text, given)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(error, prepared, connection.dialect) from error
    return cursor


def _wrapped(error: Exception, prepared: _Prepared, dialect: Dialect) -> Exception:
    """What SQLAlchemy would have raised; what was asked for stays out of it."""
    return DBAPIError.instance(prepared.text, None, error, dialect.loaded_dbapi.Error, hide_parameters=True)
