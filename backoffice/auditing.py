"""Who changed what, when: one entry for each transaction that changes something, each chained to the one before it.

An entry that was changed, removed or put in later is found by `verify`; so is a cut end, as far as revisions were given out
in it. Who notes the head from time to time, outside of the database, also finds a chain that was written anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, bindparam, insert, select

from backoffice import schema
from backoffice.prepared import all_of, do_each, first_of

_audit = schema.audit.c
_newest = select(_audit.number, _audit.chain).order_by(_audit.number.desc()).limit(1)
_sequence = select(schema.sequence.c.value)
_entry = select(_audit.revision, _audit.by, _audit.act).where(_audit.number == bindparam("number"))
_insert = insert(schema.audit)
_IN_CHAIN = tuple(column for column in schema.audit.columns if column.name != "chain")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who does what to what; the defaults are those of programs that write many records at once."""

    author: str = "program"
    by: str = "program"
    act: str = "load"
    subject: str = ""


_LOAD: Final = Signature()


@dataclass(frozen=True, slots=True)
class Trail:
    """How many entries there are, the chain's value at the last, and what is wrong with them."""

    entries: int
    head: str
    problems: tuple[str, ...]


def sign(connection: Connection, signature: Signature, now: datetime) -> None:
    """Add an entry. The caller has the turn at the sequence, so that entries are in the order of commits."""
    sign_each(connection, [(signature, all_of(connection, _sequence)[0][0])], now)


def sign_each(connection: Connection, entries: Sequence[tuple[Signature, int]], now: datetime) -> None:
    """Add an entry for each signature, with the last revision that was given out for it; in order, as with `sign`."""
    if not entries:
        return
    number, chain = first_of(connection, _newest) or (0, "")
    rows: list[dict[str, Any]] = []
    for step, (signature, revision) in enumerate(entries, 1):
        values: dict[str, Any] = {
            "number": number + step,
            "at": int(now.timestamp() * 1000),
            "author": signature.author,
            "by": signature.by,
            "act": signature.act,
            "subject": signature.subject,
            "revision": revision,
        }
        chain = _link(chain, list(values.values()))
        rows.append({**values, "chain": chain})
    do_each(connection, _insert, rows)


def loaded(connection: Connection, revisions: Collection[int]) -> set[int]:
    """Those of the revisions that a program gave out which writes many records at once, as an import does."""
    found: set[int] = set()
    number, last = 1, (first_of(connection, _newest) or (0, ""))[0]
    until, is_load = 0, False
    for revision in sorted(revisions):
        if revision > until:
            number = _entry_of(connection, revision, number, last)
            until, *doing = first_of(connection, _entry, {"number": number}) or (revision, "", "")
            is_load = doing == [_LOAD.by, _LOAD.act]
        found |= {revision} if is_load else set()
    return found


def _entry_of(connection: Connection, revision: int, first: int, last: int) -> int:
    """The number of the entry in whose transaction a revision was given out: both ascend."""
    while first < last:
        middle = (first + last) // 2
        reached = first_of(connection, _entry, {"number": middle})
        first, last = (first, middle) if reached and reached[0] >= revision else (middle + 1, last)
    return first


def wait_for_turn(connection: Connection) -> None:
    """For those who sign without having taken a revision: be the only one who does either."""
    connection.execute(_sequence.with_for_update())


def author_of(connection: Connection, by: str, subject: str) -> str:
    """The name of who last did something to it at a desk; empty where that is not known. Looked for from the newest."""
    done = (
        select(_audit.author).where(_audit.by == by, _audit.subject == subject).order_by(_audit.number.desc()).limit(1)
    )
    names = select(schema.staff.c.name).where(schema.staff.c.id == done.scalar_subquery())
    return connection.scalar(names) or ""


def trail_of(connection: Connection) -> Trail:
    """Follow the chain from its beginning to the sequence."""
    problems: list[str] = []
    number, revision, chain = 0, 0, ""
    entries = connection.execute(select(schema.audit).order_by(_audit.number), execution_options={"yield_per": 2000})
    for entry in entries:
        problems += _wrong_with(entry, number + 1, revision, chain)
        number, revision, chain = entry.number, entry.revision, entry.chain
    if revision != (sequence := connection.scalars(_sequence).one()):
        problems.append(f"audit: it ends at revision {revision}, the sequence is at {sequence}")
    return Trail(number, chain, tuple(problems))


def _wrong_with(entry: Row[Any], expected: int, revision: int, chain: str) -> Iterator[str]:
    if entry.number != expected:
        yield f"audit {expected}: it is missing"
    elif entry.chain != _link(chain, [getattr(entry, column.name) for column in _IN_CHAIN]):
        yield f"audit {entry.number}: it was changed"
    if entry.revision < revision:
        yield f"audit {entry.number}: its revision is lower than the one before"


def _link(chain: str, values: list[Any]) -> str:
    return hashlib.sha256(msgspec.json.encode([chain, *values])).hexdigest()
