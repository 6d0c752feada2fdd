"""What several kinds of resources have in common."""

from __future__ import annotations

from typing import Final

from backoffice.resources.kinds import Owner, transitions

LIFE: Final = ("CreateEvent", "AttributeValueChangeEvent", "StateChangeEvent", "DeleteEvent")
THE_CUSTOMER: Final = (Owner("relatedParty.id", role="customer"),)
ACTIONS: Final = ("add", "modify", "delete", "noChange")  # what becomes of a product or service by an item of an order
TASK: Final = ("accepted", "terminatedWithError", "inProgress", "done")
SERVICE_STATES: Final = ("feasibilityChecked", "designed", "reserved", "inactive", "active", "terminated")
TICKET: Final = transitions(
    acknowledged="inProgress pending held rejected resolved cancelled",
    inProgress="pending held resolved cancelled rejected",
    pending="inProgress held resolved cancelled",
    held="inProgress pending resolved cancelled",
    resolved="inProgress closed",
    rejected="closed",
    cancelled="closed",
    closed="",
)
