"""Who the examples are about, and how a record of the demonstration is made."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from app.core.clock import to_wire
from backoffice.documents import Document
from backoffice.importing.bodies.parts import Json, place, reference, related
from backoffice.lifecycle import born
from backoffice.resources import RESOURCES

NAME: Final = "张伟"
NUMBER: Final = "15400138000"
CUSTOMER: Final = related("customer", "customer", "C-100001", NAME)
ACCOUNT: Final = reference("billingAccount", "10000001", "10000001")
MOBILE: Final = reference("product", "R-100001-1", "5G 129")
FIBRE: Final = reference("product", "R-100001-2", "光纤 Fibre 300M")
LINE: Final = {**reference("service", "S-100001-2", "光纤 Fibre 300M"), "role": "affectedService"}
SIM: Final = {"id": NUMBER, "name": NUMBER, "@referredType": "LogicalResource"}
HOME: Final = place("installationAddress", "G-100001", "西湖区文一路12号3幢501室")
SITE: Final = place("site", "Xihu-1", "Xihu-1")
HALL: Final = {"id": "counter", "name": "Counter", "@referredType": "Channel"}
CLERK: Final = {"id": "desk-7", "name": "Desk 7", "role": "clerk", "@referredType": "Individual"}


class Days:
    """Makes records on days before or after the demonstration's own."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def ago(self, days: float) -> str:
        """That many days before; negative for the future."""
        return to_wire(self.now - timedelta(days=days))

    def span(self, begins: float, ends: float) -> Json:
        """From and until so many days before."""
        return {"startDateTime": self.ago(begins), "endDateTime": self.ago(ends)}

    def record(self, collection: str, record_id: str, ago: float = 1, **attributes: Any) -> Document:
        """A record created that many days before, with what the server adds at creation."""
        kind = {"@type": collection[0].upper() + collection[1:]}
        moment = self.now - timedelta(days=ago)
        return Document(collection, record_id, born(RESOURCES[collection], {**kind, **attributes}, record_id, moment))


def money(value: float) -> Json:
    """An amount in the operator's currency."""
    return {"unit": "CNY", "value": value}


def amount(value: float, units: str = "CNY") -> Json:
    """A quantity."""
    return {"amount": value, "units": units}
