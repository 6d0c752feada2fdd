"""The books of leases: who holds what, and by which command each item was spent. No entry is ever removed.

An item stands in them once, with the one lease that it is on; what is spent stands there for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, select, update

from backoffice import schema
from backoffice.dialect import exclude
from backoffice.leasing.blocks import Block, Item, Kind
from backoffice.reading import Reader
from backoffice.writing import Transaction

CLOSED = "leasesClosed"  # under this name it is kept that a restored office gives out no resources yet
_BATCH = 200
_lease = schema.lease.c
_item = schema.lease_item.c
_desk = schema.desk.c


class Ending(StrEnum):
    """How a lease ended."""

    REPORTED = "reported"
    RELEASED = "released"  # by a person, of a desk that does not come back
    UNCERTAIN = "uncertain"  # the desk does not know any more what it spent


@dataclass(frozen=True, slots=True)
class Lease:
    """One entry; `is_shut_out`: its desk was revoked, or is to be wiped."""

    id: str
    kind: Kind
    holder: str
    number: int
    epoch: str
    asked: int
    block: str
    signature: str
    issued: str
    expires: int
    ended: Ending | None
    reported: str | None
    is_shut_out: bool

    def state(self, now: datetime) -> str:
        """`held`, `expired` or `quarantined` while its items are out, else how it ended."""
        if self.ended in (Ending.REPORTED, Ending.RELEASED):
            return self.ended
        if self.ended is Ending.UNCERTAIN or self.is_shut_out:
            return "quarantined"
        return "held" if now.timestamp() < self.expires else "expired"

    def told(self, now: datetime) -> dict[str, Any]:
        """The entry as it is answered."""
        return {
            "id": self.id, "href": f"/desk/v1/leases/{self.id}", "kind": self.kind, "state": self.state(now),
            "block": self.block, "signature": self.signature, "reportedAt": self.reported,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """An item in the books."""

    item: str
    lease: str
    number: int
    holder: str
    spent: str | None


def alone(transaction: Transaction) -> None:
    """Be the only one who works on the books until the transaction has ended."""
    exclude(transaction.connection, "leases")


def is_closed(reader: Reader) -> bool:
    """Whether the office was restored, and nobody has said yet that every desk has reported what it holds."""
    return reader.meta(CLOSED) is not None


def entry(reader: Reader, lease_id: str) -> Lease | None:
    """The entry, whoever holds it."""
    row = reader.connection.execute(_entries().where(_lease.id == lease_id)).one_or_none()
    return None if row is None else _read(row)


def out(reader: Reader, holder: str | None = None) -> list[Lease]:
    """The leases whose items have not all come back, the oldest first: of one desk, or of all."""
    open_ones = _lease.ended.is_(None) | (_lease.ended == Ending.UNCERTAIN)
    theirs = [open_ones] if holder is None else [open_ones, _lease.holder == holder]
    return [_read(row) for row in reader.connection.execute(_entries().where(*theirs).order_by(_lease.number))]


def next_number(reader: Reader) -> int:
    """The number of the next lease."""
    return (reader.connection.scalar(select(func.max(_lease.number))) or 0) + 1


def next_receipt(reader: Reader, epoch: str) -> int:
    """The first receipt number of an epoch that was not given out."""
    mine = select(func.max(_lease.last)).where(_lease.epoch == epoch)
    return (reader.connection.scalar(mine) or 0) + 1


def count_out(reader: Reader, holder: str, kind: Kind) -> int:
    """How many items a desk has that are not spent."""
    joined = select(func.count()).join_from(schema.lease_item, schema.lease, _item.lease == _lease.id)
    theirs = joined.where(_lease.holder == holder, _item.kind == kind, _item.spent.is_(None))
    return reader.connection.scalars(theirs).one()


def enter(transaction: Transaction, block: Block, told: tuple[str, str], asked: int, last: int = 0) -> None:
    """Keep a lease with its signed text; `last` is the last of its receipt numbers. Its items are entered by `hold`."""
    text, signature = told
    values = {
        "id": block.id, "kind": block.kind, "holder": block.holder, "number": block.number, "epoch": block.epoch,
        "asked": asked, "block": text, "signature": signature, "issued": block.issued_at,
        "expires": int(datetime.fromisoformat(block.expires_at).timestamp()), "last": last,
    }  # fmt: skip
    transaction.connection.execute(insert(schema.lease).values(values))


def held(reader: Reader, kind: Kind, items: Iterable[str]) -> dict[str, Held]:
    """Those of the items that stand in the books, by id."""
    found: dict[str, Held] = {}
    wanted = list(dict.fromkeys(items))
    for start in range(0, len(wanted), _BATCH):
        rows = reader.connection.execute(_held(_item.kind == kind, _item.item.in_(wanted[start : start + _BATCH])))
        found |= {row.item: _standing(row) for row in rows}
    return found


def items_of(reader: Reader, lease_id: str) -> list[Held]:
    """What stands on a lease."""
    return [_standing(row) for row in reader.connection.execute(_held(_item.lease == lease_id).order_by(_item.item))]


def hold(transaction: Transaction, kind: Kind, lease_id: str, items: Iterable[Item]) -> None:
    """Put items on a lease that are on none."""
    rows = [{"kind": kind, "item": one.id, "lease": lease_id, "spent": None} for one in items]
    if rows:
        transaction.connection.execute(insert(schema.lease_item), rows)


def let_go(transaction: Transaction, kind: Kind, item: str) -> None:
    """An item is on no lease any more."""
    theirs = delete(schema.lease_item).where(_item.kind == kind, _item.item == item, _item.spent.is_(None))
    transaction.connection.execute(theirs)


def spend(transaction: Transaction, kind: Kind, item: str, command: str) -> None:
    """An item is spent, for ever."""
    mine = update(schema.lease_item).where(_item.kind == kind, _item.item == item)
    transaction.connection.execute(mine.values(spent=command))


def note(transaction: Transaction, lease_id: str, **news: object) -> None:
    """Change what is kept of a lease itself."""
    transaction.connection.execute(update(schema.lease).where(_lease.id == lease_id).values(news))


def _entries() -> Select[Any]:
    columns = [_lease[name] for name in Lease.__dataclass_fields__ if name != "is_shut_out"]
    shut_out = _desk.revoked.is_not(None).label("is_shut_out")
    return select(*columns, shut_out).outerjoin_from(schema.lease, schema.desk, _desk.device == _lease.holder)


def _held(*which: ColumnElement[bool]) -> Select[Any]:
    columns = (_item.item, _item.lease, _lease.number, _lease.holder, _item.spent)
    return select(*columns).join_from(schema.lease_item, schema.lease, _item.lease == _lease.id).where(*which)


def _standing(row: Row[Any]) -> Held:
    return Held(row.item, row.lease, row.number, row.holder, row.spent)


def _read(row: Row[Any]) -> Lease:
    values = row._mapping
    ended = None if values["ended"] is None else Ending(values["ended"])
    return Lease(**{**values, "kind": Kind(values["kind"]), "ended": ended, "is_shut_out": bool(row.is_shut_out)})
