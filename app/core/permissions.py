"""Who may do what. Roles come from the back office; a role unknown here may do nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Permission(StrEnum):
    """One thing a role may do."""

    READ_CUSTOMERS = "read-customers"
    FILE_COMPLAINT = "file-complaint"
    ADOPT_COMMANDS = "adopt-commands"
    MERGE_PARTIES = "merge-parties"
    MANAGE_STAFF = "manage-staff"
    REVEAL_CONTACTS = "reveal-contacts"  # telephone numbers, mail and postal addresses
    REVEAL_IDENTITY = "reveal-identity"  # numbers of papers and SIM cards, dates of birth
    REVEAL_CREDIT = "reveal-credit"  # what the operator thinks of a customer's purse
    REVEAL_SECRETS = "reveal-secrets"  # PUKs, and the numbers of cards and bank accounts


_READER = frozenset({Permission.READ_CUSTOMERS, Permission.REVEAL_CONTACTS, Permission.REVEAL_IDENTITY})
_CLERK = _READER | {Permission.FILE_COMPLAINT}
_SUPERVISOR = _CLERK | {
    Permission.ADOPT_COMMANDS,
    Permission.MERGE_PARTIES,
    Permission.REVEAL_CREDIT,
    Permission.REVEAL_SECRETS,
}
OWN_SYSTEM = "own-system"  # no person: a system of the customer whose data it reads

PERMISSIONS_BY_ROLE: dict[str, frozenset[Permission]] = {
    "clerk": _CLERK,
    "agent": _CLERK,
    "supervisor": _SUPERVISOR,
    "admin": frozenset({Permission.MANAGE_STAFF}),
    "viewer": frozenset({Permission.READ_CUSTOMERS}),
    OWN_SYSTEM: _READER,
}


def permissions_of(role: str) -> frozenset[Permission]:
    """Return what `role` may do; an unknown role may do nothing."""
    return PERMISSIONS_BY_ROLE.get(role, frozenset())


@dataclass(frozen=True, slots=True)
class Clerk:
    """The signed-in person. `offline_until` is how long head office lets them go on without a line."""

    id: str
    name: str
    role: str
    offline_until: datetime | None = None
    has_pin: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether the role allows it."""
        return permission in permissions_of(self.role)
