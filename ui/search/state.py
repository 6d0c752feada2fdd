"""What the list under the box shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.core.errors import DeskError
from app.customers.model import MatchKind, SearchHit
from ui.search.acts import WITHOUT_ACCOUNT, Act

WITHOUT_ACCOUNT_NUMBER = 3  # 1 and 2 are kept for asking head office and for someone new


@dataclass(frozen=True, slots=True)
class Found:
    """One row: somebody, or something to do."""

    hit: SearchHit | None = None
    act: Act | None = None
    number: int = 0

    @property
    def key(self) -> str:
        """What opening the row means: `customer:…`, `ticket:…` or `do:…`."""
        if self.act is not None:
            return f"do:{self.act.id}"
        assert self.hit is not None, "a row is one or the other"  # noqa: S101 - an invariant
        return f"customer:{self.hit.customer_id}" if self.hit.customer_id else f"ticket:{self.hit.ticket_id}"


@dataclass(frozen=True, slots=True)
class SearchState:
    """What is typed, and the rows for it.

    Until `is_answered` the rows are those of what was typed before. `has_more` says that others match beside `hits`.
    `current` is the key of the picked row; `is_building` says that the local copy is not complete yet.
    """

    typed: str = ""
    is_answered: bool = True
    hits: tuple[SearchHit, ...] = ()
    has_more: bool = False
    acts: tuple[Act, ...] = ()
    current: str = ""
    is_open: bool = False
    is_frozen: bool = False
    as_of: datetime | None = None
    is_building: bool = False
    error: DeskError | None = None

    @property
    def found_nobody(self) -> bool:
        """Whether it is certain that nobody here fits."""
        return bool(self.typed.strip()) and self.is_answered and not self.hits and self.error is None

    @property
    def rows(self) -> tuple[Found, ...]:
        """People first, then what can be done, what was typed whole before the rest; a customer appears once, by the best match."""
        return tuple({row.key: row for row in reversed(tuple(self._all_rows()))}.values())[::-1]

    @property
    def exact(self) -> tuple[Found, ...]:
        """The rows that bear exactly what was typed: people, else things to do."""
        people = tuple(row for row in self.rows if row.hit is not None and row.hit.is_exact)
        meant = tuple(row for row in self.rows if row.act is not None and row.act.is_meant(self.typed))
        return people or (() if any(map(_is_sure, self.hits)) else meant)

    @property
    def meant(self) -> tuple[Found, ...]:
        """The rows that an Enter may open without being picked: exact ones, or the only person there is for sure."""
        found = tuple(row for row in self.rows if row.hit is not None and _is_sure(row.hit))
        return found if len(found) == 1 else self.exact

    def _all_rows(self) -> Iterator[Found]:
        yield from (Found(hit=hit) for hit in self.hits if _is_sure(hit))
        meant = tuple(act for act in self.acts if act.is_meant(self.typed))
        yield from (Found(act=act) for act in meant)
        if self.found_nobody and WITHOUT_ACCOUNT not in self.acts:
            yield Found(act=WITHOUT_ACCOUNT, number=WITHOUT_ACCOUNT_NUMBER)
        yield from (Found(act=act) for act in self.acts if act not in meant)
        yield from (Found(hit=hit) for hit in self.hits if not _is_sure(hit))


def _is_sure(hit: SearchHit) -> bool:
    """Whether more than the first letters of a name speaks for it."""
    return hit.match is not MatchKind.POSSIBLE
