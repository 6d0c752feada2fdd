"""What the engine must know of a kind of TM Forum resource: where it is served, what it holds, how it lives, whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from urllib.parse import quote

from app.core.permissions import Permission

Transitions = Mapping[str, frozenset[str]]


class Holds(StrEnum):
    """What an attribute holds, as far as a request is checked for it."""

    TEXT = "text"
    INSTANT = "instant"
    NUMBER = "number"
    TRUTH = "truth"
    OBJECT = "object"
    LIST = "list"
    ANY = "any"


class Operation(StrEnum):
    """What can be asked of a collection or of one resource in it."""

    LIST = "list"
    READ = "read"
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"


EVERYTHING = frozenset(Operation)


@dataclass(frozen=True, slots=True)
class Filter:
    """A declared column: an attribute path (through arrays) and how its values compare and sort."""

    path: str
    holds: Holds = Holds.TEXT

    @property
    def steps(self) -> tuple[str, ...]:
        """The path's members."""
        return tuple(self.path.split("."))


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
class Owner:
    """Where a resource names the customer it belongs to: ids under `path`, of members in that `role` (empty: of any).

    `through` says how an id leads there where it is not a customer's own: `billingAccount` follows the owners of that
    account; `customer.engagedParty.id` finds the customers who name it in that attribute.
    """

    path: str
    role: str = ""
    through: str = "customer"


@dataclass(frozen=True)
class Resource:
    """One kind of resource.

    `attributes` says what each top-level attribute holds; others are kept unread. `open_lists` are lists that whoever takes
    complaints may append to, and change nothing else. `created`, `updated` and `status_changed` name the attributes that hold
    these instants. `events` are the endings of the event types that the specification names (`CreateEvent`). `owners` say
    whose it is; a resource with none is everybody's to read. `parent` is the collection it is nested in. What `is_public` may
    be read by customers' own systems too: what is sold, where streets are.
    """

    collection: str
    api: str
    attributes: Mapping[str, Holds]
    required: tuple[str, ...] = ()
    operations: frozenset[Operation] = EVERYTHING
    filters: tuple[Filter, ...] = ()
    open_lists: tuple[str, ...] = ()
    states: States | None = None
    created: str | None = None
    updated: str | None = None
    status_changed: str | None = None
    id_prefix: str = ""
    events: tuple[str, ...] = ()
    owners: tuple[Owner, ...] = ()
    parent: str = ""
    is_public: bool = False
    write: Permission = Permission.ADOPT_COMMANDS  # records have no permission of their own yet
    delete: Permission = Permission.ADOPT_COMMANDS  # what customers said has legal deadlines: not a clerk's to remove

    @cached_property
    def server_set(self) -> frozenset[str]:
        """The attributes that a client cannot change."""
        stamps = (self.updated, self.status_changed)
        return frozenset({"id", "href", *(name for name in stamps if name)})

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """The attributes that hold lists."""
        return tuple(name for name, holds in self.attributes.items() if holds is Holds.LIST)

    @cached_property
    def path(self) -> str:
        """Where the collection is served; for a nested one, below its parent's id."""
        return f"/tmf-api/{self.api}/{self.collection}"

    def href(self, resource_id: str) -> str:
        """Where one resource is served, whatever signs its id holds."""
        return f"{self.path}/{quote(resource_id, safe='')}"


def attributes(written: str) -> Mapping[str, Holds]:
    """Attributes in shorthand: `name description lastUpdate:instant relatedParty:list validFor:object`."""
    pairs = (one.partition(":") for one in written.split())
    return MappingProxyType({name: Holds(holds or Holds.TEXT) for name, _, holds in pairs})


def filters(written: str) -> tuple[Filter, ...]:
    """Declared columns in shorthand: `status relatedParty.id creationDate:instant totalPrice.value:number`."""
    pairs = (one.partition(":") for one in written.split())
    return tuple(Filter(path, Holds(holds or Holds.TEXT)) for path, _, holds in pairs)


def transitions(**after: str) -> Transitions:
    """For each state the states that may follow it, blank-separated."""
    return MappingProxyType({state: frozenset(targets.split()) for state, targets in after.items()})
