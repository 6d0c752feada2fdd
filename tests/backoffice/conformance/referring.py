"""Lets what a made-up body refers to be there: rules do little with what is not."""

from __future__ import annotations

from typing import Any

from backoffice.resources import RESOURCES
from tests.backoffice.conformance.records import Records

_ENDINGS = {name[0].upper() + name[1:]: name for name in RESOURCES} | {
    "Problem": "serviceProblem",
    "StockTarget": "productStock",
}


def refer(value: Any, records: Records, name: str = "") -> None:
    """Put ids of records under attributes that are called after their collection: `bucket`, `receiverBucket`."""
    if isinstance(value, list):
        for member in value:
            refer(member, records, name)
    elif isinstance(value, dict):
        if "id" in value and (collection := _meant(name)):
            value["id"] = records.some(collection)
        for inner, member in value.items():
            refer(member, records, inner)


def _meant(name: str) -> str | None:
    if name in RESOURCES:
        return name
    return next((collection for ending, collection in _ENDINGS.items() if name.endswith(ending)), None)
