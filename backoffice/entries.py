"""What the index of customers says of one: enough to find them by and to ask for them, and no more of the name than its
first signs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.core import wire
from app.rules.han import is_han
from backoffice.documents import Body, to_json
from backoffice.masking import SIGN
from backoffice.owning import territory_in
from backoffice.parties.marks import survivor_of
from backoffice.scopes import NOWHERE, read

SOURCES: Final = ("customer", "billingAccount", "service")  # the collections that an entry is made of
_MOST: Final = 1_000  # numbers and accounts of one customer: a company may have any number of lines
_MOST_WORDS: Final = 8
_LONGEST: Final = 40


def entry(
    customer_id: str, name: str, status: str, territory: str, numbers: Iterable[str], accounts: Iterable[str]
) -> str:
    """The entry as JSON; `territory` is the name of one."""
    body = {
        "id": customer_id,
        "name": shortened(name),
        "status": status[:_LONGEST],
        "territory": territory,
        "phones": sorted(set(filter(_is_fit, numbers)))[:_MOST],
        "accounts": sorted(accounts)[:_MOST],
    }
    return to_json(body)


def entry_of(customer_id: str, customer: Body, services: Iterable[Body], accounts: Iterable[str]) -> str | None:
    """The entry that follows from a customer's record, services and accounts; None for one who was merged into another."""
    if survivor_of(customer):
        return None
    numbers = [*_contact_numbers(customer), *map(number_of, services)]
    name, status = wire.text(customer, "name"), wire.text(customer, "status")
    return entry(customer_id, name, status, _place(customer), numbers, accounts)


def said_in(collection: str, body: Body) -> object:
    """What an entry takes from one of its sources: while this stays the same, the entry does."""
    if collection == "service":
        return number_of(body)
    if collection == "billingAccount":
        return None  # its id only
    whoever = [body.get(name) for name in ("name", "status")]
    return [*whoever, _place(body), _contact_numbers(body), survivor_of(body)]


def is_full_before(entry: Body, numbers: Iterable[str]) -> bool:
    """Whether an entry has all the numbers that it can hold, and these would stand behind its last: then it stays as it is."""
    phones = entry["phones"]
    return len(phones) == _MOST and not any(_is_fit(one) and one <= phones[-1] for one in numbers)


def _is_fit(number: str) -> bool:
    return 0 < len(number) <= _LONGEST


def shortened(name: str) -> str:
    """A name of which the first sign of each word is left, and of a Chinese one the first character: 张••••, M•••• L••••."""
    words = name.split()[:_MOST_WORDS]
    return " ".join(SIGN if turn and is_han(word[0]) else f"{word[0]}{SIGN}" for turn, word in enumerate(words))


def _place(customer: Body) -> str:
    return "".join(read(territory_in(customer)) - {NOWHERE})


def _contact_numbers(customer: Body) -> list[str]:
    media = wire.children(customer, "contactMedium")
    return [wire.text(wire.child(one, "characteristic"), "phoneNumber") for one in media]


def number_of(service: Body) -> str:
    """The number of a line; empty where it has none."""
    return wire.characteristics(service, "serviceCharacteristic").get("number", "")
