"""Where each collection lives at a TM Forum v4 back office."""

from __future__ import annotations

from urllib.parse import quote

_API = {
    "individual": "party",
    "organization": "party",
    "customer": "customerManagement",
    "billingAccount": "accountManagement",
    "product": "productInventory",
    "productOrder": "productOrderingManagement",
    "service": "serviceInventory",
    "troubleTicket": "troubleTicket",
    "serviceProblem": "serviceProblemManagement",
}


def path_of(collection: str, entity_id: str = "") -> str:
    """The path of a collection, or of one entity in it; odd signs in ids are escaped."""
    base = f"/tmf-api/{_API[collection]}/v4/{collection}"
    return f"{base}/{quote(entity_id, safe='')}" if entity_id else base
