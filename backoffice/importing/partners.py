"""Providers whose services customers use: the dictionary of the customer files says which come from a third party.

It names no provider and no terms. So each provider is called after its service, and its share of what is rated for that
service is made up; organisation, role and agreement are marked `synthetic`. Every row of the dictionary is read; those
about customers' own attributes give nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from backoffice.documents import Document
from backoffice.importing.account import Account
from backoffice.importing.bodies import partners as bodies
from backoffice.importing.bodies.parties import organization
from backoffice.importing.bodies.parts import characteristic
from backoffice.importing.customer_documents import AS_OF_WIRE, offering_id
from backoffice.importing.records import readable_rows
from backoffice.importing.table import Table

FILE: Final = "maven_data_dictionary.csv"
FIELD: Final = "field"
MEANING: Final = "description"
SHARE_PERCENT: Final = 60
_FROM_OTHERS: Final = "third party provider"


class PartnerFile:
    """The dictionary, open."""

    def __init__(self, table: Table) -> None:
        self.size = table.size
        self._table = table

    def documents(self, account: Account) -> Iterator[Document]:
        """Organisation, role, agreement and account of each provider."""
        seen: set[str] = set()
        for row in readable_rows(self._table, account):
            service = " ".join(row[FIELD].split())
            if not service:
                account.refuse(row.file, row.line, FIELD, "", "empty")
                continue
            account.took()
            if _FROM_OTHERS in row[MEANING].casefold() and service not in seen:
                seen.add(service)
                yield from provider(service)


@contextmanager
def opened(path: Path) -> Iterator[PartnerFile]:
    """Open the file. Raises FileUnusableError."""
    with Table(path, (FIELD, MEANING)) as table:
        yield PartnerFile(table)


def provider(service: str) -> Iterator[Document]:
    """Everything that is kept of the provider of a service."""
    offering = offering_id(service)
    name, key = f"{service} provider", f"VASP-{offering}"
    marks = [characteristic("synthetic", value=True)]
    yield organization(f"O-{key}", name, trading_name=name, identifications=[], since=AS_OF_WIRE, characteristics=marks)
    yield bodies.partner_role(
        key, name, party=f"O-{key}", since=AS_OF_WIRE, account=f"A-{key}", agreement=f"AG-{key}", marks=marks
    )
    yield bodies.agreement(
        f"AG-{key}",
        f"{service}: share of what is rated",
        role=(key, name),
        since=AS_OF_WIRE,
        offerings=[(offering, service)],
        marks=[bodies.rating_share(SHARE_PERCENT), *marks],
    )
    yield bodies.settlement_account(f"A-{key}", name, role=key, changed=AS_OF_WIRE)
