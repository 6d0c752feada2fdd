"""The pieces that TM Forum bodies are made of: references, characteristics, amounts, places, periods."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from backoffice.documents import Document
from backoffice.resources import RESOURCES

Json = dict[str, Any]

_PATHS: Final = {
    **{collection: resource.path for collection, resource in RESOURCES.items()},
    "serviceSpecification": "/tmf-api/serviceCatalogManagement/v4/serviceSpecification",  # an API that is not served here
}
_TYPES: Final = {collection: collection[0].upper() + collection[1:] for collection in _PATHS}
_PLAIN: Final = re.compile(r"[A-Za-z0-9-]+")
_VALUE_TYPES: Final = {str: "string", bool: "boolean", int: "integer", float: "number"}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose product, service or account it is; `name` is empty where the source has none."""

    customer: str
    name: str
    account: str
    party: str = ""
    party_collection: str = "individual"


@dataclass(frozen=True, slots=True)
class Span:
    """From when, and until when if it has ended."""

    start: str
    end: str | None = None


def reference(collection: str, resource_id: str, name: str = "") -> Json:
    """A TM Forum reference."""
    return {
        "id": resource_id,
        "href": f"{_PATHS[collection]}/{_quoted(resource_id)}",
        "name": name,
        "@referredType": _TYPES[collection],
    }


def _quoted(resource_id: str) -> str:
    if _PLAIN.fullmatch(resource_id):  # nearly always so, and quoting costs more than all the rest
        return resource_id
    return quote(resource_id, safe="")


def related(role: str, collection: str, resource_id: str, name: str = "") -> Json:
    """A reference with a role: a related party or a related entity."""
    return {"role": role, **reference(collection, resource_id, name)}


def place(role: str, place_id: str, name: str) -> Json:
    """A related place; addresses are not resources here, so it has a name and no address to follow."""
    return {"id": place_id, "name": name, "role": role, "@referredType": "GeographicAddress"}


def characteristic(name: str, value: str | int | float) -> Json:
    """A named value with its type; a bool is one too."""
    return {"name": name, "value": value, "valueType": _VALUE_TYPES[type(value)]}


def money(value: float, unit: str) -> Json:
    """An amount with its currency."""
    return {"unit": unit, "value": value}


def medium(kind: str, *, preferred: bool, **content: str) -> Json:
    """One way to reach a customer: `phone`, `email` or `postalAddress`."""
    return {"mediumType": kind, "preferred": preferred, "characteristic": content}


def period(span: Span) -> Json:
    """A TM Forum time period, open-ended while nothing has ended."""
    start: Json = {"startDateTime": span.start}
    return start | {"endDateTime": span.end} if span.end else start


def monthly_price(value: float, unit: str, name: str = "Monthly charge") -> Json:
    """What a product costs every month, tax included."""
    return {
        "name": name,
        "priceType": "recurring",
        "recurringChargePeriod": "month",
        "price": {"taxIncludedAmount": money(value, unit)},
    }


def term(name: str, months: int, span: Span) -> Json:
    """For how long the customer is bound."""
    return {"name": name, "duration": {"amount": months, "units": "month"}, "validFor": period(span)}


def balance(kind: str, value: float, unit: str, span: Span) -> Json:
    """One balance of an account; what the customer owes is of the kind `receivable`."""
    return {"balanceType": kind, "amount": money(value, unit), "validFor": period(span)}


def document(collection: str, resource_id: str, body: Json) -> Document:
    """A document of a collection; the store adds its id and its address."""
    return Document(collection, resource_id, {**body, "@type": _TYPES[collection]})
