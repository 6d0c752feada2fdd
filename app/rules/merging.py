"""Three-way merge by field: what a clerk wanted of a record, put on top of what others have made of it since."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.rules.exact_fields import FIELD_RULES, WRITTEN_BY_HEAD_OFFICE, FieldRules
from app.rules.whole_values import is_whole, patch_to, patched

Body = Mapping[str, Any]
Path = tuple[str, ...]
MISSING: Final = object()
_MARKS: Final = ("id", "date")


@dataclass(frozen=True, slots=True)
class Merge:
    """The change as it goes on top of what is there, and the fields of it that it takes a person for."""

    delta: Body
    in_question: tuple[Path, ...] = ()

    @property
    def needs_a_person(self) -> bool:
        """Whether nobody but a person can say which version is to hold."""
        return bool(self.in_question)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in three versions; a part that is `MISSING` is not there. `is_wanted`: the change sets it."""

    path: Path
    seen: Any
    wanted: Any
    there: Any
    is_wanted: bool


def merge(collection: str, seen: Body, delta: Body, there: Body | None) -> Merge:
    """Put a merge patch, made by somebody who saw `seen`, on top of what is `there` (None: it was deleted).

    Nothing that others have changed is overwritten unless it is in question. Lists that everybody adds to keep what is
    there, also where they are in question. What is deleted comes back by nobody's change. What is one value
    (`app.rules.whole_values`) is set whole: no half of it stands beside a half of what others put there.
    """
    leaves = dict(_leaves(delta, seen, there))
    if there is None:
        return Merge(delta, tuple(leaves))
    rules = FIELD_RULES.get(collection)
    is_as_seen = _said(seen) == _said(there)
    merged, in_question = dict(delta), []
    for path, wanted in leaves.items():
        if rules is not None and _is_growing(rules, path) and (added := _added(seen, wanted, path)) is not None:
            held = _at(there, path)
            merged[path[0]] = _grown(held, added)
            is_clear = _added(seen, held, path) is not None
        elif rules is None or path[0] in rules.exact:
            is_clear = is_as_seen
        else:
            is_clear = _is_so(there, path, wanted) or _same(_at(seen, path), _at(there, path))
        if not is_clear:
            in_question.append(path)
            if isinstance(wanted, _Whole):
                merged = _with(merged, path, patch_to(wanted.value, _shown(there, path)))
    return Merge(merged, tuple(in_question))


def added_to(collection: str, seen: Body, delta: Body) -> dict[str, list[Any]]:
    """What a change adds to lists that everybody adds to, by their names; a list that it changes otherwise is left out."""
    rules = FIELD_RULES.get(collection)
    growing = [path for path, _ in _leaves(delta, seen) if rules is not None and _is_growing(rules, path)]
    added = ((path[0], _added(seen, delta[path[0]], path)) for path in growing)
    return {name: values for name, values in added if values is not None}


def corrected(seen: Body, expected: Body, told: Body) -> Body:
    """What somebody saw who counted on what this desk expected of an act, now that head office has told what it led to.

    Only where they saw just what was expected: what others have done since stays unseen.
    """
    names = expected.keys() | told.keys()
    wrong = {name for name in names if not _same(_at(expected, (name,)), _at(told, (name,)))}
    wrong = {name for name in wrong if _same(_at(expected, (name,)), _at(seen, (name,)))}
    kept = {name: value for name, value in seen.items() if name not in wrong}
    return kept | {name: told[name] for name in wrong if name in told}


def differences(seen: Body, delta: Body, there: Body) -> tuple[Difference, ...]:
    """Every field that the change sets, then every other one that others have changed since."""
    wanted = dict(_leaves(delta, seen, there))
    set_here = (
        Difference(path, _shown(seen, path), _set_to(value), _shown(there, path), is_wanted=True)
        for path, value in wanted.items()
    )
    touched = {path[0] for path in wanted}
    names = sorted((seen.keys() | there.keys()) - touched - WRITTEN_BY_HEAD_OFFICE)
    others = (
        Difference((name,), seen.get(name, MISSING), MISSING, there.get(name, MISSING), is_wanted=False)
        for name in names
    )
    return (*set_here, *(one for one in others if not _same(one.seen, one.there)))


def _shown(body: Body, path: Path) -> Any:
    held = _at(body, path)
    return MISSING if isinstance(held, _InTheWay) else held


@dataclass(frozen=True, slots=True)
class _InTheWay:
    """Something that is no object stands where a path leads through."""

    value: str
    depth: int


@dataclass(frozen=True, slots=True)
class _Whole:
    """An object that is one value, as a change makes it of what was seen."""

    value: Body


def _leaves(delta: Body, seen: Any, there: Any = MISSING, above: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The values that a merge patch sets, each with where; None removes."""
    for name, value in delta.items():
        path, before, now = (*above, name), _member(seen, name), _member(there, name)
        if not isinstance(value, Mapping) or not value:
            yield path, value
        elif any(is_whole(one) for one in (value, before, now)):
            yield path, _Whole(patched(before, value))
        else:
            yield from _leaves(value, before, now, path)


def _member(value: Any, name: str) -> Any:
    return value.get(name, MISSING) if isinstance(value, Mapping) else MISSING


def _with(delta: Body, path: Path, value: Any) -> dict[str, Any]:
    """The patch with another value there."""
    name, *rest = path
    return {**delta, name: _with(delta[name], tuple(rest), value) if rest else value}


def _at(body: Body, path: Path) -> Any:
    """What stands at a path, `MISSING` if nothing does; what stands in the way of it, with how far that is."""
    found: Any = body
    for depth, name in enumerate(path):
        if not isinstance(found, Mapping):
            return _InTheWay(_written(found), depth)
        if name not in found:
            return MISSING
        found = found[name]
    return found


def _is_so(there: Body, path: Path, wanted: Any) -> bool:
    """Whether others have made the same change."""
    held = _at(there, path)
    if isinstance(wanted, Mapping):  # an empty one: it wants an object there, whatever is in it
        return isinstance(held, Mapping)
    return _same(held, _set_to(wanted))


def _set_to(wanted: Any) -> Any:
    if isinstance(wanted, _Whole):
        return wanted.value
    return MISSING if wanted is None else wanted


def _is_growing(rules: FieldRules, path: Path) -> bool:
    return len(path) == 1 and path[0] in rules.growing


def _added(seen: Body, now: Any, path: Path) -> list[Any] | None:
    """What was added to the list that was seen; None where it was not only added to."""
    before = _at(seen, path)
    before = [] if before is MISSING else before
    now = [] if now is MISSING else now
    if not isinstance(before, list) or not isinstance(now, list) or not _same(now[: len(before)], before):
        return None
    return now[len(before) :]


def _grown(held: Any, added: list[Any]) -> list[Any]:
    """The list that is there with what it lacks of what was added.

    What can be told apart by its id or its moment may be there already; else the same words are somebody else's.
    """
    there = held if isinstance(held, list) else []
    return [*there, *(one for one in added if not (_is_marked(one) and any(_same(one, other) for other in there)))]


def _is_marked(one: Any) -> bool:
    return isinstance(one, Mapping) and any(one.get(name) for name in _MARKS)


def _said(body: Body) -> str:
    """All that a record says, but for what head office writes by itself."""
    return _written({name: value for name, value in body.items() if name not in WRITTEN_BY_HEAD_OFFICE})


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one and the same in JSON, where true is not 1."""
    if any(value is MISSING or isinstance(value, _InTheWay) for value in (one, other)):
        return bool(one == other)
    return _written(one) == _written(other)


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
