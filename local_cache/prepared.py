"""Statements that a clerk waits for, put together once and then given to the driver as they are.

SQLAlchemy takes several times as long over a statement as SQLite does, each time anew. Values come back as the driver has
them: a Boolean column as 0 or 1.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ClauseElement, Connection
from sqlalchemy.dialects.sqlite.pysqlite import dialect


class Prepared:
    """A statement whose values are given by these names; the driver's own errors come out of it."""

    def __init__(self, statement: ClauseElement, *names: str) -> None:
        compiled: Any = statement.compile(dialect=dialect(paramstyle="named"), column_keys=names)
        self._text: str = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if name not in names}

    def first(self, connection: Connection, **values: Any) -> tuple[Any, ...] | None:
        """The first row, in the transaction of the connection; None where there is none."""
        found: tuple[Any, ...] | None = self._executed(connection, values).fetchone()
        return found

    def value(self, connection: Connection, **values: Any) -> Any:
        """The first column of the first row; None where there is no row."""
        row = self.first(connection, **values)
        return None if row is None else row[0]

    def do(self, connection: Connection, **values: Any) -> None:
        """Execute it in the transaction of the connection."""
        self._executed(connection, values)

    def _executed(self, connection: Connection, values: dict[str, Any]) -> Any:
        driver: Any = connection.connection.driver_connection
        return driver.execute(self._text, {**self._fixed, **values})
