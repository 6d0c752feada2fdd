"""Reads the rows of a table one after the other and keeps account of those that can never be used."""

from __future__ import annotations

from collections.abc import Iterator

from backoffice.ids import may_name
from backoffice.importing.account import Account
from backoffice.importing.report import Finding, Kind
from backoffice.importing.rows import Unreadable
from backoffice.importing.table import Row, Table


def readable_rows(table: Table, account: Account) -> Iterator[Row]:
    """Every row that is a record; the others are accounted for here."""
    consumed = 0
    for row in table:
        account.read(table.consumed - consumed)
        consumed = table.consumed
        if isinstance(row, Unreadable):
            account.refuse(table.name, row.line, "", row.text, row.reason)
        else:
            yield row


def rows_by_key(table: Table, key: str, account: Account) -> Iterator[Row]:
    """The first readable row under each key; repeated and contradicting ones are accounted for here."""
    seen: dict[str, int] = {}
    for row in readable_rows(table, account):
        if not row[key]:
            account.refused(_about(row, key, "no id", Kind.REFUSED))
        elif not may_name(row[key]):
            account.refused(_about(row, key, "no id that could be asked for", Kind.REFUSED))
        elif row[key] not in seen:
            seen[row[key]] = hash(row.cells)
            yield row
        elif seen[row[key]] == hash(row.cells):
            account.took(_about(row, key, "repeated", Kind.NOTED))
        else:
            account.refused(_about(row, key, "an earlier row has this id", Kind.REFUSED))


def _about(row: Row, key: str, reason: str, kind: Kind) -> Finding:
    return Finding(row.file, row.line, key, row[key], reason, kind)
