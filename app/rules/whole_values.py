"""What is one value though it is written as an object: a reference, an amount of money, a quantity, a period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_NAMED_BY: Final = ("id", "href")
_VALUES: Final = (
    frozenset({"unit", "value"}),  # Money
    frozenset({"amount", "units"}),  # Quantity, Duration
    frozenset({"startDateTime", "endDateTime"}),  # TimePeriod
)


def is_whole(value: Any) -> bool:
    """Whether parts of the object mean nothing without the others."""
    if not isinstance(value, Mapping):
        return False
    names = {name for name in value if not name.startswith("@")}
    return any(name in names for name in _NAMED_BY) or (bool(names) and any(names <= one for one in _VALUES))


def patched(before: Any, patch: Mapping[str, Any]) -> dict[str, Any]:
    """The object that a merge patch makes of what was there."""
    after = dict(before) if isinstance(before, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            after.pop(name, None)
        else:
            after[name] = patched(after.get(name), value) if isinstance(value, Mapping) else value
    return after


def patch_to(wanted: Mapping[str, Any], before: Any) -> dict[str, Any]:
    """The merge patch that makes just this object of whatever is there."""
    held = before if isinstance(before, Mapping) else {}
    gone = {name: None for name in held if name not in wanted}
    inner = {
        name: patch_to(value, held.get(name)) if isinstance(value, Mapping) else value for name, value in wanted.items()
    }
    return {**inner, **gone}
