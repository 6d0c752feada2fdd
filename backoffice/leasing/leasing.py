"""The rules of leases: what is given out, what a report changes, what an act may spend, and what a person may release.

An item never becomes free because time has passed. It does so when its desk has ended the lease and said what it spent, or when
a person releases what a desk holds that does not come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from app.core.clock import to_wire
from backoffice.documents import Body
from backoffice.errors import BadRequestError, ConflictError, ForbiddenError, KeyReusedError, NotFoundError
from backoffice.leasing import books
from backoffice.leasing.blocks import Block, Item, Kind, Signer, content
from backoffice.leasing.books import Ending, Lease
from backoffice.reading import LEASE_KEY, Reader
from backoffice.records import TransactionRecords
from backoffice.rules.leased import AVAILABLE, MARK, RESERVED
from backoffice.writing import Transaction

LASTS: Final = timedelta(days=7)  # as long as somebody may go on without a line
MOST_AT_ONCE: Final = 200
MOST_OUT: Final = 500  # unspent, of one kind, at one desk
_RESOURCE: Final = "resource"
_LATER: Final = {"Retry-After": "60"}
_NOT_YOURS: Final = "What this act gives out is not on lease to this desk."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a desk asks for: `id` is the lease's, which the desk makes, so that it is given once."""

    id: str
    holder: str
    kind: Kind
    count: int


@dataclass(frozen=True, slots=True)
class Spend:
    """An item that a command gives out."""

    kind: Kind
    item: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a desk says of a lease: the signed block, what it spent by which command, and whether it is done with it."""

    id: str
    holder: str
    told: tuple[str, str] | None
    spent: Sequence[tuple[str, str]]
    is_over: bool
    is_certain: bool = True


def take(transaction: Transaction, wanted: Wanted) -> tuple[Lease, bool]:
    """Give a block out, or say again what was given; whether it is new. Raises RefusedError."""
    books.alone(transaction)
    known = books.entry(transaction, wanted.id)
    if known is not None:
        if (known.holder, known.kind, known.asked) != (wanted.holder, wanted.kind, wanted.count):
            raise KeyReusedError("This Idempotency-Key belongs to another request.")
        return known, False
    if books.count_out(transaction, wanted.holder, wanted.kind) + wanted.count > MOST_OUT:
        raise ConflictError(f"A desk holds at most {MOST_OUT} of a kind.")
    now, epoch = transaction.now, transaction.epoch()
    first = books.next_receipt(transaction, epoch) if wanted.kind is Kind.RECEIPT else 0
    items = _counted(epoch, first, wanted.count) if first else _found(transaction, wanted)
    block = Block(
        wanted.id, books.next_number(transaction), wanted.kind, tuple(items), wanted.holder, transaction.office(), epoch,
        to_wire(now), to_wire(now + LASTS),
    )  # fmt: skip
    last = first + wanted.count - 1 if first else 0
    books.enter(transaction, block, signer(transaction).sign(block), wanted.count, last)
    books.hold(transaction, block.kind, block.id, items)
    for one in items:
        _mark(transaction, block.kind, one.id, block)
    return _entry(transaction, wanted.id), True


def report(transaction: Transaction, said: Report) -> dict[str, Any]:
    """Take down what a desk says; the same again changes nothing. `lost` are items it must not give out. Raises RefusedError."""
    books.alone(transaction)
    known = books.entry(transaction, said.id)
    if known is not None and known.holder != said.holder:
        raise NotFoundError("There is no such lease.")
    block = None if said.told is None else _block(transaction, said)
    if known is None and block is None:
        raise NotFoundError("There is no such lease.")
    if known is None and block is not None and said.told is not None:  # it was given out after the backup was made
        books.enter(transaction, block, said.told, len(block.items))
    lease = _entry(transaction, said.id)
    block = block or content(lease.block)
    lost: set[str] = set()
    if said.told is not None and lease.ended is None and (not said.is_over or not said.is_certain):
        lost |= _claim(transaction, block)
    lost |= {item for item, command in said.spent if not _spent(transaction, block, item, command)}
    returned = _end(transaction, lease, said) if lease.ended is None and said.is_over else []
    books.note(transaction, said.id, reported=to_wire(transaction.now))
    ended = _entry(transaction, said.id)
    return {"id": said.id, "state": ended.state(transaction.now), "lost": sorted(lost), "returned": returned}


def release(transaction: Transaction, lease_id: str) -> list[str]:
    """Take back what is left of a lease whose desk does not come back; a person answers for that. Raises RefusedError."""
    books.alone(transaction)
    lease = books.entry(transaction, lease_id)
    if lease is None:
        raise NotFoundError("There is no such lease.")
    if lease.state(transaction.now) not in ("expired", "quarantined"):
        raise ConflictError("Only what has expired or is in quarantine is released.")
    books.note(transaction, lease_id, ended=Ending.RELEASED)
    return _take_back(transaction, lease)


def spend(transaction: Transaction, holder: str, command: str, spends: Iterable[Spend]) -> None:
    """Let a command give items out that are on lease to its desk, each once for ever. Raises RefusedError."""
    books.alone(transaction)
    for one in spends:
        found = books.held(transaction, one.kind, [one.item]).get(one.item)
        if found is None or found.holder != holder or found.spent not in (None, command):
            if books.is_closed(
                transaction
            ):  # the books are of an earlier day, on which it may have been at another desk
                raise ConflictError("This office was restored. Report your leases first, then send it again.", _LATER)
            raise ForbiddenError(_NOT_YOURS)
        if found.spent is None:
            books.spend(transaction, one.kind, one.item, command)
            _mark_spent(transaction, one.kind, one.item)


def signer(reader: Reader) -> Signer:
    """The office's own."""
    return Signer(reader.meta(LEASE_KEY) or "")


def _counted(epoch: str, first: int, count: int) -> list[Item]:
    """Receipt numbers: each epoch counts for itself, so that a restored office repeats none."""
    names = (f"{epoch}-{number}" for number in range(first, first + count))
    return [Item(name, name) for name in names]


def _found(transaction: Transaction, wanted: Wanted) -> list[Item]:
    """Free resources of that category; fewer where there are no more."""
    if books.is_closed(transaction):
        raise ConflictError("This office was restored: nothing is given out until all desks have reported.", _LATER)
    records = TransactionRecords(transaction, transaction.now)
    free = records.find(_RESOURCE, {"category": wanted.kind, "resourceStatus": AVAILABLE})
    taken = books.held(transaction, wanted.kind, [one["id"] for one in free])
    found: list[Item] = []
    for one in free:
        if len(found) == wanted.count:
            break
        now = records.get(_RESOURCE, one["id"]) if one["id"] not in taken else None
        if now is not None and now.get("resourceStatus") == AVAILABLE and now.get("category") == wanted.kind:
            found.append(Item(one["id"], str(now.get("name", ""))))
    if not found:
        raise ConflictError("None of that kind is left.", _LATER)
    return found


def _block(transaction: Transaction, said: Report) -> Block:
    assert said.told is not None  # noqa: S101 - the caller has looked
    block = signer(transaction).read(*said.told)
    if (block.id, block.holder, block.office) != (said.id, said.holder, transaction.office()):
        raise BadRequestError("This block belongs to another lease.")
    return block


def _claim(transaction: Transaction, block: Block) -> set[str]:
    """Put everything in a block on its lease, as far as it was not given out later than that or spent; returns the rest."""
    known = books.held(transaction, block.kind, [one.id for one in block.items])
    lost: set[str] = set()
    for one in block.items:
        other = known.get(one.id)
        if other is not None and other.lease == block.id:
            continue
        if other is not None and (other.spent is not None or other.number >= block.number):
            lost.add(one.id)
            continue
        books.let_go(transaction, block.kind, one.id)
        books.hold(transaction, block.kind, block.id, [one])
        _mark(transaction, block.kind, one.id, block)
    return lost


def _spent(transaction: Transaction, block: Block, item: str, command: str) -> bool:
    """Take down that a desk spent an item of its block; False where somebody else holds or spent it."""
    found = books.held(transaction, block.kind, [item]).get(item)
    if found is not None and found.spent is not None:
        return found.spent == command
    if found is None or found.lease != block.id:
        is_newer = found is not None and found.number >= block.number
        if is_newer or item not in {one.id for one in block.items}:
            return False
        books.let_go(transaction, block.kind, item)
        books.hold(transaction, block.kind, block.id, [Item(item, "")])
    books.spend(transaction, block.kind, item, command)
    _mark_spent(transaction, block.kind, item)
    return True


def _end(transaction: Transaction, lease: Lease, said: Report) -> list[str]:
    if not said.is_certain:
        books.note(transaction, lease.id, ended=Ending.UNCERTAIN)
        return []
    books.note(transaction, lease.id, ended=Ending.REPORTED)
    return _take_back(transaction, lease)


def _take_back(transaction: Transaction, lease: Lease) -> list[str]:
    """What was not spent is free again; a receipt number is void."""
    rest = [one.item for one in books.items_of(transaction, lease.id) if one.spent is None]
    for item in rest:
        books.let_go(transaction, lease.kind, item)
        _mark(transaction, lease.kind, item, None)
    return rest


def _mark(transaction: Transaction, kind: Kind, item: str, block: Block | None) -> None:
    """Let the resource say who holds it, so that nobody else takes it; without a block it is free again."""
    if block is None:
        _change(transaction, kind, item, resourceStatus=AVAILABLE)
    else:
        mark = {"id": block.id, "holder": block.holder}
        _change(transaction, kind, item, resourceStatus=RESERVED, **{MARK: mark})


def _mark_spent(transaction: Transaction, kind: Kind, item: str) -> None:
    _change(transaction, kind, item, resourceStatus=RESERVED, usageState="busy")


def _change(transaction: Transaction, kind: Kind, item: str, **news: Any) -> None:
    records = TransactionRecords(transaction, transaction.now)
    body: Body | None = None if kind is Kind.RECEIPT else records.get(_RESOURCE, item)
    if body is not None:
        records.put(_RESOURCE, {name: value for name, value in body.items() if name != MARK} | news)


def _entry(transaction: Transaction, lease_id: str) -> Lease:
    found = books.entry(transaction, lease_id)
    assert found is not None  # noqa: S101 - it was written just now
    return found
