"""The tables of the back office. A change here needs a new `SCHEMA_VERSION`."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.event import listen

from backoffice.dialect import tell_of_changes
from backoffice.views import drop_views, make_views

SCHEMA_VERSION: Final = 8

metadata = MetaData()
_Word = Text().with_variant(Text(collation="C"), "postgresql")  # compared and sorted byte by byte on both engines
_Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite makes only INTEGER keys its own row numbers

meta = Table("meta", metadata, Column("key", _Word, primary_key=True), Column("value", Text, nullable=False))

sequence = Table(
    "sequence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("value", BigInteger, nullable=False),
    Column("heard", Text, nullable=False, server_default=""),  # the APIs that somebody listens to, blank-separated
)

for _told in (meta, sequence):
    tell_of_changes(_told)

document = Table(
    "document",
    metadata,
    Column("row", _Number, primary_key=True, autoincrement=False),  # the revision at which it was made
    Column("collection", _Word, nullable=False),
    Column("id", _Word, nullable=False),
    Column("revision", BigInteger, nullable=False, unique=True),
    Column("territory", _Word, nullable=False),  # see `scopes`
    Column("body", Text),  # NULL once deleted: a tombstone keeps nothing of what it stands for but its territory
    Column("deleted", Boolean, nullable=False),
    UniqueConstraint("collection", "id", name="document_by_id"),
)

# The declared columns by number, so that 40 million attribute rows need not repeat their names.
declared = Table(
    "declared",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("collection", _Word, nullable=False),
    Column("path", _Word, nullable=False),
    UniqueConstraint("collection", "path", name="declared_by_path"),
)

attribute = Table(
    "attribute",
    metadata,
    Column("declared", SmallInteger, primary_key=True, autoincrement=False),
    Column("value", _Word, primary_key=True),  # written so that it sorts as what it stands for, see `attributes`
    Column("row", _Number, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Whose a document is: `customer/C-1`; or what leads to its customer: `billingAccount/A-1`.
belongs = Table(
    "belongs",
    metadata,
    Column("owner", _Word, primary_key=True),
    Column("row", _Number, primary_key=True, autoincrement=False),
    Index("belongs_by_row", "row"),  # whose it was has to be known at every change
    sqlite_with_rowid=False,
)

# A document left a territory or a customer: who sees only that one is told so, and sees it no more. Empty: it was
# everybody's.
departure = Table(
    "departure",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("row", _Number, nullable=False),
    Column("territory", _Word, nullable=False),
)

# Which customers a document was no longer of, with the departure that says so: a copy asks for those whom it has opened.
departed_owner = Table(
    "departed_owner",
    metadata,
    Column("owner", _Word, primary_key=True),
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("row", _Number, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# How many living documents of each collection each territory has, and the sum of their digests (see `sums`).
checksum = Table(
    "checksum",
    metadata,
    Column("territory", _Word, primary_key=True),
    Column("collection", _Word, primary_key=True),
    Column("records", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
)

# Of every customer what a desk may know outside whose home they live (see `indexing`).
customer_index = Table(
    "customer_index",
    metadata,
    Column("id", _Word, primary_key=True),
    Column("revision", BigInteger, nullable=False),  # that of the change that made it so
    Column("territory", _Word, nullable=False),
    Column("body", Text),  # NULL once there is no such customer: merged, or deleted
    Index("customer_index_by_revision", "revision"),
    sqlite_with_rowid=False,
)

command = Table(
    "command",
    metadata,
    Column("device", _Word, primary_key=True),
    Column("key", _Word, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("sequence", BigInteger),
    Column("status", Integer, nullable=False),
    Column("collection", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("answer", Text),  # the body that was answered, so that the first answer can be given again
    Index("command_by_sequence", "device", "sequence"),
    Index("command_by_key", "key"),  # so that what is begun at one desk is not filed at two
    Index("command_by_document", "collection", "id"),  # so that what was answered goes with what was deleted
)

device = Table(
    "device",
    metadata,
    Column("id", _Word, primary_key=True),
    Column("acknowledged", BigInteger, nullable=False),
)

# Two parties that were one: who went into whom, and what undoes it.
party_merge = Table(
    "party_merge",
    metadata,
    Column("id", _Word, primary_key=True),
    Column("collection", _Word, nullable=False),
    Column("keep", _Word, nullable=False),
    Column("merged", _Word, nullable=False),
    Column("staff", Text, nullable=False),
    Column("at", _Word, nullable=False),
    Column("undone", Text),  # when; NULL while they are merged
    Column("territory", _Word, nullable=False),  # of everything that it touched
    Column("marks", Text, nullable=False),  # the records at rest, with what their marks replaced
    Column("documents", Integer, nullable=False),
)

# The references that a merge turned, by the document in which they stand.
party_turn = Table(
    "party_turn",
    metadata,
    Column("merge", _Word, ForeignKey("party_merge.id"), primary_key=True),
    Column("row", _Number, primary_key=True, autoincrement=False),
    Column("turns", Text, nullable=False),
)

# The machines that are desks, by the names IT gives them. Instants are Unix seconds, NULL where that has not happened.
desk = Table(
    "desk",
    metadata,
    Column("name", _Word, primary_key=True),
    Column("device", _Word, unique=True),  # the machine's own id, once it has enrolled
    Column("secret", Text),  # SHA-256, as the code
    Column("code", Text),  # with which a machine may enrol, once
    Column("code_expires", BigInteger),
    Column("enrolled", BigInteger),
    Column("revoked", BigInteger),
    Column("wipe_ordered", BigInteger),
    Column("wipe_told", BigInteger),
    Column("wiped", BigInteger),
)

# The blocks of items that desks hold to give them out (see `leasing`).
lease = Table(
    "lease",
    metadata,
    Column("id", _Word, primary_key=True),
    Column("kind", _Word, nullable=False),
    Column("holder", _Word, nullable=False),  # the machine's own id
    Column("number", BigInteger, nullable=False),  # the higher one was given out later
    Column("epoch", _Word, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("block", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("issued", Text, nullable=False),
    Column("expires", BigInteger, nullable=False),  # Unix seconds
    Column("last", BigInteger, nullable=False),  # the last receipt number in it, 0 if it holds none
    Column("ended", Text),  # how; NULL while its items are out
    Column("reported", Text),
    Index("lease_by_holder", "holder"),
)

lease_item = Table(
    "lease_item",
    metadata,
    Column("kind", _Word, primary_key=True),
    Column("item", _Word, primary_key=True),  # so that nothing can be on two leases
    Column("lease", _Word, ForeignKey("lease.id"), nullable=False),
    Column("spent", Text),  # by which command; then for ever
    Index("lease_item_by_lease", "lease"),
)

# The public keys of the desks of each hall: what is parked there is sealed to them, so that the back office cannot read it.
# A desk at which people of several halls sign in belongs to each of them.
hall_desk = Table(
    "hall_desk",
    metadata,
    Column("device", _Word, primary_key=True),
    Column("hall", _Word, primary_key=True),
    Column("key", Text, nullable=False),
    Column("told", BigInteger, nullable=False),  # Unix seconds, as all of these
    Index("hall_desk_by_hall", "hall", "told"),
)

# Drafts that were parked at a hall (see `parking`). Who took one has it; the entry stays for a while without its box.
parked_draft = Table(
    "parked_draft",
    metadata,
    Column("id", _Word, primary_key=True),  # that of the command which will come of it
    Column("hall", _Word, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("box", Text, nullable=False),
    Column("author", _Word, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("device", _Word, nullable=False),
    Column("parked", BigInteger, nullable=False),
    Column("holder", _Word),  # the desk that has claimed or taken it
    Column("holder_name", Text, nullable=False, server_default=""),  # of who did so there
    Column("claimed", BigInteger),
    Column("taken", BigInteger),
    Index("parked_draft_by_hall", "hall", "parked"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", _Word, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password", Text),  # an Argon2id hash; NULL for who cannot sign in with a password
    Column("territories", Text),  # as `scopes.written` has them; NULL: all of them
    Column("party", Text, nullable=False, server_default=""),  # the customer whose own system this is, if it is one
    Column("department", Text, nullable=False, server_default=""),
)

token = Table(
    "token",
    metadata,
    Column("hash", _Word, primary_key=True),
    Column("staff", _Word, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("device", Text),
    Column("expires", BigInteger, nullable=False),  # Unix seconds
)

# Failed sign-ins, so that all workers count together (see `throttle`).
attempt = Table(
    "attempt",
    metadata,
    Column("name", _Word, primary_key=True),  # SHA-256 of what was typed
    Column("failures", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False),  # Unix milliseconds
    Index("attempt_by_time", "next_at"),
)

# One entry for each transaction that changed something (see `auditing`).
audit = Table(
    "audit",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),  # Unix milliseconds
    Column("author", Text, nullable=False),  # of the staff, or `program`
    Column("by", Text, nullable=False),  # the desk or person whose keys were used
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),  # where the sequence stood after it
    Column("chain", Text, nullable=False),
)

# Who wants to be told what happens to the resources of an API, and up to where they have been.
subscription = Table(
    "subscription",
    metadata,
    Column("id", _Word, primary_key=True),
    Column("api", _Word, nullable=False),
    Column("callback", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("staff", _Word, nullable=False),  # no reference: it is looked up before anything is told
    Column("role", Text, nullable=False),  # this, the territories and the party are those of the token when it was made
    Column("territories", Text),
    Column("party", Text, nullable=False),
    Column("token", Text, nullable=False, server_default=""),  # its hash: who ends it ends this too
    Column("position", BigInteger, nullable=False),  # the revision of the last event that was taken
    Column("gap", Text),  # up to which instant events were given up before they could be told
)

# What happened to the resources of an API that somebody listens to, until all of them have been told.
event = Table(
    "event",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("api", _Word, nullable=False),
    Column("collection", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("kinds", Text, nullable=False),  # endings of event types, blank-separated
    Column("body", Text, nullable=False),  # after the change; of what was deleted, before
    Column("territory", Text, nullable=False),
    Column("owners", Text, nullable=False),  # a JSON list
    Column("at", _Word, nullable=False),
    Column("epoch", Text),  # in which it happened, where that is not the present one
    Index("event_by_api", "api", "revision"),
    Index("event_by_age", "at"),
)

listen(metadata, "after_create", make_views)
listen(metadata, "before_drop", drop_views)
