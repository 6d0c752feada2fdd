"""What an account owes (TMF666): its balance of the type `receivable`.

Bills raise it, payments lower it, refunds raise it again; below zero the account is in credit. Each currency has a balance
of its own.
"""

from __future__ import annotations

from typing import Final

from app.core.clock import to_wire
from backoffice.rules.parts import children
from backoffice.rules.port import Body, Records
from backoffice.rules.quantities import Quantity

_ACCOUNTS: Final = ("billingAccount", "partyAccount", "settlementAccount", "financialAccount")
_RECEIVABLE: Final = "receivable"


def owe(account_id: str, more: Quantity, records: Records) -> None:
    """Raise, or lower, what an account owes; nothing if there is no such account."""
    for collection in _ACCOUNTS:
        if (account := records.get(collection, account_id)) is not None:
            records.put(collection, {**account, "accountBalance": _raised(account, more, records)})
            return


def _raised(account: Body, more: Quantity, records: Records) -> list[Body]:
    balances = children(account, "accountBalance")
    for place, balance in enumerate(balances):
        owed = Quantity.money(balance.get("amount"))
        if balance.get("balanceType") == _RECEIVABLE and owed is not None and owed.fits(more):
            raised = {**balance, "amount": (owed + more).written_as_money()}
            return [*balances[:place], raised, *balances[place + 1 :]]
    since = {"startDateTime": to_wire(records.now)}
    return [*balances, {"balanceType": _RECEIVABLE, "amount": more.written_as_money(), "validFor": since}]
