"""Whether two records say the same, however they are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Read:
    """A record as a foreign server has just shown it; no text: it is not there, or out of sight."""

    collection: str
    id: str
    text: str | None
    body: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        """Collection and id."""
        return self.collection, self.id


def same_content(one: str | None, other: str | None) -> bool:
    """Compare two JSON texts by what they say; None is a record that is not there."""
    if one is None or other is None or one == other:
        return one == other
    return canonical(json.loads(one)) == canonical(json.loads(other))


def canonical(value: Any) -> str:
    """The one way to write a value, in which true is not 1."""
    return json.dumps(value, sort_keys=True)
