"""Rows of new documents that were worked out beforehand, and how a database without documents takes very many of them.

Most values of most columns stand in long runs: `Rows` carries each run as one piece of JSON that the database spreads into
rows itself, three times as fast as when each is handed over alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, update

from app.core.clock import Clock
from app.rules.checksums import Checksum
from backoffice import schema
from backoffice.auditing import Signature, sign
from backoffice.dialect import engine_for_filling, insert_rows, is_postgresql, without_indexes
from backoffice.reading import Columns
from backoffice.sums import Part, Tally

DocumentRow = tuple[int, str, str, str, bytes]  # row, collection, id, territory, body
IndexRow = tuple[str, int, str, str]  # customer, revision, territory, and what the index says of them


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of some documents; `last` is the highest revision that is theirs.

    `same`: of each value of a column the rows that have it, as a JSON list. `various`: of a column the value of each row, as
    a JSON object. `owners`: such objects for what documents belong to. `index`: the entries of the customers among them.
    `sums`: what the checksums grow by.
    """

    last: int
    documents: list[DocumentRow]
    same: list[tuple[str, str, str, str]]
    various: list[tuple[str, str, str]]
    owners: list[str]
    index: list[IndexRow]
    sums: Mapping[Part, Checksum]


_COPY: Final = "COPY document (row, revision, collection, id, territory, body, deleted) FROM STDIN"
# OR ROLLBACK, since SQLite keeps a copy of every page that a statement touches where it may have to undo that one alone.
_INSERT: Final = (
    "INSERT OR ROLLBACK INTO document (row, revision, collection, id, territory, body, deleted) "
    "VALUES (?1, ?1, ?2, ?3, ?4, CAST(?5 AS TEXT), 0)"
)
_SAME: Final = {
    "sqlite": "INSERT OR ROLLBACK INTO attribute (declared, value, row) SELECT ?, ?, value FROM json_each(?)",
    "postgresql": "INSERT INTO attribute (declared, value, row) "
    "SELECT %s, %s, value::bigint FROM json_array_elements_text(%s)",
}
_VARIOUS: Final = {
    "sqlite": "INSERT OR ROLLBACK INTO attribute (declared, value, row) SELECT ?, value, key FROM json_each(?)",
    "postgresql": "INSERT INTO attribute (declared, value, row) SELECT %s, value, key::bigint FROM json_each_text(%s)",
}
_OWNERS: Final = {
    "sqlite": "INSERT OR ROLLBACK INTO belongs (owner, row) SELECT value, key FROM json_each(?)",
    "postgresql": "INSERT INTO belongs (owner, row) SELECT value, key::bigint FROM json_each_text(%s)",
}
_DOCUMENTS_IN_A_TRANSACTION: Final = 100_000  # of SQLite; each writes every page that its rows are scattered over


@contextmanager
def filling(engine: Engine, columns: Columns, clock: Clock) -> Iterator[Callable[[Rows], None]]:
    """Open the database for rows; what was written is durable when the block ends well."""
    own = engine_for_filling(engine)
    try:
        with own.connect() as connection:
            filler = _Filler(connection, columns, clock)
            with without_indexes(connection, ("document", "attribute", "belongs", "customer_index")):
                yield filler.write
            connection.commit()
    finally:
        own.dispose()


class _Filler:
    def __init__(self, connection: Connection, columns: Columns, clock: Clock) -> None:
        self._connection = connection
        self._columns = columns
        self._clock = clock
        self._written = 0

    def write(self, rows: Rows) -> None:
        """Write the rows and, on SQLite, commit now and then."""
        _write_documents(self._connection, rows.documents)
        self._spread(_SAME, [(self._columns[one[:2]], *one[2:]) for one in rows.same])
        self._spread(_VARIOUS, [(self._columns[one[:2]], one[2]) for one in rows.various])
        self._spread(_OWNERS, [(one,) for one in rows.owners])
        insert_rows(self._connection, schema.customer_index, rows.index)
        self._connection.execute(update(schema.sequence).values(value=rows.last))
        tally = Tally()
        tally.join(rows.sums)
        tally.write(self._connection)
        sign(self._connection, Signature(), self._clock.now())
        self._written += len(rows.documents)
        if self._written >= _DOCUMENTS_IN_A_TRANSACTION and not is_postgresql(self._connection):
            self._connection.commit()
            self._written = 0

    def _spread(self, statements: Mapping[str, str], rows: list[tuple[Any, ...]]) -> None:
        if rows:
            self._connection.exec_driver_sql(statements[self._connection.dialect.name], rows)


def _write_documents(connection: Connection, documents: list[DocumentRow]) -> None:
    if not is_postgresql(connection):
        connection.exec_driver_sql(_INSERT, documents)
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row, collection, name, territory, body in documents:
            line = f"{row}\t{row}\t{collection}\t{name}\t{territory}\t".encode() + body + b"\tf\n"
            copy.write(line.replace(b"\\", b"\\\\"))
