"""References to parties inside bodies: turned to another party, and turned back also where others changed the body since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, cast

from backoffice.documents import Body

Key = tuple[str, str]  # collection and id
Step = str | int
PARTIES: Final = ("individual", "organization")
_ANY: Final = ("customer", *PARTIES)
_CUSTOMER_ROLES: Final = (
    "customer",
    "affectedCustomer",
)  # what they name is a customer, whatever type is written beside it
_CHANGED: Final = ("id", "href", "name")
# What a reference under one of these attributes of the specifications may lead to.
_BY_NAME: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **dict.fromkeys(("relatedParty", "party", "requestor", "payer", "user", "granter", "receiver", "sender"), _ANY),
        **dict.fromkeys(("originatorParty", "responsibleParty"), _ANY),
        **{"engagedParty": PARTIES, "customer": ("customer",), "individual": PARTIES, "organization": PARTIES},
    }
)
_BY_TYPE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **{"Customer": ("customer",), "Individual": PARTIES, "Organization": PARTIES, "Party": PARTIES},
        **{"PartyRole": ("customer",), "RelatedParty": _ANY},
    }
)


@dataclass(frozen=True, slots=True)
class Party:
    """Who references are turned to."""

    id: str
    href: str
    name: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One reference that was turned: where it stood, and how it read before and after.

    `is_second`: the survivor stood in the same list, in the same role, before.
    """

    path: tuple[Step, ...]
    before: Body
    after: Body
    is_second: bool = False


def turned(body: Body, survivors: Mapping[Key, Party]) -> tuple[Body, list[Turn]]:
    """The body with every reference to a merged party leading to its survivor, and what was turned in it."""
    result = deepcopy(body)
    turns: list[Turn] = []
    for path, reference, name in list(_references(result, "", ())):
        meant = ((collection, reference["id"]) for collection in _meant(name, reference))
        survivor = next((survivors[key] for key in meant if key in survivors), None)
        if survivor is not None:
            before = dict(reference)
            reference.update({one: getattr(survivor, one) for one in _CHANGED if one in reference})
            turns.append(Turn(path, before, dict(reference), _is_named_beside(body, path, reference)))
    return result, turns


def turned_back(body: Body, turns: Iterable[Turn]) -> Body:
    """The body with these references as they were, in so far as they are still there; what else was changed stays."""
    result = deepcopy(body)
    for turn in turns:
        found = _found(result, turn)
        if found is None:
            continue
        path, reference = found
        if turn.is_second and len(_alike(result, path, reference)) == 1:
            _list_at(result, path).append(
                dict(turn.before)
            )  # one of the two was taken away: what is left is the survivor's
        else:
            _give_back(reference, turn.before)
    return result


def _give_back(reference: Body, before: Body) -> None:
    """All three together: what was written of the survivor meanwhile says nothing of the other."""
    for one in _CHANGED:
        if one in before:
            reference[one] = before[one]
        else:
            reference.pop(one, None)


def _references(value: Any, name: str, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Body, str]]:
    if isinstance(value, list):
        for step, member in enumerate(value):
            yield from _references(member, name, (*path, step))
    elif isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield path, value, name
        for key, member in value.items():
            yield from _references(member, key, (*path, key))


def _meant(name: str, reference: Body) -> tuple[str, ...]:
    """In which collections its id may be meant, the likeliest first."""
    named, written = _BY_NAME.get(name, ()), reference.get("@referredType")
    if reference.get("role") in _CUSTOMER_ROLES and named:
        return _ANY
    return _BY_TYPE.get(written, ()) if isinstance(written, str) else named


def _is_named_beside(body: Body, path: tuple[Step, ...], reference: Body) -> bool:
    """Whether who the reference leads to now stood in its list before, in the same role."""
    return bool(path) and isinstance(path[-1], int) and bool(_alike(body, path, reference))


def _alike(body: Body, path: tuple[Step, ...], reference: Body) -> list[Body]:
    """The references of the same list with the same id and role."""
    same = (reference.get("id"), reference.get("role"))
    members = (one for one in _list_at(body, path) if isinstance(one, dict))
    return [one for one in members if (one.get("id"), one.get("role")) == same]


def _list_at(body: Body, path: tuple[Step, ...]) -> list[Any]:
    """The list in which a reference stands."""
    held: Any = body
    for step in path[:-1]:
        held = held[step]
    return cast("list[Any]", held)


def _found(body: Body, turn: Turn) -> tuple[tuple[Step, ...], Body] | None:
    """The reference as it reads now: at its old place, or, word for word, at another one of the same list."""
    there = [
        (path, one)
        for path, one in _at(body, turn.path, ())
        if one.get("id") == turn.after["id"] and one.get("role") == turn.after.get("role")
    ]
    likely = [(path, one) for path, one in there if path == turn.path or one == turn.after]
    likely.sort(key=lambda found: (found[1] != turn.after, found[0] != turn.path))
    return likely[0] if likely else None


def _at(value: Any, path: tuple[Step, ...], behind: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Body]]:
    """Every object that lies under the path, whatever its places in lists."""
    if not path:
        if isinstance(value, dict):
            yield behind, value
    elif isinstance(path[0], str):
        if isinstance(value, dict) and path[0] in value:
            yield from _at(value[path[0]], path[1:], (*behind, path[0]))
    elif isinstance(value, list):
        for step, member in enumerate(value):
            yield from _at(member, path[1:], (*behind, step))
