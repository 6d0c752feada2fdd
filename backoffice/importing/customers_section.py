"""The two customer files as one stream of documents.

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
    """Both files, open. The later one is held whole: it is in another order."""

    def __init__(self, base: Table, detail: Table, made_up: MadeUp, finder: PriceFinder) -> None:
        self.size = base.size + detail.size
        self._base = base
        self._detail = detail
        self._made_up = made_up
        self._finder = finder

    def documents(self, account: Account) -> Iterator[Document]:
        """Every customer with everything they hold."""
        details = {row[customers.ID]: row for row in rows_by_key(self._detail, customers.ID, account)}
        for row in rows_by_key(self._base, customers.ID, account):
            self._finder.add(row)
            yield from self._of(row, details.pop(row[customers.ID], None), account)
        for left_over in details.values():
            yield from self._of(None, left_over, account)
        for table in (self._base, self._detail):
            account.absent(table.name, table.absent)

    def _of(self, base: Row | None, detail: Row | None, account: Account) -> list[Document]:
        try:
            customer, findings = customers.read_customer(base, detail)
        except RefusedError as error:
            account.refused(error.finding)
            return []
        account.took(*findings)
        made_up = self._made_up
        contact = made_up.contacts.contact_of(customer.id) if made_up.contacts else None
        device = made_up.attachment.device_of(customer) if made_up.attachment else ""
        return [*documents_of(customer, contact, device), *bills_of(customer, contact)]


@contextmanager
def opened(folder: Path, made_up: MadeUp, finder: PriceFinder) -> Iterator[CustomerFiles]:
    """Open both files. Raises FileUnusableError."""
    with (
        Table(folder / customers.BASE_FILE, customers.BASE_NEEDED) as base,
        Table(folder / customers.DETAIL_FILE, customers.DETAIL_NEEDED) as detail,
    ):
        yield CustomerFiles(base, detail, made_up, finder)
