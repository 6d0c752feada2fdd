"""The books of parked drafts: what is parked where, who has claimed or taken it, and to which keys a hall's boxes are sealed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, literal, select, update

from backoffice import schema
from backoffice.dialect import exclude
from backoffice.reading import Reader
from backoffice.writing import Transaction

_draft = schema.parked_draft.c
_desk = schema.hall_desk.c
_shut_out = select(schema.desk.c.device).where(schema.desk.c.revoked.is_not(None), schema.desk.c.device.is_not(None))


@dataclass(frozen=True, slots=True)
class Parked:
    """One entry. Instants are Unix seconds, None where that has not happened."""

    id: str
    hall: str
    kind: str
    title: str
    box: str
    author: str
    author_name: str
    device: str
    parked: int
    holder: str | None = None
    holder_name: str = ""
    claimed: int | None = None
    taken: int | None = None


_COLUMNS = [_draft[name] for name in Parked.__dataclass_fields__]
_LISTED = [literal("").label("box") if column is _draft.box else column for column in _COLUMNS]


def alone(transaction: Transaction) -> None:
    """Be the only one who works on the books until the transaction has ended."""
    exclude(transaction.connection, "parked drafts")


def entry(reader: Reader, draft_id: str) -> Parked | None:
    """The entry, wherever it is."""
    row = reader.connection.execute(select(*_COLUMNS).where(_draft.id == draft_id)).one_or_none()
    return None if row is None else Parked(**row._mapping)


def parked_at(reader: Reader, hall: str) -> list[Parked]:
    """What is parked at a hall and not taken, the oldest first; without the boxes, which nobody asks a list for."""
    here = select(*_LISTED).where(_draft.hall == hall, _draft.taken.is_(None))
    return [Parked(**row._mapping) for row in reader.connection.execute(here.order_by(_draft.parked, _draft.id))]


def count_at(reader: Reader, hall: str, since: int) -> int:
    """How many are that were parked since."""
    here = select(func.count()).select_from(schema.parked_draft)
    return reader.connection.scalars(
        here.where(_draft.hall == hall, _draft.taken.is_(None), _draft.parked > since)
    ).one()


def put(transaction: Transaction, draft: Parked) -> None:
    """Keep an entry in the place of what was kept of it."""
    values = {name: getattr(draft, name) for name in Parked.__dataclass_fields__}
    mine = update(schema.parked_draft).where(_draft.id == draft.id)
    if not transaction.connection.execute(mine.values(values)).rowcount:
        transaction.connection.execute(insert(schema.parked_draft).values(values))


def forget_taken(transaction: Transaction, before: int) -> None:
    """Let go of the entries of what was taken so long ago that no desk asks for it any more."""
    transaction.connection.execute(delete(schema.parked_draft).where(_draft.taken < before))


def tell_key(transaction: Transaction, device: str, hall: str, key: str, now: int) -> None:
    """A desk works for this hall, perhaps among others, and opens boxes that are sealed to this key."""
    values = {"key": key, "told": now}
    mine = update(schema.hall_desk).where(_desk.device == device, _desk.hall == hall)
    if not transaction.connection.execute(mine.values(values)).rowcount:
        transaction.connection.execute(insert(schema.hall_desk).values(device=device, hall=hall, **values))


def keys_of(reader: Reader, hall: str, most: int) -> dict[str, str]:
    """The keys of a hall's desks by device; of those heard of last, and of none that was shut out."""
    theirs = select(_desk.device, _desk.key).where(_desk.hall == hall, _desk.device.not_in(_shut_out))
    rows = reader.connection.execute(theirs.order_by(_desk.told.desc(), _desk.device).limit(most))
    return {row.device: row.key for row in rows}


def hall_of(reader: Reader, person: str) -> str:
    """The hall that somebody works in: their department. Without one it is the hall of all who have none."""
    theirs = select(schema.staff.c.department).where(schema.staff.c.id == person)
    return reader.connection.scalar(theirs) or ""
