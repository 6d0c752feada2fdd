"""Reads filters and sorting out of a query string, in all the spellings of TMF630.

`severity=major,minor` and `severity=major&severity=minor` name alternatives, different names must all hold.
`creationDate.gt=…` and `creationDate>…` (also as %3E) compare; `name.regex=…` and `name*=…` match. The `+` before an offset
arrives as a blank where it was not encoded, and is taken for a `+`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from backoffice.attributes import written
from backoffice.errors import BadRequestError
from backoffice.matching import Compare, Condition, pattern
from backoffice.querying import Order
from backoffice.resources import Holds, Resource

NOT_FILTERS: Final = frozenset({"fields", "offset", "limit", "sort"})
_SIGNS: Final = {
    ">=": Compare.GTE,
    "<=": Compare.LTE,
    ">": Compare.GT,
    "<": Compare.LT,
    "*=": Compare.REGEX,
    "=": Compare.EQ,
}
_ENDINGS: Final = frozenset(one.value for one in Compare)
_SIGNED: Final = re.compile(r"(?P<path>[^<>=*]+)(?P<sign>>=|<=|>|<|\*=|=)(?P<value>.*)", re.DOTALL)
_PATH: Final = re.compile(r"[A-Za-z@][\w@-]*(\.[A-Za-z@][\w@-]*)*", re.ASCII)
_LOST_PLUS: Final = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-?\d\d-?\d\d[Tt ][\d:.,]+ \d\d:?\d\d", re.ASCII)
_WORDS: Final = {Holds.INSTANT: "an ISO 8601 instant", Holds.NUMBER: "a number", Holds.INTEGER: "a number"}
_MOST_CONDITIONS: Final = 20
_MOST_ORDERS: Final = 5
_MOST_PATTERNS: Final = 5
_MOST_VALUES: Final = 100
_LONGEST_VALUE: Final = 2_000


def conditions_in(parameters: Iterable[tuple[str, str]]) -> tuple[Condition, ...]:
    """The conditions of a query string, those of one path and comparison as alternatives. Raises BadRequestError."""
    found: dict[tuple[str, Compare], list[str]] = {}
    for name, value in parameters:
        if name not in NOT_FILTERS:
            path, compare, wanted = _read(name, value)
            found.setdefault((path, compare), []).extend(_alternatives(compare, wanted))
    if len(found) > _MOST_CONDITIONS or any(len(values) > _MOST_VALUES for values in found.values()):
        raise BadRequestError("That are more filters than one question may have.")
    if sum(len(values) for (_, compare), values in found.items() if compare is Compare.REGEX) > _MOST_PATTERNS:
        raise BadRequestError(f"One question may have {_MOST_PATTERNS} regular expressions.")
    return tuple(_checked(Condition(*key, tuple(dict.fromkeys(values)))) for key, values in found.items())


def demand_sense(resource: Resource, condition: Condition) -> None:
    """Raise BadRequestError where what is declared is compared with what it can never be: the answer would tell nothing."""
    declared = {one.path: one.holds for one in resource.filters}
    holds = declared.get(condition.path) or resource.attributes.get(condition.path, Holds.ANY)
    if condition.compare is Compare.REGEX:
        return
    if holds is Holds.PHONE and condition.compare is not Compare.EQ:
        raise BadRequestError(f"{condition.path} is asked for; telephone numbers do not follow each other.")
    alone = [one for one in condition.values if condition.compare is not Compare.EQ or "," not in one]
    if holds in _WORDS and not all(written(one, holds) for one in alone):
        raise BadRequestError(f"{condition.path} is compared with {_WORDS[holds]}.")


def orders_in(sort: str | None) -> tuple[Order, ...]:
    """`-creationDate,name`: newest first, then by name. Raises BadRequestError."""
    names = [name.strip() for name in sort.split(",")] if sort else []
    orders = tuple(Order(name.lstrip("+-").strip(), name.startswith("-")) for name in names)
    if len(orders) > _MOST_ORDERS or not all(_PATH.fullmatch(order.path) for order in orders):
        raise BadRequestError("sort names attributes, separated by commas, with a minus for the reverse.")
    return orders


def _read(name: str, value: str) -> tuple[str, Compare, str]:
    """Path, comparison and value, whichever side of the first `=` the sign stood on."""
    if signed := _SIGNED.fullmatch(f"{name}={value}" if value or not _SIGNED.fullmatch(name) else name):
        path, compare, wanted = signed["path"], _SIGNS[signed["sign"]], signed["value"]
    else:
        path, compare, wanted = name, Compare.EQ, value
    stem, _, ending = path.rpartition(".")
    if compare is Compare.EQ and stem and ending in _ENDINGS:
        path, compare = stem, Compare(ending)
    if not _PATH.fullmatch(path):
        raise BadRequestError("A filter names an attribute, with dots between the members of its path.")
    return path, compare, wanted


def _alternatives(compare: Compare, value: str) -> list[str]:
    """What a comma separates; a value that itself holds a comma is among them too. A pattern is taken whole."""
    if len(value) > _LONGEST_VALUE:
        raise BadRequestError(f"A value may have {_LONGEST_VALUE} signs.")
    if compare is Compare.REGEX:
        return [value]
    parts = [one.strip() for one in value.split(",")] if compare is Compare.EQ and "," in value else []
    return [_LOST_PLUS.sub("+", one) if _INSTANT.fullmatch(one) else one for one in (value, *parts)]


def _checked(condition: Condition) -> Condition:
    if condition.compare is Compare.REGEX:
        for one in condition.values:
            pattern(one)
    elif condition.compare is not Compare.EQ and len(condition.values) > 1:
        raise BadRequestError(f"{condition.path} is compared with one value at a time.")
    return condition
