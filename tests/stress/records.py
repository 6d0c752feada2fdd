"""What the processes of a run tell each other: lines of JSON."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec


class WriterOrder(msgspec.Struct):
    """What one writer does, and where."""

    urls: list[str]
    seed: int
    number: int
    writes: int
    shared_tickets: int


class FollowerOrder(msgspec.Struct):
    """Whom a follower asks, from which cursor, with which token (none: without)."""

    urls: list[str]
    seed: int
    cursor: str
    token: str | None = None


class Told(msgspec.Struct, tag=True):
    """A final answer to one sending of an act; `tries` is how often it had to be sent. `amount` and `target` are the act's."""

    key: str
    kind: str
    target: str
    amount: int
    status: int
    id: str
    revision: int
    is_replay: bool
    tries: int


class Pulled(msgspec.Struct, tag=True):
    """A page of the feed as a follower applied it: names and revisions, and what was wrong with it."""

    cursor: int
    more: bool
    changes: list[tuple[str, int]]
    problems: list[str]


class Held(msgspec.Struct, tag=True):
    """What a follower holds at the end: revision and digest of everything alive, and the names of all tombstones it saw."""

    records: dict[str, tuple[int, str]]
    tombstones: list[str]


def line_of(record: msgspec.Struct) -> str:
    """A record as one line."""
    return msgspec.json.encode(record).decode()


def name_of(collection: str, record_id: str) -> str:
    """How records are named in reports."""
    return f"{collection}/{record_id}"


def digest_of(body: Any) -> str:
    """The same for the same JSON, however it is spelled."""
    return hashlib.sha256(msgspec.json.encode(body, order="sorted")).hexdigest()[:32]


def counted(name: str, revision: int) -> int:
    """What a record counts in the checksum of the feed; written anew here, from the words of the protocol."""
    return int.from_bytes(hashlib.sha256(f"{name}/{revision}".encode()).digest()[:8])
