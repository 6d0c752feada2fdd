"""The swaggers as they ought to be: every correction and everything left out stands in overlay.toml, with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from upkeep.swaggers import Schema, Swagger

FILE: Final = Path(__file__).with_name("overlay.toml")
EVERY_FILE: Final = "*"
Place = tuple[Any, Any]  # what holds it, and under which name or number


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One change to all places that `at` leads to (names may hold `*`) and that hold at least what `holding` says.

    `leave_out` removes the place, `set` replaces members, `drop` removes some, `copy` gives one member's value to others;
    `fill` adds to every property that the place requires. `shown_by` is an operation that fares worse without it.
    """

    reason: str
    shown_by: str
    at: tuple[str, ...]
    files: str = EVERY_FILE
    holding: Schema = {}
    leave_out: bool = False
    set: Schema = {}
    drop: tuple[str, ...] = ()
    copy: dict[str, str] = {}
    fill: Schema = {}

    def apply(self, swagger: Swagger) -> None:
        """Correct a file in place."""
        if fnmatchcase(swagger.name, self.files):
            for holder, name in reversed(list(_places(swagger.document, self.at))):
                if not self.holding or _holds(holder[name], self.holding):
                    self._change(swagger, holder, name)

    def _change(self, swagger: Swagger, holder: Any, name: Any) -> None:
        if self.leave_out:
            del holder[name]
            return
        here: Schema = holder[name]
        here.update(deepcopy(self.set))
        here.update({to: here[given] for to, given in self.copy.items()})
        for one in self.drop:
            here.pop(one, None)
        if self.fill:
            properties = here["properties"]
            required = properties.keys() & set(here.get("required", ()))
            properties.update({one: {**swagger.resolved(properties[one]), **self.fill} for one in required})


class Overlay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    correction: tuple[Correction, ...]

    @property
    def of_answers(self) -> tuple[Correction, ...]:
        """Those that say what is answered, and leave what is asked as it is."""
        return tuple(one for one in self.correction if one.at[0] == "definitions" and "_" not in one.at[1])


@cache
def overlay() -> Overlay:
    """What the file says."""
    return msgspec.toml.decode(FILE.read_bytes(), type=Overlay)


def corrected(swagger: Swagger, corrections: tuple[Correction, ...]) -> Swagger:
    """A copy of a swagger with these corrections, at the address where it is served."""
    copy = Swagger(swagger.name, deepcopy(swagger.document))
    for correction in corrections:
        correction.apply(copy)
    copy.document["basePath"] = f"/tmf-api/{swagger.api}"
    return copy


def _places(holder: Any, steps: tuple[str, ...]) -> Iterator[Place]:
    names = range(len(holder)) if isinstance(holder, list) else list(holder) if isinstance(holder, dict) else ()
    for name in names:
        if fnmatchcase(str(name), steps[0]):
            yield from _places(holder[name], steps[1:]) if steps[1:] else ((holder, name),)


def _holds(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(name in found and _holds(found[name], wanted[name]) for name in wanted)
    return bool(found == wanted)
