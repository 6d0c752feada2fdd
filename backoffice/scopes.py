"""What somebody may see: territories, or the things of one customer. Every reader is bound to one, so that no path forgets."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select, true

from app.core.permissions import Permission
from backoffice import schema
from backoffice.dialect import each_text, holds
from backoffice.documents import to_json
from backoffice.resources import RESOURCES

COMMON: Final = ""  # the territory of what belongs to no customer: everybody's
NOWHERE: Final = "?"  # of what belongs to a customer who is not known here, or whose territory is not
OWNER: Final = "customer/"
INDEX: Final = "customerIndex"  # the collection under which copies hold rows of the index of customers
_NOT_AT_DESKS: Final = frozenset({Permission.REVEAL_SECRETS})
_PUBLIC: Final = tuple(name for name, resource in RESOURCES.items() if resource.is_public)

_document = schema.document.c
_index = schema.customer_index.c
_departure = schema.departure.c
_departed = schema.departed_owner.c


def written(territories: frozenset[str] | set[str]) -> str:
    """A set of territories as a document carries it: `|binjiang|xihu|`."""
    return f"|{'|'.join(sorted(territories))}|" if territories else COMMON


def read(territory: str) -> frozenset[str]:
    """The set that a document carries."""
    return frozenset(territory.strip("|").split("|")) if territory else frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """`territories` None: all of them. `party` names the customer whose own systems ask: they see what is theirs only.

    `reveals` says what of it is seen unmasked; None: all of it. `collections`: of these only, for a copy; None: of all.
    `home`, of a copy: of these territories everything, and of the others the index of customers; None: of all everything.
    `opened` are customers elsewhere of whom such a copy holds everything, too.
    """

    territories: frozenset[str] | None = None
    party: str = ""
    reveals: frozenset[Permission] | None = None
    collections: frozenset[str] | None = None
    home: frozenset[str] | None = None
    opened: frozenset[str] = frozenset()

    def covers(self, territory: str) -> bool:
        """Whether documents of that territory are in view; says nothing of `party`."""
        if self.near is None or territory == COMMON:
            return True
        return not self.near.isdisjoint(read(territory))

    def indexes(self, territory: str) -> bool:
        """Whether the index of that territory's customers is in view."""
        if self.home is None or not self.has(INDEX) or not self.home.isdisjoint(read(territory)):
            return False
        return self.territories is None or not self.territories.isdisjoint(read(territory))

    @property
    def near(self) -> frozenset[str] | None:
        """The territories of which everything is in view; None: all of them."""
        return self.territories if self.home is None else self.home

    def has(self, collection: str) -> bool:
        """Whether documents of that collection are in view."""
        return self.collections is None or collection in self.collections

    @property
    def is_everything(self) -> bool:
        """Whether nothing is out of view."""
        return self.near is None and not self.party and self.collections is None

    def departed(self, sequence: int) -> ColumnElement[bool] | None:
        """What the departure of a document after `sequence` has to satisfy to be one from the view; None: nothing ever leaves
        it."""
        names = frozenset({name_of(self.party)}) if self.party else self.near
        if names is None:
            return None
        left = [in_any(_departure.territory, names)]
        if self.opened:
            left.append(_from_one_of(self.opened, sequence))
        if self.opened and self.territories is not None:  # it may leave these, and stay theirs
            left.append(and_(in_any(_departure.territory, self.territories), self._is_opened()))
        return or_(*left)

    def _is_opened(self) -> ColumnElement[bool]:
        return _document.row.in_(rows_of(self.opened))

    def for_mirrors(
        self,
        collections: frozenset[str] | None = None,
        home: frozenset[str] | None = None,
        opened: frozenset[str] = frozenset(),
    ) -> Scope:
        """The same for a copy of these collections (None: of all) that stays at the desk: some things must not lie there,
        whoever works at it. A home that is not in view stays out of it."""
        seen = frozenset(Permission) if self.reveals is None else self.reveals
        at_home = home if home is None or self.territories is None else home & self.territories
        return replace(self, reveals=seen - _NOT_AT_DESKS, collections=collections, home=at_home, opened=opened)

    def condition(self) -> ColumnElement[bool]:
        """What a document row has to satisfy to be in view."""
        conditions = []
        if self.near is not None:
            conditions.append(or_(in_any(_document.territory, self.near), *self._opened_elsewhere()))
        if (
            self.collections is not None
        ):  # `concat`: no index of SQLite's answers that, and the one by revision is meant
            conditions.append(_document.collection.concat("").in_(sorted(self.collections)))
        if self.party:
            theirs = select(schema.belongs.c.row).where(schema.belongs.c.owner == OWNER + self.party)
            everybodys = (
                _document.collection == one for one in _PUBLIC
            )  # no IN: `LookUps` cannot spell one beforehand
            conditions.append(or_(_document.row.in_(theirs), *everybodys))
        return and_(true(), *conditions)

    def _opened_elsewhere(self) -> Iterator[ColumnElement[bool]]:
        """What lies outside the home and is in view, if anything is."""
        if self.opened:
            theirs = true() if self.territories is None else in_any(_document.territory, self.territories)
            yield and_(theirs, self._is_opened())

    def index_condition(self) -> ColumnElement[bool]:
        """What a row of the index has to satisfy to be in view."""
        if self.home is None or not self.has(INDEX):
            return false()
        theirs = true() if self.territories is None else in_any(_index.territory, self.territories)
        return and_(theirs, not_(in_any(_index.territory, self.home)))


EVERYTHING: Final = Scope()


def rows_of(customers: Collection[str]) -> Select[Any]:
    """The rows of what belongs to any of these customers."""
    return select(schema.belongs.c.row).where(schema.belongs.c.owner.in_(_owners(customers)))


def _from_one_of(customers: Collection[str], sequence: int) -> ColumnElement[bool]:
    """Whether what departed was one of these customers'."""
    theirs = select(_departed.revision).where(_departed.owner.in_(_owners(customers)), _departed.revision > sequence)
    return _departure.revision.in_(theirs)


def _owners(customers: Collection[str]) -> Select[Any]:
    """As one value: so many as parameters would be written into the statement anew each time."""
    owners = each_text(to_json(sorted(OWNER + one for one in customers))).table_valued("value")
    return select(owners.c.value)


def name_of(customer: str) -> str:
    """A customer among territories, where both may have lost sight of a document."""
    return OWNER + customer.replace("%", "%25").replace("|", "%7C")


def customer_named(name: str) -> str:
    """The customer who is so called among territories."""
    return name.removeprefix(OWNER).replace("%7C", "|").replace("%25", "%")


def in_any(column: ColumnElement[str], territories: frozenset[str]) -> ColumnElement[bool]:
    """Whether a territory column holds one of these, or is everybody's."""
    held = [holds(column, f"|{one}|") for one in sorted(territories)]
    return or_(column == COMMON, *held)
