"""What a rule is, and the little that it may read and write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

Body = dict[str, Any]

MOST: Final = 1000  # records that one question takes into account


class Records(Protocol):
    """The records of the back office at one instant, inside the transaction of the request that the rule belongs to."""

    now: datetime
    author: str  # who asks; empty where a program does

    @property
    def department(self) -> str:
        """The department of who asks; empty where none is known."""
        ...

    def get(self, collection: str, record_id: str) -> Body | None:
        """The record; None if there is none, or no longer. Nobody else changes it until the transaction has ended."""
        ...

    def find(
        self, collection: str, wanted: Mapping[str, str], limit: int = MOST, *, anywhere: bool = False
    ) -> list[Body]:
        """Up to `limit` records, by id, that hold these values under declared filters.

        Others may still change them: what is to be changed is looked at again with `get`. `anywhere`: also beyond what the
        asker may see, where something exists only once; nothing of such a record may be answered.
        """
        ...

    def alone(self, name: str) -> None:
        """Be the only one in the back office who goes on under this name, until the transaction has ended."""
        ...

    def add(self, collection: str, body: Body) -> Body:
        """A new record, under the id that it brings if that is free; returned with what the server adds."""
        ...

    def check(self, collection: str, body: Body) -> None:
        """Raise BadRequestError unless the body could be a new record of the collection."""
        ...

    def put(self, collection: str, body: Body) -> Body:
        """A record after a change; returned with its stamps. Whether its states allow it is the rule's to know."""
        ...

    def remove(self, collection: str, record_id: str) -> None:
        """End a record."""
        ...


def _as_it_is(body: Body, _records: Records) -> Body:
    return body


def _as_asked(_before: Body, after: Body, _records: Records) -> Body:
    return after


def _let_go(_body: Body, _records: Records) -> None:
    """Nothing stands in the way."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens besides when a resource is created, changed or deleted; each may raise a RefusedError.

    `created` and `changed` get the resource as it would be kept without the rule and return it as it is to be kept.
    """

    created: Callable[[Body, Records], Body] = _as_it_is
    changed: Callable[[Body, Body, Records], Body] = _as_asked
    deleted: Callable[[Body, Records], None] = _let_go
