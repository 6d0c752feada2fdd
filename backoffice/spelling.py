"""Spells what clients and files bring as the specification does: words of closed lists, instants, whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from app.core.clock import to_wire
from backoffice.documents import Body
from backoffice.errors import BadRequestError
from backoffice.resources import Holds, Resource

_PERIOD: Final = ("startDateTime", "endDateTime")  # instants wherever they stand


def is_instant(value: Any) -> bool:
    """Whether it can be read as one."""
    try:
        datetime.fromisoformat(value.strip())
    except (AttributeError, ValueError):
        return False
    return True


def spelled(resource: Resource, before: Body, after: Body) -> Body:
    """What the body brings anew, spelled as the specification does: words of closed lists, and instants, which end in `Z`."""
    fresh = {name: value for name, value in after.items() if value != before.get(name)}
    return {**after, **{name: _respelled(resource, name, value) for name, value in fresh.items()}}


def _respelled(resource: Resource, name: str, value: Any) -> Any:
    if isinstance(value, str):
        if words := resource.vocabulary.get(name):
            return _as_specified(value, words)
        holds = resource.attributes.get(name)
        return _in_utc(value) if holds is Holds.INSTANT and is_instant(value) else value
    if isinstance(value, float) and value.is_integer() and resource.attributes.get(name) is Holds.INTEGER:
        return int(value)
    for path, words in resource.inner_words.items():
        first, *rest = path.split(".")
        value = _with_words(value, rest, words) if first == name else value
    for holder in _objects(value):
        for end in _PERIOD:
            if holder.get(end) is not None and not is_instant(holder[end]):
                raise BadRequestError(f"{end} must be an ISO 8601 instant.")
    return value


def _objects(value: Any) -> Iterator[Body]:
    """Every object within a value."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(one)


def _with_words(value: Any, steps: Sequence[str], words: tuple[str, ...]) -> Any:
    """The same with the words under a path spelled as the specification does."""
    if isinstance(value, list):
        return [_with_words(one, steps, words) for one in value]
    if isinstance(value, str) and not steps:
        return _as_specified(value, words)
    if not isinstance(value, dict) or not steps or steps[0] not in value:
        return value
    return {**value, steps[0]: _with_words(value[steps[0]], steps[1:], words)}


def _in_utc(text: str) -> str:
    """An instant as the API writes it; the calendar's ends, which say "for ever", stay where they are."""
    moment = datetime.fromisoformat(text.strip())
    try:
        return to_wire(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except OverflowError:
        return to_wire(moment.replace(tzinfo=UTC))


def _as_specified(written: str, words: Iterable[str]) -> str:
    known = {_bare(word): word for word in words}
    return written if written.strip() in known.values() else known.get(_bare(written), written)


def _bare(word: str) -> str:
    return "".join(sign for sign in word.casefold() if sign.isalnum())


def in_utc(value: Any) -> Any:
    """The same with the ends of all time periods in it as the API writes instants; rules may go by the offset of who asks."""
    if isinstance(value, list):
        return [in_utc(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _in_utc(one) if name in _PERIOD and is_instant(one) else in_utc(one) for name, one in value.items()}


def holders(value: Any, steps: Sequence[str]) -> Iterator[Body]:
    """Every object under a path, through lists."""
    if isinstance(value, list):
        for member in value:
            yield from holders(member, steps)
    elif isinstance(value, dict) and not steps:
        yield value
    elif isinstance(value, dict) and steps[0] in value:
        yield from holders(value[steps[0]], steps[1:])
