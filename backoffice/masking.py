"""Shows to each role what it may see: the rest keeps its kind, and of a number its end, but not what it says.

Readers are bound to what their role reveals, as they are to its territory, so that no path forgets. What is masked can neither
be asked about nor, by who sees it so, be changed; and nobody can write a masked value back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

from app.core.permissions import Permission
from backoffice.attributes import written
from backoffice.documents import Body, StoredDocument, from_json, to_json
from backoffice.errors import BadRequestError, ForbiddenError
from backoffice.resources import RESOURCES, Holds, Mask, Resource
from backoffice.resources.masks import INDEX_NUMBERS
from backoffice.scopes import INDEX

Reveals = frozenset[Permission] | None  # None: everything

SIGN: Final = "••••"
MASKED: Final = "@masked"  # tells in a resource which of its attributes are
_NO_DAY: Final = "1900-01-01T00:00:00.000Z"
_SHOWN: Final = 4
_LONG: Final = 9  # of a PUK's eight digits none may show
_NUMBER: Final = re.compile(r"[+\d][\d ()-]*[\dX]", re.ASCII)  # a telephone, a card, a paper; no address
_SHORTEST_INSTANT: Final = len("1900-01-01")


@cache
def hidden(collection: str, reveals: Reveals) -> tuple[Mask, ...]:
    """What is masked in a collection for who may see `reveals`."""
    if reveals is None:
        return ()
    masks = INDEX_NUMBERS if collection == INDEX else RESOURCES[collection].masks
    return tuple(one for one in masks if one.needs not in reveals)


def shown(document: StoredDocument, reveals: Reveals) -> StoredDocument:
    """The document as it may be seen."""
    text = document.text or ""
    masks = [one for one in hidden(document.collection, reveals) if f'"{one.attribute}"' in text]
    if not masks:
        return document
    body = from_json(text)
    seen = masked(body, masks)
    return document if seen is body else replace(document, text=to_json(seen))


def masked(body: Body, masks: Sequence[Mask]) -> Body:
    """The same body where there is nothing to mask, else another one, which says what is masked.

    It says so also of what looks the same masked, such as a zero: or else it would tell what the others are not.
    """
    seen, found = body, list[str]()
    for mask in masks:
        if any(True for _ in _meant(body, mask.steps, mask)):
            seen, found = _under(seen, mask.steps, mask), [*found, mask.path]
    return {**seen, MASKED: found} if found else body


def refuse_masked(collection: str, path: str, reveals: Reveals) -> None:
    """Raise ForbiddenError for a question about what is masked: its answer would tell."""
    if any(one.covers(path) for one in hidden(collection, reveals)):
        raise ForbiddenError(f"Your role may not filter or sort by {path}.")


def without_sign(body: Body) -> Body:
    """The body as a client means it, who read it with what was said of its masks."""
    return {name: value for name, value in body.items() if name != MASKED}


def restored(resource: Resource, before: Body, wanted: Body, reveals: Reveals) -> Body:
    """What a change of the masked resource means for the real one. Raises BadRequestError if it would write blindly."""
    seen = masked(before, hidden(resource.collection, reveals))
    result = without_sign(wanted)
    for name in {path.partition(".")[0] for path in seen.get(MASKED, ())}:
        if name not in wanted or wanted[name] != seen[name]:
            raise BadRequestError(f"Your role does not see all of {name}, so it cannot change it.")
        result[name] = before[name]
    return result


def refuse_signs(resource: Resource, before: Body, after: Body) -> None:
    """Raise BadRequestError where a masked value would become the real one."""
    for name in {one.attribute for one in resource.masks}:
        if name in after and after[name] != before.get(name) and any(SIGN in one for one in _texts(after[name])):
            raise BadRequestError(f"{name} holds a masked value. Send what it stands for, or leave {name} out.")


def _meant(value: Any, steps: tuple[str, ...], mask: Mask) -> Iterator[Any]:
    """Every simple value that a mask hides, as far as it says anything."""
    if isinstance(value, list):
        for one in value:
            yield from _meant(one, steps, mask)
    elif isinstance(value, dict) and steps[0] in value:
        if steps[1:]:
            yield from _meant(value[steps[0]], steps[1:], mask)
        elif mask.is_meant(value):
            yield from _leaves(value[steps[0]], mask.kept)


def _leaves(value: Any, kept: frozenset[str]) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in kept and not name.startswith("@"):
                yield from _leaves(one, kept)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one, kept)
    elif value not in (None, ""):
        yield value


def _under(value: Any, steps: tuple[str, ...], mask: Mask) -> Any:
    if isinstance(value, list):
        return [_under(one, steps, mask) for one in value]
    if not isinstance(value, dict) or steps[0] not in value:
        return value
    first, *rest = steps
    if rest:
        return {**value, first: _under(value[first], tuple(rest), mask)}
    return {**value, first: _hidden(value[first], mask.kept)} if mask.is_meant(value) else value


def _hidden(value: Any, kept: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {
            name: one if name in kept or name.startswith("@") else _hidden(one, kept) for name, one in value.items()
        }
    if isinstance(value, list):
        return [_hidden(one, kept) for one in value]
    if isinstance(value, str):
        return _hidden_text(value)
    return type(value)() if value is not None else None  # zero, or false


def _hidden_text(text: str) -> str:
    if not text:
        return text
    if len(text) >= _SHORTEST_INSTANT and "-" in text and written(text, Holds.INSTANT):
        return _NO_DAY
    is_number = len(text) >= _LONG and _NUMBER.fullmatch(text)
    return f"{SIGN}{text[-_SHOWN:]}" if is_number else SIGN


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
