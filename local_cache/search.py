"""The box on the mirror: identifiers by b-tree, names by full-text index, exact hits first.

It asks the driver itself: each key asks some ten to thirty small questions, and SQLAlchemy takes longer over one than SQLite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.core import wire
from app.customers.model import MatchKind, SearchHit
from app.customers.wire import addresses_in, contacts_from
from app.rules.folding import digits_in, folded, phrases_in, words_in
from app.rules.han import is_han
from app.rules.phones import phone_keys
from local_cache.mirror_schema import COLLECTIONS, INDEX
from local_cache.search_keys import LAST_FOUR, SHORTEST_PART

_CANDIDATES = 60  # of each kind of match; a reader that is asked for fewer rows knows from them that there are more
_LONGEST = 80  # characters of a query that can still be an identifier or a name
_LAST_FOUR_DIGITS = 4
_FEWEST_DIGITS = 3
_SHORTEST_PLACE = 2  # one letter begins half of all addresses

_PRINTED = (MatchKind.TICKET, MatchKind.CUSTOMER, MatchKind.ACCOUNT, MatchKind.ORDER)  # shown as printed, not as folded
_BY_KEY = "SELECT key, kind, customer_id, collection, id FROM main.lookup WHERE key >= ? AND key < ? ORDER BY key"
_FAR_BY_KEY = f"""
SELECT key, kind, customer_id, '{INDEX}' AS collection,
    CASE kind WHEN '{MatchKind.ACCOUNT}' THEN key ELSE customer_id END AS id
FROM main.far_lookup WHERE key >= ? AND key < ? ORDER BY key
"""  # noqa: S608 - our own names
_FAR_BY_NAME = f"""
SELECT c.id FROM main.far_index n JOIN main."{INDEX}" c ON c.row = n.rowid WHERE n.words MATCH ? ORDER BY n.rowid LIMIT ?
"""  # noqa: S608 - our own name
_FAR = f'SELECT body FROM main."{INDEX}" WHERE id = ?'  # noqa: S608 - our own name
_BY_WORDS = """
SELECT c.id AS customer_id FROM main.{index} n JOIN main.customer c ON c.row = n.rowid
WHERE n.words MATCH ? ORDER BY n.rowid LIMIT ?
"""
_BY_NAME, _BY_PLACE, _BY_PART = (_BY_WORDS.format(index=index) for index in ("name_index", "place_index", "part_index"))
_CUSTOMER_OF_PARTY = "SELECT id FROM main.customer WHERE owner = ?"
_CUSTOMER = "SELECT body FROM main.customer WHERE id = ?"
_NUMBERED = "SELECT server_id, customer_id FROM journal.effect WHERE collection = 'troubleTicket' AND server_id <> ''"


class _Key(NamedTuple):
    key: str
    kind: str
    customer_id: str
    collection: str
    id: str


@dataclass(frozen=True, slots=True)
class _Found:
    customer_id: str
    match: MatchKind
    matched: str
    is_exact: bool
    ticket_id: str = ""


def search(connection: Connection, typed: str, limit: int, region: str) -> list[SearchHit]:
    """At most `limit` rows for what was typed; whatever it is, it is only text."""
    driver: Any = connection.connection.driver_connection
    wanted = folded(typed.strip()[:_LONGEST])[:_LONGEST]
    found: dict[tuple[str, str], _Found] = {}
    candidates = chain(_candidates(driver, wanted, region), _far_candidates(driver, wanted, region))
    for one in sorted(candidates, key=lambda each: not each.is_exact):
        found.setdefault((one.customer_id, "" if one.customer_id else one.ticket_id), one)
    hits = (hit for one in found.values() if (hit := _hit(driver, one)) is not None)
    return list(islice(hits, limit))


def _candidates(driver: Any, wanted: str, region: str) -> Iterator[_Found]:
    if not wanted:
        return
    yield from _by_key(driver, _BY_KEY, wanted, wanted)
    yield from _just_made(driver, wanted)
    digits = digits_in(wanted)
    yield from _by_number(driver, _BY_KEY, wanted, region)
    named = _matching(driver, _BY_NAME, words_in(wanted))
    yield from (_Found(one, MatchKind.NAME, wanted, is_exact=False) for one in named)
    if len(named) < _CANDIDATES and len(wanted) >= _SHORTEST_PLACE and digits != wanted:
        living_there = _matching(driver, _BY_PLACE, phrases_in(wanted))
        yield from (_Found(one, MatchKind.PLACE, wanted, is_exact=False) for one in living_there)
    if len(named) < _CANDIDATES and (parts := _parts_in(wanted)):
        within = _firsts(driver, _BY_PART, (parts, _CANDIDATES))
        yield from (_Found(one, MatchKind.NAME, wanted, is_exact=False) for one in within)


def _far_candidates(driver: Any, wanted: str, region: str) -> Iterator[_Found]:
    """Those of whom this desk holds an index row only: by numbers, and by what it may know of their names."""
    if not wanted:
        return
    yield from _by_key(driver, _FAR_BY_KEY, wanted, wanted)
    yield from _by_number(driver, _FAR_BY_KEY, wanted, region)
    named = _matching(driver, _FAR_BY_NAME, words_in(wanted))
    yield from (_Found(one, MatchKind.NAME, wanted, is_exact=False) for one in named)
    if firsts := _cut_as_the_index_is(wanted):
        query = " ".join(f'"{one}"' for one in firsts)
        perhaps = _firsts(driver, _FAR_BY_NAME, (query, _CANDIDATES))
        yield from (_Found(one, MatchKind.POSSIBLE, wanted, is_exact=False) for one in perhaps)


def _cut_as_the_index_is(wanted: str) -> list[str]:
    """What the index would hold of a name: the first sign of each word, of a Chinese one only where it begins the name.

    Nothing where a number was typed, or so little of a name that it would be shown as that.
    """
    words = [found for one in wanted.split() if (found := words_in(one))]
    if not words or any(sign.isdigit() for sign in wanted):
        return []
    if not is_han(words[0][0][0]) and len(wanted) < SHORTEST_PART:
        return []
    firsts = [word[0][0] for turn, word in enumerate(words) if not (turn and is_han(word[0][0]))]
    return [] if wanted.split() == firsts else firsts


def _by_number(driver: Any, question: str, wanted: str, region: str) -> Iterator[_Found]:
    """By what was typed as a number: in any spelling, or its last four digits."""
    digits = digits_in(wanted)
    if len(digits) < _FEWEST_DIGITS or any(sign.isalpha() for sign in wanted):
        return
    for key in sorted({digits, *phone_keys(wanted, region)} - {wanted}):
        yield from _by_key(driver, question, key, digits)
    if len(digits) == _LAST_FOUR_DIGITS:
        yield from _by_key(driver, question, LAST_FOUR + digits[::-1], digits)


def _by_key(driver: Any, question: str, key: str, shown: str) -> Iterator[_Found]:
    seen: set[str] = set()
    with closing(driver.execute(question, (key, key + "\U0010ffff"))) as rows:
        for row in map(_Key._make, rows):
            for owner in _owners(driver, row):
                if (owner or row.id) not in seen:
                    yield _found(row, owner, key, shown)
                    seen.add(owner or row.id)
            if len(seen) >= _CANDIDATES:  # people, not numbers: one company may hold hundreds in a row
                return


def _found(row: _Key, owner: str, key: str, shown: str) -> _Found:
    kind = MatchKind(row.kind)
    is_exact = row.key == key and kind is not MatchKind.LAST_FOUR
    matched = shown if kind is MatchKind.LAST_FOUR else row.id if kind in _PRINTED else row.key.upper()
    return _Found(owner, kind, matched, is_exact, row.id if row.collection == "troubleTicket" else "")


def _just_made(driver: Any, wanted: str) -> Iterator[_Found]:
    """Tickets that head office has numbered, but that the mirror may not hold yet."""
    for number, customer_id in driver.execute(_NUMBERED).fetchall():
        key = folded(number)
        if key.startswith(wanted):
            yield _Found(customer_id, MatchKind.TICKET, number, key == wanted, number)


def _owners(driver: Any, row: _Key) -> list[str]:
    """The customers of a looked-up thing; a ticket may be nobody's."""
    if row.collection in ("individual", "organization"):
        return _firsts(driver, _CUSTOMER_OF_PARTY, (row.id,))
    return [row.customer_id] if row.customer_id or row.collection == "troubleTicket" else []


def _matching(driver: Any, question: str, phrases: list[str]) -> list[str]:
    """The customers that have all of these, the last one as a beginning."""
    if not phrases:
        return []
    query = " ".join(f'"{one}"' for one in phrases) + "*"
    return _firsts(driver, question, (query, _CANDIDATES))


def _firsts(driver: Any, question: str, values: tuple[object, ...]) -> list[str]:
    """The first column of all rows."""
    return [first for first, *_ in driver.execute(question, values)]


def _parts_in(wanted: str) -> str:
    """The question for names that have all of these within their words; empty where one is too short to tell."""
    words = words_in(wanted)
    is_long = all(len(word) >= SHORTEST_PART and not is_han(word[0]) and not word.isdigit() for word in words)
    return " ".join(f'"{word}"' for word in words) if is_long else ""


def _hit(driver: Any, found: _Found) -> SearchHit | None:
    held = _firsts(driver, _CUSTOMER, (found.customer_id,))
    if not held and (far := _firsts(driver, _FAR, (found.customer_id,))):
        return _far_hit(found, COLLECTIONS[INDEX].read(far[0]))
    if not held:  # a ticket may be nobody's, or that of somebody whom this desk does not hold
        ticket = SearchHit("", "", "", "", "", found.match, found.matched, found.is_exact, found.ticket_id)
        return ticket if found.ticket_id else None
    body = COLLECTIONS["customer"].read(held[0])
    contacts = contacts_from(body)
    phone = digits_in(contacts.phones[0]) if contacts.phones else ""
    matched = _place(body, found.matched) if found.match is MatchKind.PLACE else found.matched
    return SearchHit(
        found.customer_id, wire.text(body, "name"), phone[-_LAST_FOUR_DIGITS:], contacts.district,
        wire.text(body, "status"), found.match, matched, found.is_exact, found.ticket_id,
    )  # fmt: skip


def _far_hit(found: _Found, body: Mapping[str, Any]) -> SearchHit:
    first = next(iter(wire.texts(body, "phones")), "")
    phone = digits_in(found.matched if found.match in (MatchKind.PHONE, MatchKind.LAST_FOUR) else first)
    matched = found.matched
    if found.match is MatchKind.ACCOUNT:
        matched = next((one for one in wire.texts(body, "accounts") if folded(one) == matched), matched)
    return SearchHit(
        found.customer_id, wire.text(body, "name"), phone[-_LAST_FOUR_DIGITS:], wire.text(body, "territory"),
        wire.text(body, "status"), found.match, matched, found.is_exact, found.ticket_id, is_elsewhere=True,
    )  # fmt: skip


def _place(body: Mapping[str, Any], wanted: str) -> str:
    """The address that was meant, of several."""
    lines = list(addresses_in(body))
    words = set(words_in(wanted))
    return max(lines, key=lambda line: len(words.intersection(words_in(line))), default="")
