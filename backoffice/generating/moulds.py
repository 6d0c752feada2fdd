"""Documents of which most is always the same: encoded once, then only their holes are filled.

A mould is made of a whole document in which `hole("customer")` stands where each customer's own id belongs. What it costs to
build, encode and take apart a document is paid once for thousands of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any, Final

from backoffice.attributes import found_at, written
from backoffice.bulk import complete
from backoffice.documents import Document, to_json
from backoffice.owning import place_of
from backoffice.resources import RESOURCES, Holds

Facts = dict[str, str]
Column = tuple[str, str, int]  # collection, path, and the how-manieth value of the document there
_HOLE: Final = re.compile(r'"bare-(\w+)-"|hole-(\w+)-')


def hole(name: str) -> str:
    """Text that every document has of its own; what fills it must need no escaping in JSON."""
    return f"hole-{name}-"


def bare(name: str) -> Any:
    """Like `hole`, for a number."""
    return f"bare-{name}-"


class Mould:
    """One kind of document with holes.

    `same` are its columns without any, `various` those that a hole fills, as `held` takes them from facts, `owners` and the
    number columns among them told apart.
    """

    def __init__(self, document: Document) -> None:
        body = complete(document)
        text = to_json(body)
        self.collection = document.collection
        self.id = _hole_in(document.id)
        self._text = _HOLE.sub("%b", text.replace("%", "%%")).encode()
        self._take: Callable[[Facts], tuple[str, ...]] = itemgetter(*_holes(text))
        self.is_owned = bool(RESOURCES[document.collection].owners)
        owners = place_of(document.collection, document.id, body, _Alone()).owners
        self.owners = sorted((one.partition("/")[0] + "/", _hole_in(one)) for one in owners)
        self.same: list[tuple[str, str, str]] = []
        self.various: list[tuple[Column, Holds, str]] = []
        for one in RESOURCES[document.collection].filters:
            self._declare(one.path, one.holds, dict.fromkeys(found_at(body, one.steps)))
        names = [*(name for _, name in self.owners), *(name for *_, name in self.various)]
        self.held: Callable[[Facts], tuple[str, ...]] = itemgetter(self.id, *(names or [self.id]))

    def pour(self, facts: Facts) -> bytes:
        """The document with its holes filled, as JSON."""
        return self._text % tuple(map(str.encode, self._take(facts)))

    def _declare(self, path: str, holds: Holds, values: Iterable[Any]) -> None:
        for turn, value in enumerate(values):
            if _holes(to_json(value)):
                self.various.append(((self.collection, path, turn), holds, _hole_in(value)))
            elif kept := written(value, holds):
                self.same.append((self.collection, path, kept))


class _Alone:
    """The neighbourhood of a document of one customer: everything in it is that customer's."""

    def owners_of_account(self, account: str) -> Iterable[str]:
        del account
        return [hole("customer")]

    def customers_naming(self, party: str) -> Iterable[str]:
        del party
        return [hole("customer")]

    def territories_of(self, customers: Iterable[str]) -> Mapping[str, str]:
        del customers
        return {}


def _holes(text: str) -> list[str]:
    return [bare_name or name for bare_name, name in _HOLE.findall(text)]


def _hole_in(value: str) -> str:
    """The one hole that is all of a value, behind an owner's kind at most. Raises ValueError."""
    found = re.fullmatch(r"(?:\w+/)?(?:bare|hole)-(\w+)-", value)
    if found is None:
        raise ValueError(f"A declared column is filled by one hole alone, not by {value}.")
    return found[1]
