"""Changes documents inside one write transaction: body, revision, attribute rows and command results go together."""

from __future__ import annotations

from sqlalchemy import Connection, and_, bindparam, delete, insert, update

from backoffice import schema
from backoffice.attributes import Row, rows_of
from backoffice.documents import Body, StoredDocument, to_json
from backoffice.reading import CommandResult, Reader
from backoffice.resources import RESOURCES

_document = schema.document.c
_command = schema.command.c

_COLUMNS = ("collection", "name", "value", "id")
_AT_COLUMNS = tuple(f"at_{name}" for name in _COLUMNS)
_insert_row = insert(schema.attribute)
_delete_row = delete(schema.attribute).where(
    *(schema.attribute.c[name] == bindparam(f"at_{name}") for name in _COLUMNS)
)


class Transaction(Reader):
    """A reader that may also change things; `last_revision` is the newest number it took, 0 if none."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.last_revision = 0

    def take_revisions(self, count: int) -> int:
        """Take the next `count` numbers of the sequence and return the first."""
        advance = update(schema.sequence).values(value=schema.sequence.c.value + count)
        self.last_revision = self.connection.scalars(advance.returning(schema.sequence.c.value)).one()
        return self.last_revision - count + 1

    def put(self, collection: str, document_id: str, body: Body | None) -> StoredDocument:
        """Write a document at the next revision; no body makes it a tombstone."""
        before = self.get(collection, document_id)
        text = None if body is None else to_json(body)
        after = StoredDocument(collection, document_id, self.take_revisions(1), text)
        values = {"revision": after.revision, "body": text, "deleted": body is None}
        if before is None:
            self.connection.execute(insert(schema.document).values(collection=collection, id=document_id, **values))
        else:
            same = and_(_document.collection == collection, _document.id == document_id)
            self.connection.execute(update(schema.document).where(same).values(**values))
        self._index(set() if before is None else attribute_rows(before), attribute_rows(after))
        return after

    def remember(self, result: CommandResult) -> None:
        """Keep a result under its device's key."""
        names = schema.command.columns.keys()
        self.connection.execute(insert(schema.command).values({name: getattr(result, name) for name in names}))

    def acknowledge(self, device: str, sequence: int) -> None:
        """Forget the keys of the device's commands up to `sequence`."""
        self.connection.execute(delete(schema.device).where(schema.device.c.id == device))
        self.connection.execute(insert(schema.device).values(id=device, acknowledged=sequence))
        self.connection.execute(delete(schema.command).where(_command.device == device, _command.sequence <= sequence))

    def _index(self, before: set[Row], after: set[Row]) -> None:
        change_rows(self.connection, gone=before - after, new=after - before)


def attribute_rows(stored: StoredDocument) -> set[Row]:
    """The attribute rows that belong to a document; none once it is deleted."""
    return rows_of(stored.collection, stored.id, stored.body, RESOURCES[stored.collection].filters)


def change_rows(connection: Connection, *, gone: set[Row], new: set[Row]) -> None:
    """Take attribute rows away and add others."""
    if gone:
        connection.execute(_delete_row, [dict(zip(_AT_COLUMNS, row, strict=True)) for row in gone])
    if new:
        connection.execute(_insert_row, [dict(zip(_COLUMNS, row, strict=True)) for row in new])
