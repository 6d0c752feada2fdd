"""Under which keys a record is found: identifiers, numbers in every spelling, names in every script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.core import wire
from app.customers.model import MatchKind
from app.customers.wire import addresses_in
from app.rules.folding import digits_in, folded, words_as_written, words_in
from app.rules.han import is_han, readings
from app.rules.phones import phone_keys

Body = Mapping[str, Any]
Key = tuple[str, MatchKind, str]  # key, why it matched, customer id
LAST_FOUR = "LAST FOUR "  # in capitals: no folded key or query begins like that
SHORTEST_PART = 3  # signs, which is what a trigram is
_SHORTEST_NUMBER = 4


def keys_of(collection: str, entity_id: str, body: Body, owner: str, region: str) -> Iterator[Key]:
    """The lookup keys of a record; `owner` is the customer it belongs to."""
    match collection:
        case "customer":
            yield folded(entity_id), MatchKind.CUSTOMER, entity_id
            for medium in wire.children(body, "contactMedium"):
                number = wire.text(wire.child(medium, "characteristic"), "phoneNumber")
                yield from _number_keys(number, entity_id, region)
        case "customerIndex":
            yield from _far_keys(entity_id, body, region)
        case "billingAccount":
            yield folded(entity_id), MatchKind.ACCOUNT, owner
        case "service":
            told = wire.characteristics(body, "serviceCharacteristic")
            yield from _number_keys(told.get("number", ""), owner, region)
            if card := folded(told.get("iccid", "")):
                yield card, MatchKind.CARD, owner
        case "productOrder":
            yield folded(entity_id), MatchKind.ORDER, owner
        case "troubleTicket":
            yield folded(entity_id), MatchKind.TICKET, owner
        case "individual" | "organization":
            for document in wire.children(body, f"{collection}Identification"):
                if number := folded(wire.text(document, "identificationId")):
                    yield number, MatchKind.DOCUMENT, ""


def _far_keys(customer_id: str, body: Body, region: str) -> Iterator[Key]:
    """Those of an index row."""
    yield folded(customer_id), MatchKind.CUSTOMER, customer_id
    for number in wire.texts(body, "phones"):
        yield from _number_keys(number, customer_id, region)
    for account in wire.texts(body, "accounts"):
        yield folded(account), MatchKind.ACCOUNT, customer_id


def name_words(name: str) -> str:
    """The words under which a name is found: its own, each Han character, full pinyin and initials."""
    han = [word for word in words_as_written(name) if is_han(word[0])]
    return " ".join([*words_in(name), *_pinyin_words(han)])


def part_words(name: str) -> str:
    """The words of a name within which a part of a word can be found."""
    return " ".join(word for word in words_in(name) if len(word) >= SHORTEST_PART and not is_han(word[0]))


def place_words(body: Body) -> str:
    """The words under which a customer is found by where they live."""
    return " ".join(words_in(" ".join(addresses_in(body))))


def _number_keys(number: str, owner: str, region: str) -> Iterator[Key]:
    if len(digits_in(number)) < _SHORTEST_NUMBER:
        return
    if any(sign.isalpha() for sign in number):  # an access number such as FB30000001 is typed as it is printed
        yield folded(number), MatchKind.PHONE, owner
    keys = sorted(phone_keys(number, region), key=lambda key: (len(key), key))
    for key in keys:
        yield key, MatchKind.PHONE, owner
    if keys:
        yield LAST_FOUR + keys[0][::-1], MatchKind.LAST_FOUR, owner


def _pinyin_words(han: list[str]) -> list[str]:
    """Each syllable, and the whole name in full and by initials; the first character, a surname, in each of its readings."""
    if not han:
        return []
    syllables = [_usual(sign) for sign in han]
    firsts = readings(han[0]) or ("",)
    names = (first + "".join(syllables[1:]) for first in firsts)
    initials = (first[:1] + "".join(one[:1] for one in syllables[1:]) for first in firsts)
    return list(dict.fromkeys(one for one in (*firsts, *syllables, *names, *initials) if one))


def _usual(sign: str) -> str:
    return next(iter(readings(sign)), "")
