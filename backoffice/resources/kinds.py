"""What the engine must know of a kind of TM Forum resource: where it is served, what it holds, how it lives, whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from app.core.permissions import Permission
from backoffice.resources.masks import Mask

Transitions = Mapping[str, frozenset[str]]


class Holds(StrEnum):
    """What an attribute holds, as far as a request is checked for it."""

    TEXT = "text"
    INSTANT = "instant"
    NUMBER = "number"
    INTEGER = "integer"  # only an attribute is one; a column of it is a number's
    PHONE = "phone"  # text; only a declared column holds one, and is asked for it in any spelling
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


EVERYTHING: Final = frozenset(Operation)
READING: Final = frozenset({Operation.LIST, Operation.READ})
ASKING: Final = READING | {Operation.CREATE}  # a task: asked once, never changed


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
    """The attribute that says where in its life a resource is, and where it may go from there.

    `is_open`: the specification leaves the list of states open; others are kept too, and lead anywhere.
    `is_given`: whoever creates one may say where it begins; otherwise all begin at `initial`.
    `reached` names, for a state, the attribute that takes the instant when it is reached.
    `reopened` is the state in which it has not been reached after all: what `reached` told is taken back.
    `history` names the list that tells every state with its instant.
    """

    attribute: str
    initial: str
    transitions: Transitions
    is_open: bool = False
    is_given: bool = True
    reached: Mapping[str, str] = field(default_factory=dict)
    reopened: str = ""
    history: str = ""

    def allows(self, before: str, after: str) -> bool:
        """Whether a resource may go from `before` to `after`; staying is always allowed, so is leaving the unknown."""
        if before == after or before not in self.transitions:
            return True
        return after in self.transitions[before] or (self.is_open and after not in self.transitions)


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
    these instants. Of attributes a client sets `once` those that it may give at creation only, `later` those that it may
    give in a change only, `never` those that are the server's own; what it sends for them at another time is left aside.
    `words` are the only values that an attribute has, besides those of `states`; other spellings of them are understood.
    `inner_required` and `inner_words` say the same of what lies within attributes, by paths through lists; of a thing within
    that is not there nothing is required. `walked` are paths of lists that the rule goes through: those of a request are bounded.
    `defaults` is what the server adds at creation to what was not given. `rule` names what else happens (backoffice.rules).
    `events` are the endings of the event types that the specification names (`CreateEvent`). `owners` say whose it is; a
    resource with none is everybody's to read, and so is one that `is_shared_alone` where it names nobody. `parent` is the
    collection it is nested in: each names its own in an attribute
    called like that collection. What `is_public` may be read by customers' own systems too: what is sold.
    `masks` are what only certain roles see in full.
    """

    collection: str
    api: str
    attributes: Mapping[str, Holds]
    required: tuple[str, ...] = ()
    operations: frozenset[Operation] = EVERYTHING
    filters: tuple[Filter, ...] = ()
    open_lists: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inner_required: tuple[str, ...] = ()
    inner_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    states: States | None = None
    created: str | None = None
    updated: str | None = None
    status_changed: str | None = None
    once: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""
    walked: tuple[str, ...] = ()
    id_prefix: str = ""
    events: tuple[str, ...] = ()
    owners: tuple[Owner, ...] = ()
    is_shared_alone: bool = False
    parent: str = ""
    masks: tuple[Mask, ...] = ()
    is_public: bool = False
    write: Permission = Permission.ADOPT_COMMANDS  # records have no permission of their own yet
    delete: Permission = Permission.ADOPT_COMMANDS  # what customers said has legal deadlines: not a clerk's to remove

    @cached_property
    def server_set(self) -> frozenset[str]:
        """The attributes that a client cannot set, whenever."""
        history = self.states.history if self.states else ""
        own = (self.updated, self.status_changed, self.parent, history, *self.never)
        return frozenset({"id", "href", *(name for name in own if name)})

    @cached_property
    def fixed_at_birth(self) -> frozenset[str]:
        """The attributes that a client cannot change."""
        return self.server_set | frozenset(
            (self.created, self.created_at_desk, *self.once) if self.created else self.once
        )

    @cached_property
    def unset_at_birth(self) -> frozenset[str]:
        """The attributes that a client cannot set at creation."""
        late = self.later if self.states is None or self.states.is_given else (*self.later, self.states.attribute)
        return self.server_set | frozenset((*late, self.created_at_desk) if self.created else late)

    @property
    def created_at_desk(self) -> str:
        """Where it is kept when it was made by the clock of a desk that had another time."""
        return f"{self.created}AtDesk" if self.created else ""

    @cached_property
    def vocabulary(self) -> Mapping[str, tuple[str, ...]]:
        """Every attribute that has only certain values, with these."""
        if self.states is None or self.states.is_open:
            return self.words
        return {**self.words, self.states.attribute: tuple(self.states.transitions)}

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """The attributes that hold lists."""
        return tuple(name for name, holds in self.attributes.items() if holds is Holds.LIST)

    @cached_property
    def path(self) -> str:
        """Where the collection is served; for a nested one, with a place for its parent's id."""
        below = f"{self.parent}/{{{self.parent}Id}}/" if self.parent else ""
        return f"/tmf-api/{self.api}/{below}{self.collection}"

    def href(self, resource_id: str, body: Mapping[str, Any] = MappingProxyType({})) -> str:
        """Where one resource is served, whatever signs its id holds; the body of a nested one says below which parent."""
        path = self.path
        if self.parent:
            path = path.replace(f"{{{self.parent}Id}}", quote(self.parent_of(body), safe=""))
        return f"{path}/{quote(resource_id, safe='')}"

    def parent_of(self, body: Mapping[str, Any]) -> str:
        """The id of the parent that a nested resource names; empty if it names none."""
        named = body.get(self.parent)
        return str(named.get("id", "")) if isinstance(named, dict) else ""


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


def any_state(attribute: str, initial: str) -> States:
    """States of which the specification says no more than that there are some."""
    return States(attribute, initial, MappingProxyType({}), is_open=True)


def task(attribute: str, initial: str, ends: str = "done terminatedWithError") -> States:
    """The states of what the server is asked to do: it begins, may take its time, and ends in one of `ends`."""
    after = {end: frozenset[str]() for end in ends.split()}
    begun = {name: frozenset({"inProgress", *after}) - {name} for name in (initial, "inProgress")}
    return States(attribute, initial, MappingProxyType({**begun, **after}), is_given=False)
