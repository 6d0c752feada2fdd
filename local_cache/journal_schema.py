"""The tables of journal.db, the precious file."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    cast,
    func,
    select,
)

SCHEMA_VERSION = 6
EPOCH = "epoch"  # of the copy in use
PAST_EPOCHS = "past_epochs"  # of those before it, the newest last
OFFICE = "office"  # the back office that the desk works for
LAST_USER = "last_user"  # who signed in last with the line
EARLIER_ACTS = "earlier_offices_acts"  # up to this sequence, acts were for a back office that the desk has left

tables = MetaData()

meta = Table("meta", tables, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

command = Table(
    "command", tables,
    Column("sequence", Integer, primary_key=True),  # this device's own count; AUTOINCREMENT never gives one out twice
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("collection", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("base_tag", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("replaces", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("result_id", Text, nullable=False),
    Column("result_revision", Integer, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("spends", Text, nullable=False, server_default=""),  # a JSON list of kind and item
    Column("seen", Text, nullable=False, server_default=""),  # what the clerk saw, as JSON; empty where nothing merges
    Column("there", Text, nullable=False, server_default=""),  # what it differs from: `app.core.commands.There`, as JSON
    Column("adopted_by", Text, nullable=False, server_default=""),  # who stands for it in the place of its author
    Index("command_by_state", "state", "sequence"),
    Index("command_by_entity", "collection", "entity_id"),
    Index("command_by_result", "collection", "result_id"),
    sqlite_autoincrement=True,
)  # fmt: skip

# What unsent and unsettled commands make of an entity: see `app.sync.effects.Effect`.
effect = Table(
    "effect", tables,
    Column("collection", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("base", Text),
    Column("body", Text, nullable=False),
    Column("command_id", Text, nullable=False),
    Column("server_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("is_gone", Boolean, nullable=False),
    Column("epoch", Text, nullable=False, server_default=""),
)  # fmt: skip

clerk = Table(
    "clerk", tables,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("offline_until", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("signed_in_at", Text, nullable=False),
    Column("pin_hash", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("tried_at", Text, nullable=False),
)  # fmt: skip

audit = Table(
    "audit", tables,
    Column("sequence", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("chain", Text, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

# The blocks of items that this desk may give out: see `app.leases.model.Holding`.
lease = Table(
    "lease", tables,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reported_in", Text, nullable=False),
    Column("expires_at", Text, nullable=False),  # empty while it has not come
    Column("text", Text, nullable=False),
    Column("signature", Text, nullable=False),
)  # fmt: skip

# What is in them. An item that was given out stays for ever, with the command that did.
lease_item = Table(
    "lease_item", tables,
    Column("kind", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("lease", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("value", Text, nullable=False),
    Column("command", Text, nullable=False),  # empty while it is free
    Index("lease_item_by_lease", "lease"),
)  # fmt: skip

# Forms that are begun and not saved: see `app.core.drafts.Draft`. `office` is whose customers they are about.
draft = Table(
    "draft", tables,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("begun_at", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=""),
    Column("place", Text, nullable=False, server_default=""),  # `app.core.drafts.Place`: whether it is on its way
    Column("trouble", Text, nullable=False, server_default=""),
    Index("draft_by_author", "author"),
)  # fmt: skip


# An effect that tells no epoch is from a file in which all were of the copy's.
EFFECTS_OF_THE_COPY = f"""
UPDATE effect SET epoch = coalesce((SELECT value FROM meta WHERE name = '{EPOCH}'), '') WHERE epoch = ''
"""  # noqa: S608 - our own name

# What takes a file of each version to the next one.
STEPS: dict[int, tuple[str, ...]] = {
    1: ("ALTER TABLE effect ADD COLUMN epoch TEXT NOT NULL DEFAULT ''", EFFECTS_OF_THE_COPY),
    2: (
        "ALTER TABLE command ADD COLUMN spends TEXT NOT NULL DEFAULT ''",
        "CREATE TABLE lease (id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, asked INTEGER NOT NULL, "
        "state TEXT NOT NULL, reported_in TEXT NOT NULL, expires_at TEXT NOT NULL, text TEXT NOT NULL, "
        "signature TEXT NOT NULL)",
        "CREATE TABLE lease_item (kind TEXT NOT NULL, item TEXT NOT NULL, lease TEXT NOT NULL, place INTEGER NOT NULL, "
        "value TEXT NOT NULL, command TEXT NOT NULL, PRIMARY KEY (kind, item))",
        "CREATE INDEX lease_item_by_lease ON lease_item (lease)",
    ),
    3: (
        "ALTER TABLE command ADD COLUMN seen TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE command ADD COLUMN there TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE command ADD COLUMN adopted_by TEXT NOT NULL DEFAULT ''",
    ),
    4: (
        "CREATE TABLE draft (id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL, "
        "author TEXT NOT NULL, office TEXT NOT NULL, begun_at TEXT NOT NULL, customer_id TEXT NOT NULL, "
        "customer_name TEXT NOT NULL, body TEXT NOT NULL)",
        "CREATE INDEX draft_by_author ON draft (author)",
    ),
    5: (
        "ALTER TABLE draft ADD COLUMN subject TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE draft ADD COLUMN place TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE draft ADD COLUMN trouble TEXT NOT NULL DEFAULT ''",
    ),
}


def for_this_office() -> ColumnElement[bool]:
    """Only commands of the back office the desk works for now: another one may have given out the same ids."""
    left = select(cast(meta.c.value, Integer)).where(meta.c.name == EARLIER_ACTS).scalar_subquery()
    return command.c.sequence > func.coalesce(left, 0)


def create_all(connection: Connection) -> None:
    """Make everything in an empty file, in the caller's transaction."""
    tables.create_all(connection)
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
