"""The tables of a mirror: one per collection with the resource as it came, and the columns that queries need."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Column, Index, Integer, MetaData, Table, Text

from app.core import wire

SCHEMA_VERSION = 5

tables = MetaData()
Body = Mapping[str, Any]

meta = Table("meta", tables, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

# Every identifier under which something is found. `key` is folded; a last-four key is a reversed number behind a "~".
lookup = Table(
    "lookup", tables,
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("collection", Text, nullable=False),
    Column("id", Text, nullable=False),
)  # fmt: skip

# The same of customers of whom this desk holds an index row only; apart, so that whoever is held in full is found first.
far_lookup = Table(
    "far_lookup", tables,
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
)  # fmt: skip

# Which services a service problem hits.
problem_service = Table(
    "problem_service", tables,
    Column("problem_id", Text, nullable=False),
    Column("service_id", Text, nullable=False),
)  # fmt: skip

# Customers outside the home who are held in full as somebody opened them; `turn` ascends in the order in
# which they were looked at last.
opened = Table(
    "opened", tables,
    Column("turn", Integer, primary_key=True),
    Column("customer_id", Text, nullable=False, unique=True),
)  # fmt: skip

# What head office has deleted, so that an older revision that comes late does not bring it back.
gone = Table(
    "gone", tables,
    Column("collection", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
)  # fmt: skip

NAME_INDEX = (
    "CREATE VIRTUAL TABLE name_index USING fts5("
    "words, content='', contentless_delete=1, prefix='1 2 3', tokenize='unicode61 remove_diacritics 0')"
)

PLACE_INDEX = (
    "CREATE VIRTUAL TABLE place_index USING fts5("
    "words, content='', contentless_delete=1, prefix='2 3', tokenize='unicode61 remove_diacritics 0')"
)

# What stands within a word of Latin letters: Chinese is found by its characters, and a number by its ends.
PART_INDEX = "CREATE VIRTUAL TABLE part_index USING fts5(words, content='', contentless_delete=1, tokenize='trigram')"

FAR_INDEX = (
    "CREATE VIRTUAL TABLE far_index USING fts5("
    "words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0')"
)
CUSTOMER_WORDS = {"name_index": NAME_INDEX, "place_index": PLACE_INDEX, "part_index": PART_INDEX}
WORD_INDEXES = {**CUSTOMER_WORDS, "far_index": FAR_INDEX}
INDEX = "customerIndex"  # of each customer outside the desk's home what they are found by


def _customer_of(body: Body) -> str:
    return wire.related(body, "relatedParty", "customer")


def _party_of(body: Body) -> str:
    return wire.text(wire.child(body, "engagedParty"), "id")


@dataclass(frozen=True, slots=True)
class Collection:
    """A replicated collection: its table, how one extracted column is read from the resource, and what reads the attributes
    that any query needs."""

    name: str
    table: Table
    owner: Callable[[Body], str]
    wanted: msgspec.json.Decoder[msgspec.Struct]

    def read(self, text: str) -> Body:
        """Those attributes: to read all of a record takes three times as long. Raises ValueError or RecursionError."""
        try:
            return msgspec.structs.asdict(self.wanted.decode(text))
        except (msgspec.DecodeError, UnicodeError):  # such as half a character, which the standard library lets pass
            body = json.loads(text)
        if not isinstance(body, dict):
            raise ValueError
        return body


def _collection(name: str, owner: Callable[[Body], str], *wanted: str) -> Collection:
    table = Table(
        name, tables,
        Column("row", Integer, primary_key=True),
        Column("id", Text, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("owner", Text, nullable=False),  # the customer it belongs to; for a customer its party
        Column("body", Text, nullable=False),
    )  # fmt: skip
    read = msgspec.defstruct(f"_{name}", [(attribute, Any, None) for attribute in wanted])
    return Collection(name, table, owner, msgspec.json.Decoder(read))


COLLECTIONS: dict[str, Collection] = {
    one.name: one
    for one in (
        _collection("individual", lambda _: "", "individualIdentification"),
        _collection("organization", lambda _: "", "organizationIdentification"),
        _collection("customer", _party_of, "engagedParty", "name", "contactMedium", "status"),
        _collection("billingAccount", _customer_of, "relatedParty"),
        _collection("product", _customer_of, "relatedParty"),
        _collection("service", _customer_of, "relatedParty", "serviceCharacteristic"),
        _collection("productOrder", _customer_of, "relatedParty"),
        _collection("troubleTicket", _customer_of, "relatedParty"),
        _collection("serviceProblem", lambda _: "", "affectedService"),
        _collection(INDEX, lambda _: "", "name", "status", "territory", "phones", "accounts"),
    )
}

# Made after the rows of a snapshot: 75,000 customers a second that way, 18,000 the other.
INDEXES: tuple[Index, ...] = (
    *(Index(f"{name}_by_owner", one.table.c.owner) for name, one in COLLECTIONS.items()),
    Index("lookup_by_key", lookup.c.key),
    Index("lookup_by_thing", lookup.c.collection, lookup.c.id),
    Index("far_lookup_by_key", far_lookup.c.key),
    Index("far_lookup_by_customer", far_lookup.c.customer_id),
    Index("problem_service_by_problem", problem_service.c.problem_id),
    Index("problem_service_by_service", problem_service.c.service_id),
    Index("gone_by_thing", gone.c.collection, gone.c.id, unique=True),
)
BY_ID: dict[str, Index] = {
    name: Index(f"{name}_by_id", one.table.c.id, unique=True) for name, one in COLLECTIONS.items()
}
