"""Everybody who may ask, and what each may see and do: written down anew here, not taken from the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.core.permissions import Permission
from backoffice.people import Person
from backoffice.resources import Resource
from backoffice.scopes import Scope
from tests.backoffice.helpers import RunningServer
from tests.backoffice.matrix.world import COMMON, CUSTOMERS, Record

CONTACTS, IDENTITY, CREDIT, SECRETS = (
    Permission.REVEAL_CONTACTS,
    Permission.REVEAL_IDENTITY,
    Permission.REVEAL_CREDIT,
    Permission.REVEAL_SECRETS,
)
REVEALED = {
    "clerk": {CONTACTS, IDENTITY},
    "agent": {CONTACTS, IDENTITY},
    "supervisor": {CONTACTS, IDENTITY, CREDIT, SECRETS},
    "viewer": set[Permission](),
    "own-system": {CONTACTS, IDENTITY},
}
NOT_READERS = ("admin", "unheard-of")
# On PostgreSQL only the conditions on territory and party can differ; test_scopes asks those of it in every run.
COMBINATIONS = [
    ("sqlite", "clerk"), ("sqlite", "viewer"), ("sqlite", "own-system"), ("sqlite", "admin"),
    *(
        pytest.param("sqlite", role, marks=pytest.mark.whole)
        for role in (*REVEALED, *NOT_READERS)
        if role not in ("clerk", "viewer", "own-system", "admin")
    ),
    pytest.param("postgresql", "clerk", marks=pytest.mark.whole),
    pytest.param("postgresql", "own-system", marks=pytest.mark.whole),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who asks: a role in one territory (None: in all), or the own system of one customer."""

    role: str
    territory: str | None = None
    party: str = ""

    def __str__(self) -> str:
        return f"{self.role} in {self.territory or 'every territory'}{f' for {self.party}' if self.party else ''}"

    @property
    def scope(self) -> Scope:
        """As the staff list has it."""
        return Scope(None if self.territory is None else frozenset({self.territory}), self.party)

    @property
    def is_restricted(self) -> bool:
        """Whether anything is out of view."""
        return self.territory is not None or bool(self.party)

    def reads(self, record: Record) -> bool:
        """Whether this is theirs to see."""
        if self.role not in REVEALED:
            return False
        if self.party and not (record.resource.is_public or record.owner == self.party):
            return False
        return record.owner == COMMON or self.territory in (None, CUSTOMERS[record.owner])

    def sees(self, needs: Permission) -> bool:
        """Whether the role sees unmasked what takes a permission."""
        return needs in REVEALED.get(self.role, ())

    def writes(self, resource: Resource) -> bool:
        """Whether the role may create and change such a thing at all."""
        if self.role == "supervisor":
            return True
        return self.role in ("clerk", "agent") and resource.write is Permission.FILE_COMPLAINT

    def deletes(self) -> bool:
        """Whether the role may remove anything at all."""
        return self.role == "supervisor"

    def token(self, server: RunningServer, wider: Scope | None = None, device: str | None = None) -> str:
        """A token of theirs; `wider`: with another scope than theirs, for a test of the matrix itself."""
        person = Person(f"{self}".replace(" ", "-"), "Somebody", self.role)
        server.people.put(person, None, wider or self.scope)
        return server.people.grant(person, device).token


def everybody() -> Iterator[Who]:
    """Every role in every kind of territory, and customers' own systems."""
    for role in (*REVEALED, *NOT_READERS):
        if role in NOT_READERS:
            yield Who(role)
        elif role == "own-system":
            yield from (Who(role, None, party) for party in ("C1", "nobody"))
            yield Who(role, "elsewhere", "C1")  # both at once: the narrower of the two
        else:
            yield from (Who(role, territory) for territory in (None, "xihu", "elsewhere"))


def in_role(role: str) -> list[Who]:
    """Everybody in one role."""
    return [who for who in everybody() if who.role == role]


XIHU, OWN = Who("clerk", "xihu"), Who("own-system", party="C1")
