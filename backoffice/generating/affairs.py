"""Makes what is between a customer and the operator: address, bills, payments, orders, contacts, and the work on complaints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from app.core.clock import to_wire
from backoffice.generating import bills, dealings
from backoffice.generating.batch import Batch
from backoffice.generating.complaints import Complaint
from backoffice.generating.moments import Moments
from backoffice.generating.moulds import Facts
from backoffice.generating.plans import Plan
from backoffice.generating.sketch import Company, Sketch

_ASKED: Final = ("账单咨询 Question about a bill", "套餐咨询 Question about a plan", "资料变更 Change of data")
_SOLVED: Final = "您的投诉已处理完毕。 Your complaint is solved."
_SHARE_OF_CLERK: Final = timedelta(minutes=12)
Product = tuple[str, str, Plan]  # id, account, plan


class AffairsMaker:
    """Adds documents to those of a customer whose facts are known already."""

    def __init__(self, moments: Moments) -> None:
        self._moments = moments
        self._month = moments.month

    def add(
        self, batch: Batch, facts: Facts, sketch: Sketch, accounts: Sequence[str], products: Sequence[Product]
    ) -> None:
        """Add what each customer has, and what some have."""
        batch.add(dealings.address(), facts)
        key = facts["customer"][2:]
        if sketch.has_ordered:
            facts["order"] = f"OR-{key}"
            batch.add(dealings.order(products[-1][2]), facts)
        if isinstance(sketch.party, Company):
            facts["agreement"] = f"AG-{key}"
            batch.add(dealings.agreement(), facts)
        for turn, account in enumerate(accounts):
            self._add_bill(batch, facts, sketch, 0.0 if turn else sketch.due, (account, products))
        if sketch.has_asked:
            self._add_visit(batch, facts, int(key))
        if sketch.uses_data:
            facts |= {"usage": f"U-{key}", "product": products[0][0], "volume": str(int(key) * 7 % 30_000)}
            batch.add(dealings.usage(self._month), facts)

    def add_work(self, batch: Batch, facts: Facts, complaint: Complaint) -> None:
        """Add how a complaint came in and what was done about it; its ticket was the last document."""
        ticket, status = facts["ticket"], complaint.status
        ended = to_wire(self._moments.now - timedelta(hours=complaint.hours) + _SHARE_OF_CLERK)
        facts |= {"interaction": f"N-{ticket}", "begun": facts["received"], "ended": ended, "flow": f"F-{ticket}"}
        batch.add(dealings.interaction(complaint.kind.name, "Complaint filed", ("hotline", "热线 Hotline")), facts)
        facts.update((f"task{turn}", f"F-{ticket}-{turn + 1}") for turn in range(len(dealings.STEPS)))
        batch.add(dealings.flow(status), facts)
        for turn in range(len(dealings.STEPS)):
            batch.add(dealings.task(status, turn), facts)
        if status in dealings.ENDED and "phone0" in facts:
            facts["message"] = f"M-{ticket}"
            batch.add(dealings.message(_SOLVED), facts)

    def _add_bill(
        self, batch: Batch, facts: Facts, sketch: Sketch, due: float, of: tuple[str, Sequence[Product]]
    ) -> None:
        account, products = of
        billed = [one for one in products if one[1] == account]
        facts |= {"account": account, "bill": f"B-{account}", "owed": str(due)}
        facts |= bills.amounts(due or sum([plan.price for _, _, plan in billed]))
        if due:
            batch.add(bills.bill(self._month, "sent"), facts)
            self._add_charges(batch, facts, due, billed)
        elif sketch.pays_in_person:
            facts |= {"payment": f"PAY-{account}", "paid": self._moments.days_ago(3 + int(account) % 15)}
            batch.add(bills.bill(self._month, "settled", in_person=True), facts)
            batch.add(bills.payment(bills.CHANNELS[int(account) % 2]), facts)
        else:
            batch.add(bills.bill(self._month, "settled"), facts)

    def _add_charges(self, batch: Batch, facts: Facts, due: float, billed: Sequence[Product]) -> None:
        rest = due
        for turn, (product, _, plan) in enumerate(billed):
            facts |= {"charge": f"{facts['bill']}-{turn + 1}", "product": product, **bills.amounts(plan.price)}
            batch.add(bills.charge(self._month, plan.name, bills.MONTHLY), facts)
            rest -= plan.price
        rest = round(rest, 2)
        if rest:
            name = "超出套餐 Beyond the plan" if rest > 0 else "优惠 Discount"
            facts |= {"charge": f"{facts['bill']}-0", **bills.amounts(rest)}
            batch.add(bills.charge(self._month, name, bills.OTHER if rest > 0 else bills.CREDIT), facts)

    def _add_visit(self, batch: Batch, facts: Facts, key: int) -> None:
        begun = self._moments.now - timedelta(days=1 + key % 60, minutes=key % 600)
        ended = begun + timedelta(minutes=3 + key % 20)
        facts |= {"interaction": f"N-{key}", "begun": to_wire(begun), "ended": to_wire(ended)}
        channel = bills.CHANNELS[key % 2]
        batch.add(dealings.interaction(_ASKED[key % len(_ASKED)], "Answered", channel), facts)
