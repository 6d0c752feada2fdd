"""Numbers and SIM cards that a desk has on lease (TMF639): nobody else takes, renames or removes them.

Such a resource says in `lease` by which lease and who holds it, and is `reserved`. It is given out by the acts of that desk,
and becomes `available` again with its report; until then its state and its name stay.
"""

from __future__ import annotations

from typing import Final

from backoffice.errors import ConflictError
from backoffice.rules.port import Body, Records, Rule

MARK: Final = "lease"
AVAILABLE: Final = "available"
RESERVED: Final = "reserved"
_KEPT: Final = ("resourceStatus", "usageState", "administrativeState", "name", "category", "relatedParty")


def _changed(before: Body, after: Body, _records: Records) -> Body:
    if before.get(MARK) and any(before.get(name) != after.get(name) for name in _KEPT):
        raise ConflictError("It is on lease to a desk, which may have given it out.")
    return after


def _deleted(body: Body, _records: Records) -> None:
    if body.get(MARK):
        raise ConflictError("It is on lease to a desk, which may have given it out.")


RESOURCE: Final = Rule(changed=_changed, deleted=_deleted)
