"""Places with codes: the provinces, cities and districts of China."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from backoffice.documents import Document
from backoffice.importing.account import Account
from backoffice.importing.bodies.network import site
from backoffice.importing.records import rows_by_key
from backoffice.importing.table import Row, Table

_LEVELS: Final = (
    ("china_division_provinces.csv", "province", ("code", "name"), ""),
    ("china_division_cities.csv", "city", ("code", "name", "provincecode"), "provincecode"),
    ("china_division_areas.csv", "district", ("code", "name", "citycode"), "citycode"),
)


class DivisionFiles:
    """The three files, open, from the largest division to the smallest."""

    def __init__(self, tables: list[Table]) -> None:
        self.size = sum(table.size for table in tables)
        self._tables = tables

    def documents(self, account: Account) -> Iterator[Document]:
        """A site for each division, part of the one above it."""
        names: dict[str, str] = {}
        for table, (_, category, _, above) in zip(self._tables, _LEVELS, strict=True):
            for row in rows_by_key(table, "code", account):
                if not row["name"]:
                    account.refuse(row.file, row.line, "name", "", "empty")
                    continue
                if above and row[above] not in names:
                    account.refuse(row.file, row.line, above, row[above], "part of no division here")
                    continue
                account.took()
                names[row["code"]] = row["name"]
                yield _division(row, category, row[above] if above else "", names)
            account.absent(table.name, table.absent)


@contextmanager
def opened(folder: Path) -> Iterator[DivisionFiles]:
    """Open the files. Raises FileUnusableError."""
    with ExitStack() as stack:
        yield DivisionFiles([stack.enter_context(Table(folder / file, needed)) for file, _, needed, _ in _LEVELS])


def _division(row: Row, category: str, above: str, names: dict[str, str]) -> Document:
    parent = (f"CN-{above}", names[above]) if above else None
    return site(f"CN-{row['code']}", row["name"], category=category, parent=parent)
