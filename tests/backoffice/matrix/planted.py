"""Leaks that the matrix has to find: it is asked for more than the back office was told to hide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.core.permissions import Permission
from backoffice.resources import RESOURCES, Mask
from backoffice.resources.common import THE_CUSTOMER
from tests.backoffice.matrix.people import OWN, XIHU, Who
from tests.backoffice.matrix.world import Table

_NAMES = Mask("givenName", Permission.REVEAL_IDENTITY)
LEAKS: dict[str, tuple[str, dict[str, Any], Who]] = {
    "a mask is forgotten": ("individual", {"masks": (*RESOURCES["individual"].masks, _NAMES)}, Who("viewer")),
    "an owner is forgotten": ("partyRole", {"owners": THE_CUSTOMER}, XIHU),
    "too much is public": ("catalog", {"is_public": False}, OWN),
}


def stricter_than_it_is(collection: str, **stricter: Any) -> Table:
    """The table as it would have to be for this not to be a leak."""
    return {**RESOURCES, collection: replace(RESOURCES[collection], **stricter)}
