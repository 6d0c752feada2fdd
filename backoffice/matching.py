"""Tells whether a body meets conditions, read without any index, and never takes longer than it may.

Patterns are matched in linear time, but that is the pattern's size times the text's: both are bounded, and the clock is looked
at between values, since one document may hold many thousands.
"""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import re2

from backoffice.attributes import as_text, found_at, written
from backoffice.documents import Body
from backoffice.errors import BadRequestError
from backoffice.resources import Holds

_re2: Any = re2  # the C module tells type checkers nothing
_LONGEST_PATTERN: Final = 200
_LARGEST_PROGRAM: Final = 1_000  # instructions; `(a?){300}` has 1,205
_MATCHED: Final = 4_000  # characters of a value that a pattern is held against


class Compare(StrEnum):
    """How a value is compared, in the words of TMF630."""

    EQ = "eq"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    REGEX = "regex"


SIGNS: Final[Mapping[Compare, Callable[[Any, Any], Any]]] = {
    Compare.EQ: operator.eq,
    Compare.GT: operator.gt,
    Compare.GTE: operator.ge,
    Compare.LT: operator.lt,
    Compare.LTE: operator.le,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the values under `path` compares so to one of `values`."""

    path: str
    compare: Compare
    values: tuple[str, ...]


class TakesTooLongError(Exception):
    """The time for a question has run out."""


class Question:
    """Conditions, all of which must hold; made ready once. Past the monotonic instant `until` nothing is looked at any more."""

    def __init__(self, conditions: Iterable[Condition], until: float) -> None:
        self._conditions = [_Ready(one) for one in conditions]
        self._until = until

    def holds(self, body: Body) -> bool:
        """Whether they hold for a body. Raises TakesTooLongError."""
        return all(self._is_met(one, body) for one in self._conditions)

    def _is_met(self, condition: _Ready, body: Body) -> bool:
        for value in found_at(body, condition.steps):
            if time.monotonic() > self._until:
                raise TakesTooLongError
            if condition.is_met_by(value):
                return True
        return False


class _Ready:
    def __init__(self, condition: Condition) -> None:
        self.steps = tuple(condition.path.split("."))
        self._compare = condition.compare
        self._values = condition.values
        self._patterns = [pattern(one) for one in condition.values] if condition.compare is Compare.REGEX else []
        self._written: dict[Holds, frozenset[str]] = {}

    def is_met_by(self, value: Any) -> bool:
        if self._patterns:
            text = as_text(value)[:_MATCHED]
            return any(one.search(text) for one in self._patterns)
        kind = kind_of(value)
        mine, theirs = written(value, kind), self._as(kind)
        if not mine:
            return False
        if self._compare is Compare.EQ:
            return mine in theirs
        return any(SIGNS[self._compare](mine, one) for one in theirs)

    def _as(self, kind: Holds) -> frozenset[str]:
        """What is wanted, written as that kind."""
        if kind not in self._written:
            self._written[kind] = frozenset(written(one, kind) for one in self._values) - {""}
        return self._written[kind]


def pattern(text: str) -> Any:
    """A compiled pattern of RE2, of bounded size. Raises BadRequestError."""
    options = _re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        compiled = _re2.compile(text, options) if len(text) <= _LONGEST_PATTERN else None
    except _re2.error as error:
        raise BadRequestError("That is no regular expression that is understood here.") from error
    if compiled is None or compiled.programsize > _LARGEST_PROGRAM:
        raise BadRequestError(f"A regular expression has up to {_LONGEST_PATTERN} signs, and repeats few of them.")
    return compiled


def kind_of(value: Any) -> Holds:
    """What an undeclared value is compared as: what it is itself; a text that reads as an instant, as that."""
    if isinstance(value, bool):
        return Holds.TRUTH
    if isinstance(value, int | float):
        return Holds.NUMBER
    if isinstance(value, str) and len(value) >= len("2026-01-01") and written(value, Holds.INSTANT):
        return Holds.INSTANT
    return Holds.TEXT
