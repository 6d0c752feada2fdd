"""Makes right what a payload gets wrong in small ways, and finds what is wrong in it beyond that.

Payloads of the standards body were written by hand, partly for earlier versions. Mended is: one thing where a list is meant,
or a list of one where a thing is; a number or a truth written as text; an attribute left out that can only say one thing.
`_NESTED` names what answers must hold below the top level; what it gives no filling for cannot be made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from backoffice.documents import Body
from backoffice.importing.reading import parse_number
from backoffice.resources import Holds, Resource
from backoffice.spelling import holders

_NEEDED: Final = None  # must be there, and nobody knows what it would be
_BILL_STRUCTURE: Final[Mapping[str, Any]] = {
    f"billStructure.{part}.isRef": False for part in ("cycleSpecification", "format", "presentationMedia")
}
_EVERYWHERE: Final[Mapping[str, Any]] = {
    "relatedParty.id": _NEEDED,
    "relatedParty.@referredType": "Party",  # a person or an organisation
    "requestor.@referredType": "Party",
    "contact.relatedParty.@referredType": "Party",
}
_ACTIONS: Final = ("add", "modify", "delete", "noChange")
_NESTED: Final[Mapping[str, Mapping[str, Any]]] = {
    "partyAccount": _BILL_STRUCTURE,
    "settlementAccount": _BILL_STRUCTURE,
    "billingAccount": {**_BILL_STRUCTURE, "financialAccount.accountBalance.balanceType": _NEEDED},
    "balanceActionHistory": {"receiverLogicalResource": _NEEDED},
    "geographicAddress": {"geographicLocation.@type": _NEEDED},
    "appliedCustomerBillingRate": {"characteristic.value": _NEEDED},
    "customerBill": {"paymentMethod.id": _NEEDED, "billDocument.size": Holds.OBJECT},
    "customerBillOnDemand": {"customerBill.id": _NEEDED},
    "partyInteraction": {"channel.href": _NEEDED},
    "service": {"feature.featureCharacteristic": [], "serviceOrderItem.itemAction": _ACTIONS},
    "usageSpecification": {"specCharacteristic.configurable": Holds.TRUTH},
}


class UnmendableError(Exception):
    """An attribute that is missing or wrong; the text says which of the two."""

    def __init__(self, attribute: str, reason: str) -> None:
        super().__init__(reason)
        self.attribute = attribute


def mended(resource: Resource, payload: Body) -> tuple[Body, list[tuple[str, str]]]:
    """The payload made right, and what was done to which attribute. Raises UnmendableError."""
    body = deepcopy(payload)
    done: list[tuple[str, str]] = []
    for name, holds in resource.attributes.items():
        if name in body:
            done += _fitted(body, name, holds, name)
    for path, wanted in {**_EVERYWHERE, **_NESTED.get(resource.collection, {})}.items():
        *above, name = path.split(".")
        for holder in holders(body, above):
            done += _filled(holder, name, wanted, path)
    return body, done


def _filled(holder: Body, name: str, wanted: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(wanted, Holds):
        return _fitted(holder, name, wanted, path) if name in holder else []
    if isinstance(wanted, tuple) and name in holder and holder[name] not in wanted:
        raise UnmendableError(path, f"none of: {', '.join(wanted)}")
    if name in holder:
        return []
    if wanted is _NEEDED or isinstance(wanted, tuple):
        raise UnmendableError(path, "required, and not there")
    holder[name] = deepcopy(wanted)
    return [(path, "filled in")]


def _fitted(holder: Body, name: str, holds: Holds, path: str) -> list[tuple[str, str]]:
    value = holder[name]
    fitting = _as(holds, value)
    if fitting is value:
        return []
    holder[name] = fitting
    return [(path, f"taken as {holds.value}")]


def _as(holds: Holds, value: Any) -> Any:
    """The value as that kind, itself where it is one already or nobody could read it as one."""
    if holds is Holds.LIST and isinstance(value, dict):
        return [value]
    if holds is Holds.OBJECT and isinstance(value, list) and len(value) == 1:
        return value[0]
    if holds is Holds.TRUTH and value in ("true", "false"):
        return value == "true"
    if (
        holds in (Holds.NUMBER, Holds.INTEGER)
        and isinstance(value, str)
        and (number := parse_number(value)) is not None
    ):
        return int(number) if number == int(number) else number
    return value
