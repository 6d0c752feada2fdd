"""The tables of the back office. A change here needs a new `SCHEMA_VERSION`."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

SCHEMA_VERSION: Final = 1

metadata = MetaData()

meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

sequence = Table(
    "sequence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

document = Table(
    "document",
    metadata,
    Column("collection", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("revision", BigInteger, nullable=False, unique=True),
    Column("body", Text),  # NULL once deleted: a tombstone keeps nothing of what it stands for
    Column("deleted", Boolean, nullable=False),
)

attribute = Table(
    "attribute",
    metadata,
    Column("collection", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", String, primary_key=True),
    Column("id", String, primary_key=True),
    sqlite_with_rowid=False,
)

command = Table(
    "command",
    metadata,
    Column("device", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("sequence", BigInteger),
    Column("status", Integer, nullable=False),
    Column("collection", String, nullable=False),
    Column("id", String, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("answer", Text),  # the body that was answered, so that the first answer can be given again
    Index("command_by_sequence", "device", "sequence"),
)

device = Table(
    "device",
    metadata,
    Column("id", String, primary_key=True),
    Column("acknowledged", BigInteger, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("password", String),  # an Argon2id hash; NULL for who cannot sign in with a password
)

token = Table(
    "token",
    metadata,
    Column("hash", String, primary_key=True),
    Column("staff", String, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("device", String),
    Column("expires", BigInteger, nullable=False),  # Unix seconds
)
