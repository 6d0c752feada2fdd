"""Many ask at the same instant: what exists once is given once, and sums come out, on both database engines."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from backoffice.errors import ConflictError
from tests.backoffice.office import Body, Office

ASKING = 6
ROUNDS = 4
TECHNICIAN = {"id": "T1", "role": "technician", "@referredType": "Individual"}
ACCOUNT = {"id": "A1", "@referredType": "PartyAccount"}
CASH = {"@type": "cash", "name": "cash"}


def together(ask: Callable[[int], Body]) -> list[Body]:
    """What those who were not refused got, when all asked at once."""
    gate = Barrier(ASKING)

    def one(number: int) -> Body | None:
        gate.wait()
        try:
            return ask(number)
        except ConflictError:
            return None

    with ThreadPoolExecutor(ASKING) as pool:
        return [found for found in pool.map(one, range(ASKING)) if found is not None]


def test_a_time_is_booked_once(office: Office) -> None:
    def book(hour: int, _number: int) -> Body:
        span = {"startDateTime": f"2026-03-26T0{hour}:00:00Z", "endDateTime": f"2026-03-26T0{hour + 1}:00:00Z"}
        return office.ask("appointment", validFor=span, relatedParty=[TECHNICIAN])

    for hour in range(ROUNDS):
        assert len(together(partial(book, hour))) == 1
    assert len(office.every("appointment")) == ROUNDS


def test_a_calendar_event_and_a_place_are_booked_once(office: Office) -> None:
    span = {"startDateTime": "2026-03-26T01:00:00Z", "endDateTime": "2026-03-26T02:00:00Z"}
    place = {"id": "HALL", "role": "place", "@referredType": "GeographicSite"}
    assert len(together(lambda _: office.ask("appointment", validFor=span, calendarEvent={"id": "E1"}))) == 1
    assert len(together(lambda _: office.ask("appointment", validFor=span, relatedPlace=place))) == 1


def test_a_charge_stands_on_one_bill(office: Office) -> None:
    owner = {"id": "C1", "name": "x", "role": "customer", "@referredType": "Customer"}
    account = office.ask("billingAccount", name="A1", relatedParty=[owner])["id"]
    for number in range(5):
        amount = {"value": 1, "unit": "CNY"}
        charge: Body = {"billingAccount": {"id": account}, "taxIncludedAmount": amount, "taxExcludedAmount": amount}
        office.has("appliedCustomerBillingRate", f"R{number}", isBilled=False, **charge)
    tasks = together(lambda _: office.ask("customerBillOnDemand", billingAccount={"id": account}))
    assert sorted(task["state"] for task in tasks) == ["done", *["rejected"] * (ASKING - 1)]
    assert [bill["taxIncludedAmount"]["value"] for bill in office.every("customerBill")] == [5]
    (balance,) = office.get("billingAccount", account)["accountBalance"]
    assert balance["amount"]["value"] == 5


def test_the_last_card_is_sold_once_and_reserved_once(office: Office) -> None:
    stocked: Body = {"stockedProduct": {"id": "SIM"}, "productStockLevel": {"amount": 1}}
    office.has("productStock", "sims", productStockStatusType="available", **stocked)
    wanted = {"id": "1", "quantityRequested": {"amount": 1}, "requestedProduct": {"id": "SIM"}}
    held = together(lambda _: office.ask("reserveProductStock", reserveProductStockItem=[wanted]))
    done = [one for one in held if one["reserveProductStockState"] == "done"]
    assert len(done) == 1
    taken = {
        "id": "1",
        "productStockTarget": {"id": "sims"},
        "adjustProductStockQuantity": {"amount": -1},
        "reserveProductStock": {"id": done[0]["id"]},
    }
    sold = together(lambda _: office.ask("adjustProductStock", adjustProductStockItem=[taken]))
    assert [one["state"] for one in sold].count("done") == 1
    assert office.get("productStock", "sims")["productStockLevel"]["amount"] == 0


def test_balances_come_out_whoever_moves_them(office: Office) -> None:
    for name in ("one", "two"):
        value = {"amount": 100, "units": "CNY"}
        office.has("bucket", name, partyAccount=ACCOUNT, usageType="monetary", remainingValue=value)

    def move(number: int) -> Body:
        bucket = ("one", "two")[number % 2]
        amount: dict[str, Any] = {"amount": {"amount": 1, "units": "CNY"}, "usageType": "monetary"}
        return office.ask("topupBalance", bucket={"id": bucket}, partyAccount=ACCOUNT, **amount)

    for _ in range(ROUNDS):
        assert [done["status"] for done in together(move)] == ["completed"] * ASKING
    left = [office.get("bucket", name)["remainingValue"]["amount"] for name in ("one", "two")]
    assert left == [100 + ROUNDS * ASKING // 2] * 2
    (total,) = office.every("accumulatedBalance")
    assert total["totalBalance"]["amount"] == sum(left)


def test_a_payment_is_given_back_once(office: Office) -> None:
    money: Body = {"totalAmount": {"value": 10, "unit": "CNY"}, "account": {"id": "A1"}, "paymentMethod": CASH}
    paid = office.ask("payment", **money)
    assert len(together(lambda _: office.ask("refund", payment={"id": paid["id"]}, **money))) == 1


def test_no_comment_on_an_alarm_is_lost(office: Office) -> None:
    office.has("alarm", "A1", state="raised", specificProblem="fan")
    pattern = [{"specificProblem": "fan"}]

    def say(number: int) -> Body:
        return office.ask("commentAlarms", comment={"comment": str(number)}, alarmPattern=pattern)

    for _ in range(ROUNDS):
        together(say)
    assert len(office.get("alarm", "A1")["comment"]) == ROUNDS * ASKING


def test_a_flow_whose_last_tasks_end_together_ends(office: Office) -> None:
    def end(flow: Body, number: int) -> Body:
        return office.change("taskFlow", flow["taskFlow"][number]["id"], flow["id"], state="completed")

    for _ in range(ROUNDS):
        tasks = [{"taskFlowSpecification": str(number)} for number in range(ASKING)]
        flow = office.ask("processFlow", processFlowSpecification="new line", taskFlow=tasks)
        together(partial(end, flow))
        assert office.get("processFlow", flow["id"])["state"] == "completed"
