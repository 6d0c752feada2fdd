"""Services that bear the same name, told apart by what people know first: number, place, account, since when, last the id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.inventory.model import Service
from app.rules.phones import shown_phone
from ui.customer.words import translate
from ui.widgets.ages import day

SHORTEST_TAIL = 4


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one service beside its name; `marks` are those that its row does not show anyway."""

    marks: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def label(self, name: str) -> str:
        """The name with all that tells it from the others."""
        return " · ".join(one for one in (name, *self.shown, *self.marks) if one)


def told_apart(services: Sequence[Service]) -> Mapping[str, Told]:
    """What each service is told apart by: nothing where its name alone does, else no more than it takes."""
    named: dict[str, list[Service]] = {}
    for one in services:
        named.setdefault(one.name, []).append(one)
    return {key: told for alike in named.values() for key, told in _apart(alike).items()}


def _apart(alike: Sequence[Service]) -> dict[str, Told]:
    told = {one.id: Told() for one in alike}
    for words_of, is_shown in (*_TRAITS, (_tail(alike), False)):
        if len({one.label("") for one in told.values()}) == len(alike):
            break
        words = {one.id: words_of(one) for one in alike}
        if len(set(words.values())) > 1:
            told = {key: _with(one, words[key], is_shown=is_shown) for key, one in told.items()}
    return told


def _with(told: Told, words: str, *, is_shown: bool) -> Told:
    return Told(told.marks, (*told.shown, words)) if is_shown else Told((*told.marks, words), told.shown)


def _number(service: Service) -> str:
    return shown_phone(service.number)


def _place(service: Service) -> str:
    return service.place


def _account(service: Service) -> str:
    return translate("customer", "account {id}").format(id=service.account) if service.account else ""


def _since(service: Service) -> str:
    return translate("customer", "since {day}").format(day=day(service.since)) if service.since else ""


def _tail(alike: Sequence[Service]) -> Callable[[Service], str]:
    """The last signs of the id, as few as differ."""
    longest = max(len(one.id) for one in alike)
    fits = (size for size in range(SHORTEST_TAIL, longest) if len({one.id[-size:] for one in alike}) == len(alike))
    size = next(fits, longest)
    return lambda one: f"…{one.id[-size:]}" if size < len(one.id) else one.id


# What people know first comes first; number and place stand in the row already.
_TRAITS: tuple[tuple[Callable[[Service], str], bool], ...] = (
    (_number, True),
    (_place, True),
    (_account, False),
    (_since, False),
)
