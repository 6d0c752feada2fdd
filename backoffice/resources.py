"""The one table of what the back office keeps: TM Forum path, required attributes, states, filters, who may write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from app.core.permissions import Permission

Transitions = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class States:
    """The attribute that says where in its life a resource is, and where it may go from there."""

    attribute: str
    initial: str
    transitions: Transitions

    def allows(self, before: str, after: str) -> bool:
        """Whether a resource may go from `before` to `after`; staying is always allowed, so is leaving the unknown."""
        return before == after or before not in self.transitions or after in self.transitions[before]


@dataclass(frozen=True, slots=True)
class Resource:
    """What the engine must know of one kind of TM Forum resource.

    `open_lists` are lists that whoever takes complaints may append to, and change nothing else: a customer is counted in
    on an outage. `created`, `updated` and `status_changed` name the attributes that hold these instants, where there are any.
    """

    collection: str
    api: str
    required: tuple[str, ...]
    filters: tuple[str, ...]
    texts: tuple[str, ...] = ("name", "description")
    lists: tuple[str, ...] = ("relatedParty",)
    open_lists: tuple[str, ...] = ()
    states: States | None = None
    created: str | None = None
    updated: str | None = None
    status_changed: str | None = None
    id_prefix: str = ""
    # Records have no permission of their own yet: who may adopt the commands of others may also correct records.
    write: Permission = Permission.ADOPT_COMMANDS
    delete: Permission = (
        Permission.ADOPT_COMMANDS
    )  # records of what customers said have legal deadlines: not a clerk's to remove
    paths: tuple[tuple[str, tuple[str, ...]], ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "paths", tuple((name, tuple(name.split("."))) for name in self.filters))

    @property
    def server_set(self) -> frozenset[str]:
        """The attributes that a client cannot change."""
        stamps = (self.updated, self.status_changed)
        return frozenset({"id", "href", *(name for name in stamps if name)})

    @property
    def path(self) -> str:
        """Where the collection is served."""
        return f"/tmf-api/{self.api}/{self.collection}"

    def href(self, resource_id: str) -> str:
        """Where one resource is served, whatever signs its id holds."""
        return f"{self.path}/{quote(resource_id, safe='')}"


def _transitions(**after: str) -> Transitions:
    return MappingProxyType({state: frozenset(targets.split()) for state, targets in after.items()})


_TICKET_TRANSITIONS = _transitions(
    acknowledged="inProgress pending held rejected resolved cancelled",
    inProgress="pending held resolved cancelled rejected",
    pending="inProgress held resolved cancelled",
    held="inProgress pending resolved cancelled",
    resolved="inProgress closed",
    rejected="closed",
    cancelled="closed",
    closed="",
)

_SERVICE_TRANSITIONS = _transitions(
    feasibilityChecked="designed reserved inactive active terminated",
    designed="reserved inactive active terminated",
    reserved="inactive active terminated",
    inactive="active terminated",
    active="inactive terminated",
    terminated="",
)

_PRODUCT_TRANSITIONS = _transitions(
    created="pendingActive active cancelled aborted",
    pendingActive="active cancelled aborted",
    active="suspended pendingTerminate terminated",
    suspended="active pendingTerminate terminated",
    pendingTerminate="active terminated",
    cancelled="",
    aborted="",
    terminated="",
)

_ALL = (
    Resource(
        "customer",
        "customerManagement/v4",
        required=("name", "engagedParty"),
        filters=(
            "name",
            "status",
            "engagedParty.id",
            "account.id",
            "contactMedium.characteristic.phoneNumber",
            "contactMedium.characteristic.emailAddress",
        ),
        texts=("name", "status", "statusReason"),
        lists=("account", "agreement", "characteristic", "contactMedium", "relatedParty"),
    ),
    Resource(
        "individual",
        "party/v4",
        required=("givenName", "familyName"),
        filters=("givenName", "familyName", "fullName", "individualIdentification.identificationId"),
        texts=("givenName", "familyName", "fullName", "gender", "birthDate"),
        lists=("contactMedium", "individualIdentification", "relatedParty"),
    ),
    Resource(
        "organization",
        "party/v4",
        required=("tradingName",),
        filters=("name", "tradingName", "organizationIdentification.identificationId"),
        texts=("name", "tradingName", "organizationType"),
        lists=("contactMedium", "organizationIdentification", "relatedParty"),
    ),
    Resource(
        "billingAccount",
        "accountManagement/v4",
        required=("name", "relatedParty"),
        filters=("name", "state", "relatedParty.id"),
        texts=("name", "description", "state"),
        lists=("accountBalance", "contact", "relatedParty"),
        updated="lastModified",
    ),
    Resource(
        "product",
        "productInventory/v4",
        required=("status",),
        filters=("name", "status", "relatedParty.id", "billingAccount.id", "productOffering.id", "productSerialNumber"),
        lists=("productCharacteristic", "productPrice", "productTerm", "realizingService", "relatedParty"),
        states=States("status", "created", _PRODUCT_TRANSITIONS),
    ),
    Resource(
        "service",
        "serviceInventory/v4",
        required=("state", "serviceSpecification"),
        filters=("name", "state", "serviceType", "relatedParty.id"),
        texts=("name", "description", "serviceType"),
        lists=("note", "place", "relatedParty", "serviceCharacteristic"),
        states=States("state", "feasibilityChecked", _SERVICE_TRANSITIONS),
    ),
    Resource(
        "troubleTicket",
        "troubleTicket/v4",
        required=("description", "severity", "ticketType"),
        filters=("externalId", "status", "severity", "ticketType", "relatedParty.id", "relatedEntity.id"),
        texts=("name", "description", "severity", "ticketType", "externalId", "statusChangeReason"),
        lists=("attachment", "note", "relatedEntity", "relatedParty", "troubleTicketRelationship"),
        states=States("status", "acknowledged", _TICKET_TRANSITIONS),
        created="creationDate",
        updated="lastUpdate",
        status_changed="statusChangeDate",
        id_prefix="T",
        write=Permission.FILE_COMPLAINT,
    ),
    Resource(
        "serviceProblem",
        "serviceProblemManagement/v4",
        required=("category", "priority", "description", "reason", "originatorParty"),
        filters=("name", "category", "status", "affectedService.id"),
        texts=("name", "description", "category", "reason", "statusChangeReason"),
        lists=("affectedLocation", "affectedService", "characteristic", "note", "relatedParty", "troubleTicket"),
        open_lists=("note", "relatedParty", "troubleTicket"),
        states=States("status", "acknowledged", _TICKET_TRANSITIONS),
        created="creationDate",
        updated="lastUpdate",
        status_changed="statusChangeDate",
    ),
)

RESOURCES: Final[Mapping[str, Resource]] = MappingProxyType({resource.collection: resource for resource in _ALL})
