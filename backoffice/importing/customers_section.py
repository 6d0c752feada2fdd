"""The two customer files as one stream of documents; or an operator's own, which has the columns of one of them.

A row of this section is a row of the earlier file, joined with its counterpart in the later one, or a row of the later one
that was not joined.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backoffice.documents import Document
from backoffice.importing import customers
from backoffice.importing.account import Account
from backoffice.importing.bills import bills_of
from backoffice.importing.customer_documents import documents_of
from backoffice.importing.made_up import MadeUp
from backoffice.importing.prices import PriceFinder
from backoffice.importing.records import rows_by_key
from backoffice.importing.report import RefusedError
from backoffice.importing.table import Row, Table


class CustomerFiles:
    """The files, open, at least one of them. The later one is held whole: it is in another order."""

    def __init__(self, base: Table | None, detail: Table | None, made_up: MadeUp, finder: PriceFinder) -> None:
        self._base = base
        self._detail = detail
        self._tables = [table for table in (base, detail) if table]
        self.size = sum(table.size for table in self._tables)
        self._made_up = made_up
        self._finder = finder

    def documents(self, account: Account) -> Iterator[Document]:
        """Every customer with everything they hold."""
        details = {row[customers.ID]: row for row in _rows(self._detail, account)}
        for row in _rows(self._base, account):
            self._finder.add(row)
            yield from self._of(row, details.pop(row[customers.ID], None), account)
        for left_over in details.values():
            yield from self._of(None, left_over, account)
        for table in self._tables:
            account.absent(table.name, table.absent)

    def _of(self, base: Row | None, detail: Row | None, account: Account) -> list[Document]:
        try:
            customer, findings = customers.read_customer(base, detail, is_pair=len(self._tables) > 1)
        except RefusedError as error:
            account.refused(error.finding)
            return []
        account.took(*findings)
        made_up = self._made_up
        contact = customer.contact or (made_up.contacts.contact_of(customer.id) if made_up.contacts else None)
        device = made_up.attachment.device_of(customer) if made_up.attachment else ""
        return [*documents_of(customer, contact, device), *bills_of(customer, contact)]


def _rows(table: Table | None, account: Account) -> Iterator[Row]:
    return rows_by_key(table, customers.ID, account) if table else iter(())


@contextmanager
def opened(place: Path, made_up: MadeUp, finder: PriceFinder) -> Iterator[CustomerFiles]:
    """Open both files of a folder, or the one that is named. Raises FileUnusableError."""
    if place.is_file():
        with _own(place) as (base, detail):
            yield CustomerFiles(base, detail, made_up, finder)
        return
    with (
        Table(place / customers.BASE_FILE, customers.BASE_NEEDED) as base,
        Table(place / customers.DETAIL_FILE, customers.DETAIL_NEEDED) as detail,
    ):
        yield CustomerFiles(base, detail, made_up, finder)


@contextmanager
def _own(file: Path) -> Iterator[tuple[Table | None, Table | None]]:
    """Its columns say as which of the two it is read."""
    with Table(file, (customers.ID,)) as table:
        is_base = table.has(customers.BASE_NEEDED[1])
    with Table(file, customers.BASE_NEEDED if is_base else customers.DETAIL_NEEDED) as table:
        yield (table, None) if is_base else (None, table)
