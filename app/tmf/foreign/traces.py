"""What a command leaves behind at a server that keeps no keys: by this it is recognised before anything is sent again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.core.commands import Command, Method
from app.core.wire import children, text
from app.rules.merging import added_to

EXTERNAL_ID: Final = frozenset({"troubleTicket"})  # the collections whose TM Forum API has an `externalId` to ask by
_NOTE, _PARTY = "note", "relatedParty"
Body = Mapping[str, Any]


def with_external_id(command: Command) -> dict[str, Any]:
    """What a creation sends."""
    marked = {"externalId": command.id} if command.collection in EXTERNAL_ID else {}
    return {**command.body, **marked}


def additions(command: Command) -> list[tuple[str, dict[str, Any]]]:
    """What an act adds, each with the list it goes to; a note that is appended carries the command's id as its own."""
    if command.method is Method.CHANGE:
        return [(name, value) for name, values in lists_added_to(command).items() for value in values]
    found = []
    for operation in command.body:
        name = operation["path"].removeprefix("/").removesuffix("/-")
        value = operation["value"]
        found.append((name, {**value, "id": command.id} if name == _NOTE else value))
    return found


def lists_added_to(command: Command) -> dict[str, list[Any]]:
    """The lists that a change sends as its author saw them and with more in them, each with what is more."""
    return added_to(command.collection, command.seen or {}, command.body)


def are_in(body: Body, added: list[tuple[str, dict[str, Any]]]) -> bool:
    """Whether a record shows all of these additions."""
    return all(any(_is_same(name, one, value) for one in children(body, name)) for name, value in added)


def can_be_recognised(added: list[tuple[str, dict[str, Any]]]) -> bool:
    """Whether these additions could be told from somebody else's."""
    return all(name == _PARTY or (name == _NOTE and not {"id", "date"}.isdisjoint(value)) for name, value in added)


def doubled_notes(body: Body) -> Iterator[str]:
    """The ids that several notes of a record have."""
    counted = Counter(text(one, "id") for one in children(body, _NOTE))
    yield from (identity for identity, times in counted.items() if identity and times > 1)


def _is_same(name: str, held: Body, added: Body) -> bool:
    if name == _PARTY:
        return (held.get("id"), held.get("role")) == (added.get("id"), added.get("role"))
    if "id" in added and held.get("id") == added["id"]:
        return True
    # A server may give notes ids of its own. Nobody says the same words twice in one thousandth of a second.
    return all(held.get(part) == added.get(part) for part in ("text", "author", "date")) and "date" in added
