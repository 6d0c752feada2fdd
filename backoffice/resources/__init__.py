"""The table of TM Forum resources: everything that the engine must know of each kind, declared once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from backoffice.resources.accounts import ACCOUNTS
from backoffice.resources.agreements import AGREEMENTS
from backoffice.resources.alarms import ALARMS
from backoffice.resources.appointments import APPOINTMENTS
from backoffice.resources.balances import BALANCES
from backoffice.resources.billing import BILLING
from backoffice.resources.catalogue import CATALOGUE
from backoffice.resources.contacts import CONTACTS
from backoffice.resources.flows import FLOWS
from backoffice.resources.inventory import INVENTORY
from backoffice.resources.kinds import Filter, Holds, Operation, Owner, Resource, States
from backoffice.resources.masks import Mask
from backoffice.resources.orders import ORDERS
from backoffice.resources.parties import PARTIES
from backoffice.resources.payments import PAYMENTS
from backoffice.resources.places import PLACES
from backoffice.resources.problems import PROBLEMS
from backoffice.resources.qualifications import QUALIFICATIONS
from backoffice.resources.stock import STOCK
from backoffice.resources.tickets import TICKETS
from backoffice.resources.topics import TOPICS

__all__ = ["RESOURCES", "Filter", "Holds", "Mask", "Operation", "Owner", "Resource", "States"]

_ALL: Final = (
    *CATALOGUE,
    *PARTIES,
    *ACCOUNTS,
    *AGREEMENTS,
    *ORDERS,
    *QUALIFICATIONS,
    *INVENTORY,
    *ALARMS,
    *PROBLEMS,
    *TICKETS,
    *BILLING,
    *PAYMENTS,
    *BALANCES,
    *PLACES,
    *APPOINTMENTS,
    *CONTACTS,
    *STOCK,
    *TOPICS,
    *FLOWS,
)

RESOURCES: Final[Mapping[str, Resource]] = MappingProxyType({resource.collection: resource for resource in _ALL})
