"""What the head office of the simulation knows of leases: the same promises as `backoffice.leasing`, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.core.clock import from_wire, to_wire
from app.core.commands import Spend
from app.leases.model import Ask, Lease, LeasedItem, LeaseKind, Report, Told

OFFICE, KEY = "office", "key"
LASTS = timedelta(seconds=200)
NUMBERS = tuple(f"N{number:02}" for number in range(1, 13))
Item = tuple[str, str]  # its kind and which one


@dataclass(frozen=True, slots=True)
class Loan:
    """A lease in the books; `ended`: its items have come back."""

    lease: Lease
    number: int
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Out:
    """Where an item is: on which lease, and by which command it was spent."""

    loan: str
    spent: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What head office answers."""

    status: int
    lease: Lease | None = None
    lost: frozenset[str] = frozenset()


@dataclass
class Ledger:
    """The books of leases."""

    loans: dict[str, Loan] = field(default_factory=dict)
    out: dict[Item, Out] = field(default_factory=dict)
    receipts: dict[str, int] = field(default_factory=dict)  # the last one, by epoch
    is_closed: bool = False

    def copied(self) -> Ledger:
        """The same, for a backup."""
        return Ledger(dict(self.loans), dict(self.out), dict(self.receipts), self.is_closed)


class Lender:
    """Lends, takes reports, and lets acts spend."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.refused: list[str] = []  # commands that gave out what their desk did not hold

    def told(self, device: str, epoch: str, now: datetime) -> Told:
        """What is out to a desk."""
        mine = [one.lease for one in self.ledger.loans.values() if one.lease.holder == device and not one.ended]
        return Told(now, OFFICE, epoch, KEY, tuple((one.id, one.kind) for one in mine))

    def take(self, ask: Ask, epoch: str, now: datetime) -> Answer:
        """Give a block out, or say again what was given."""
        known = self.ledger.loans.get(ask.id)
        if known is not None:
            return Answer(201, known.lease)
        items = self._counted(ask.count, epoch) if ask.kind is LeaseKind.RECEIPT else self.free(now)[: ask.count]
        if not items or (self.ledger.is_closed and ask.kind is not LeaseKind.RECEIPT):
            return Answer(409)
        leased = tuple(LeasedItem(one, one) for one in items)
        number = 1 + max((one.number for one in self.ledger.loans.values()), default=0)
        block = json.dumps((ask.id, ask.kind, items, ask.holder, epoch, to_wire(now + LASTS), number))
        lease = Lease(ask.id, ask.kind, leased, ask.holder, OFFICE, epoch, now + LASTS, block, "signature")
        self.ledger.loans[ask.id] = Loan(lease, number)
        self.ledger.out |= {(ask.kind, one): Out(ask.id) for one in items}
        return Answer(201, lease)

    def free(self, _now: datetime) -> list[str]:
        """The numbers that are on no lease and were never spent."""
        return [one for one in NUMBERS if (LeaseKind.PHONE_NUMBER, one) not in self.ledger.out]

    def report(self, said: Report) -> Answer:
        """Take down what a desk says of a lease, with its block where it still has that."""
        known = self.ledger.loans.get(said.id)
        text = said.text or (known.lease.text if known else "")
        if not text:
            return Answer(404)
        block, number = _read(text)
        loan = known or Loan(block, number)
        self.ledger.loans[said.id] = loan
        lost: set[str] = set()
        if said.text and not loan.ended and not said.is_over:
            lost |= self._claim(block, number)
        lost |= {item for item, command in said.spent if not self._spent(block, number, item, command)}
        if said.is_over and not loan.ended:
            self.ledger.loans[said.id] = replace(loan, ended=True)
            self._take_back(said.id)
        return Answer(200, lost=frozenset(lost))

    def may_spend(self, device: str, command: str, spends: Iterable[Spend]) -> int:
        """Whether a command may give these out: 200, 403 where they are not its desk's, 503 where nobody knows that yet."""
        for one in spends:
            out = self.ledger.out.get((one.kind, one.item))
            if out is None or self.ledger.loans[out.loan].lease.holder != device or out.spent not in ("", command):
                if self.ledger.is_closed:
                    return 503
                self.refused.append(command)
                return 403
        return 200

    def spend(self, command: str, spends: Iterable[Spend]) -> None:
        """A command gives these out."""
        for one in spends:
            key = (one.kind, one.item)
            self.ledger.out[key] = replace(self.ledger.out[key], spent=command)

    def _counted(self, count: int, epoch: str) -> list[str]:
        first = self.ledger.receipts.get(epoch, 0) + 1
        self.ledger.receipts[epoch] = first + count - 1
        return [f"{epoch}-{number}" for number in range(first, first + count)]

    def _claim(self, block: Lease, number: int) -> set[str]:
        lost: set[str] = set()
        for one in block.items:
            out = self.ledger.out.get((block.kind, one.id))
            if out is not None and out.loan != block.id and (out.spent or self.ledger.loans[out.loan].number >= number):
                lost.add(one.id)
            elif out is None or out.loan != block.id:
                self.ledger.out[block.kind, one.id] = Out(block.id)
        return lost

    def _spent(self, block: Lease, number: int, item: str, command: str) -> bool:
        out = self.ledger.out.get((block.kind, item))
        if out is not None and out.spent:
            return out.spent == command
        is_newer = out is not None and out.loan != block.id and self.ledger.loans[out.loan].number >= number
        if is_newer or (out is None and item not in {one.id for one in block.items}):
            return False
        self.ledger.out[block.kind, item] = Out(block.id, command)
        return True

    def _take_back(self, lease_id: str) -> None:
        rest = [key for key, out in self.ledger.out.items() if out.loan == lease_id and not out.spent]
        for key in rest:
            del self.ledger.out[key]


def _read(text: str) -> tuple[Lease, int]:
    """The block in a text, and its number."""
    name, kind, items, holder, epoch, expires_at, number = json.loads(text)
    leased = tuple(LeasedItem(one, one) for one in items)
    lease = Lease(
        name, LeaseKind(kind), leased, holder, OFFICE, epoch, from_wire(expires_at), text, "signature"
    )  # fmt: skip
    return lease, number
