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


_CLERK = frozenset({Permission.READ_CUSTOMERS, Permission.FILE_COMPLAINT})

PERMISSIONS_BY_ROLE: dict[str, frozenset[Permission]] = {
    "clerk": _CLERK,
    "agent": _CLERK,
    "supervisor": _CLERK | {Permission.ADOPT_COMMANDS, Permission.MERGE_PARTIES},
    "admin": frozenset({Permission.MANAGE_STAFF}),
    "viewer": frozenset({Permission.READ_CUSTOMERS}),
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
