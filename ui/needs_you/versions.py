"""The versions of a record's field in words: whatever differs between them can be seen to differ."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from app.core.money import money_from
from app.rules.merging import MISSING
from ui.customer.words import money_words

_CALLED = ("text", "name", "id")
_REST = "…"
_NOTHING = "–"


def in_words(versions: Sequence[Any]) -> list[str]:
    """What each of a field's versions says. Of lists the members that are not in all of them; those stand as `…`."""
    lists = [one for one in versions if isinstance(one, list)]
    common = (
        [one for one in lists[0] if all(one in other for other in lists[1:])] if len(lists) == len(versions) else []
    )
    rest = {id(version): _without(version, common) for version in lists}
    members = [*chain.from_iterable(rest.values()), *(one for one in versions if isinstance(one, Mapping))]
    said = list[str]()
    for version in versions:
        if isinstance(version, list):
            shown = [_member(one, members) for one in rest[id(version)]]
            said.append(", ".join([_REST] * (len(shown) < len(version)) + shown) or _NOTHING)
        else:
            said.append(_member(version, members))
    if len(set(said)) < len({_exactly(one) for one in versions}):  # an order, say, or a number that is written as text
        return [_NOTHING if one is MISSING else _written(one) for one in versions]
    return said


def _exactly(version: Any) -> str:
    return "" if version is MISSING else json.dumps(version, sort_keys=True)


def _without(members: Sequence[Any], common: Sequence[Any]) -> list[Any]:
    return [one for one in members if one not in common]


def _member(value: Any, among: Sequence[Any]) -> str:
    """The value by its name, and by what it differs in from others of that name."""
    if value is MISSING:
        return _NOTHING
    if not isinstance(value, Mapping):
        return value if isinstance(value, str) else _written(value)
    called = _called(value)
    twins = [one for one in among if isinstance(one, Mapping) and one != value and _called(one) == called]
    names = [name for name in value if any(value[name] != one.get(name, MISSING) for one in twins)]
    differing = ", ".join(f"{name}: {_member(value[name], ())}" for name in names)
    return f"{called} ({differing})" if differing else called


def _called(value: Mapping[str, Any]) -> str:
    if money := money_from(value.get("value"), str(value.get("unit") or "")):
        return money_words(money)
    return next((str(value[name]) for name in _CALLED if value.get(name)), "") or _written(value)


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
