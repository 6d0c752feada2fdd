"""What rules read and write: documents of one transaction, stamped like those that clients write."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from app.core.ids import new_id
from backoffice import schema
from backoffice.attributes import values_of, written
from backoffice.documents import Body
from backoffice.ids import checked_id
from backoffice.lifecycle import born, stamped
from backoffice.querying import Compare, Condition, Query, find
from backoffice.reading import Reader
from backoffice.resources import RESOURCES, Resource
from backoffice.rules.port import MOST
from backoffice.scopes import EVERYTHING
from backoffice.writing import Transaction

_SPOKEN = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's alphabet: no sign is taken for another over the phone


class TransactionRecords:
    """The port of the rules over a transaction."""

    def __init__(self, transaction: Transaction, now: datetime, author: str = "") -> None:
        self._transaction = transaction
        self._written: dict[tuple[str, str], Body | None] = {}
        self.now = now
        self.author = author

    @property
    def department(self) -> str:
        """The department of who asks; empty where none is known."""
        theirs = select(schema.staff.c.department).where(schema.staff.c.id == self.author)
        return self._transaction.connection.scalar(theirs) or ""

    def get(self, collection: str, record_id: str) -> Body | None:
        """The record; None if there is none, or no longer. Nobody else changes it until this transaction has ended."""
        found = self._transaction.get(collection, record_id)
        return None if found is None or found.text is None else found.body

    def find(
        self, collection: str, wanted: Mapping[str, str], limit: int = MOST, *, anywhere: bool = False
    ) -> list[Body]:
        """Up to `limit` records, by id, that hold these values under declared filters; others may still change them."""
        here = self._transaction
        here.settle()
        reader = Reader(here.connection, EVERYTHING, here.columns) if anywhere else here
        conditions = tuple(Condition(path, Compare.EQ, (value,)) for path, value in wanted.items())
        held = {one.id: one.body for one in find(reader, Query(collection, conditions, limit=limit))[0]}
        for (name, record_id), body in self._written.items():  # not in the database yet
            if name == collection:
                held.pop(record_id, None)
                if body is not None and _holds(RESOURCES[collection], body, wanted):
                    held[record_id] = body
        return [held[record_id] for record_id in sorted(held)][:limit]

    def alone(self, name: str) -> None:
        """Be the only one in the back office who goes on under this name, until the transaction has ended."""
        self._transaction.exclusive(name)

    def add(self, collection: str, body: Body) -> Body:
        """A new record, under the id that it brings if that is free."""
        resource = RESOURCES[collection]
        named = body.get("id")
        is_free = named not in (None, "") and self._transaction.is_free(collection, checked_id(named))
        record_id = str(named) if is_free else unused_id(self._transaction, resource, self.now)
        return self._write(collection, born(resource, body, record_id, self.now))

    def check(self, collection: str, body: Body) -> None:
        """Raise BadRequestError unless the body could be a new record of the collection."""
        if body.get("id") not in (None, ""):
            checked_id(body["id"])
        born(RESOURCES[collection], body, "", self.now)

    def put(self, collection: str, body: Body) -> Body:
        """A record after a change."""
        return self._write(
            collection, stamped(RESOURCES[collection], self.get(collection, body["id"]) or {}, body, self.now)
        )

    def remove(self, collection: str, record_id: str) -> None:
        """End a record."""
        self._written[collection, record_id] = None
        self._transaction.put(collection, record_id, None)

    def _write(self, collection: str, body: Body) -> Body:
        self._written[collection, body["id"]] = body
        self._transaction.put(collection, body["id"], body)
        return body


def _holds(resource: Resource, body: Body, wanted: Mapping[str, str]) -> bool:
    kinds = {one.path: one.holds for one in resource.filters}
    return {(path, written(value, kinds[path])) for path, value in wanted.items()} <= values_of(body, resource.filters)


def unused_id(transaction: Transaction, resource: Resource, now: datetime) -> str:
    """An id that nothing in the collection has or had, in view or not."""
    while not transaction.is_free(resource.collection, candidate := _new_id(resource, now)):
        continue
    return candidate


def _new_id(resource: Resource, now: datetime) -> str:
    """A ticket's id is read out over the phone and must never be given out again, not even by a restored server."""
    if not resource.id_prefix:
        return new_id()
    return f"{resource.id_prefix}{now:%y%m%d}-{''.join(secrets.choice(_SPOKEN) for _ in range(6))}"
