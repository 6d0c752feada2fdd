"""The audit chain: each entry's value covers the one before, so a removed or changed entry shows."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import Connection, delete, insert, select

from local_cache.journal_schema import audit
from local_cache.prepared import Prepared

START = "0" * 64
RESTARTED = "chain restarted"
_NEWEST = Prepared(select(audit.c.chain).order_by(audit.c.sequence.desc()).limit(1))
_ADD = Prepared(insert(audit), "at", "author", "act", "subject", "digest", "chain")


def chained(previous: str, at: str, author: str, act: str, subject: str, digest: str) -> str:
    """The chain value of an entry behind `previous`."""
    return hashlib.sha256(json.dumps([previous, at, author, act, subject, digest]).encode()).hexdigest()


def append(connection: Connection, at: str, author: str, act: str, subject: str, content: str) -> None:
    """Add an entry in the caller's transaction; of `content` only the digest is kept."""
    previous = _NEWEST.value(connection) or START
    digest = hashlib.sha256(content.encode()).hexdigest()
    chain = chained(previous, at, author, act, subject, digest)
    _ADD.do(connection, at=at, author=author, act=act, subject=subject, digest=digest, chain=chain)


def restart(connection: Connection, at: str, why: str) -> None:
    """Begin the chain anew behind entries that no longer fit, saying why; the old file holds what there was."""
    connection.execute(delete(audit))
    append(connection, at, "desk", RESTARTED, why, "")


def first_break(connection: Connection) -> int | None:
    """The number of the first entry that is changed, removed or cut off, None where the chain holds."""
    previous, expected = START, 0
    for row in connection.execute(select(audit).order_by(audit.c.sequence)).all():
        begins = not expected and (row.sequence == 1 or row.act == RESTARTED)
        fits = row.chain == chained(previous, row.at, row.author, row.act, row.subject, row.digest)
        if not fits or not (begins or row.sequence == expected):
            return expected or (row.sequence if begins else 1)
        previous, expected = row.chain, row.sequence + 1
    last = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").scalar() or 0
    return None if last < max(expected, 1) else max(expected, 1)
