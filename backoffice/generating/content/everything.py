"""All of it, in the order in which it leads to one another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from backoffice.documents import Document
from backoffice.generating.content import catalogue, money, network, partners, sales, visits
from backoffice.generating.content.parts import Days


def documents(now: datetime, customers: int) -> Iterator[Document]:
    """What an operator with so many customers has once; nothing for one without any."""
    if not customers:
        return
    days = Days(now)
    for module in (catalogue, partners, network, money, sales, visits):
        yield from module.documents(days)
    yield from network.sites(days, customers)
