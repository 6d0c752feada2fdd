"""What a desk knows of a customer from elsewhere, in a line: the first of many numbers and accounts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.customers.model import FarCustomer
from app.rules.phones import shown_phone

MOST = 3  # of each; a company may have a thousand


def known_of(far: FarCustomer) -> str:
    """Some of the numbers and accounts, and how many more there are."""
    told = [*map(shown_phone, far.phones[:MOST]), *far.accounts[:MOST]]
    more = _more(far.phones) + _more(far.accounts)
    if not more:
        return ", ".join(told)
    words = QCoreApplication.translate("CustomerPage", "{numbers} and {count} more")
    return words.format(numbers=", ".join(told), count=more)


def _more(told: Sequence[str]) -> int:
    return max(0, len(told) - MOST)
