"""What the halls have in stock, and what is taken from it (TMF687)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backoffice.errors import BadRequestError, ConflictError
from tests.backoffice.office import Body, Office
from tests.fakes.clock import FakeClock

NOON = "2026-03-25T04:00:00.000Z"
HALL = {"id": "HALL", "role": "stock", "@referredType": "GeographicSite"}


@pytest.fixture
def stock(office: Office) -> None:
    """Ten SIM cards in the hall and five at another, two phones."""
    _stock(office, "sims", "SIM", 10)
    _stock(office, "elsewhere", "SIM", 5, place={**HALL, "id": "OTHER"})
    _stock(office, "phones", "PHONE", 2)


def _stock(office: Office, name: str, product: str, level: int, **more: Any) -> None:
    body = {"productStockStatusType": "available", "stockedProduct": {"id": product}, "place": HALL}
    office.has(
        "productStock", name, **{**body, "name": name, "productStockLevel": {"amount": level, "units": "piece"}, **more}
    )


def level(office: Office, name: str = "sims") -> Any:
    return office.get("productStock", name)["productStockLevel"]["amount"]


def pieces(amount: float, units: str = "piece") -> Body:
    return {"amount": amount, "units": units}


def adjust(office: Office, *changes: tuple[str, float], key: str | None = None, **more: Any) -> Body:
    items = [
        {"id": str(place), "productStockTarget": {"id": name}, "adjustProductStockQuantity": pieces(amount), **more}
        for place, (name, amount) in enumerate(changes)
    ]
    return office.ask("adjustProductStock", key, adjustProductStockItem=items)


def reserve(office: Office, amount: float, product: str = "SIM", stock: str = "", **more: Any) -> Body:
    wanted = {"productStockRequested": {"id": stock}} if stock else {}
    item = {"id": "1", "quantityRequested": pieces(amount), "requestedProduct": {"id": product}, **wanted}
    return office.ask("reserveProductStock", reserveProductStockItem=[item], **more)


def test_an_adjustment_changes_what_is_there(office: Office, stock: None) -> None:
    done = adjust(office, ("sims", -1), ("phones", 3))
    assert (done["state"], done["completedAdjustProductStockDate"], done["creationDate"]) == ("done", NOON, NOON)
    assert [item["state"] for item in done["adjustProductStockItem"]] == ["done", "done"]
    assert (level(office), level(office, "phones")) == (9, 5)
    assert office.get("productStock", "sims")["lastUpdate"] == NOON


def test_a_sale_that_is_sent_three_times_takes_one_card(office: Office, stock: None) -> None:
    for _ in range(3):
        adjust(office, ("sims", -1), key="K1")
    assert level(office) == 9


def test_an_adjustment_is_made_whole_or_not_at_all(office: Office, stock: None) -> None:
    for changes in ((("sims", -1), ("phones", -3)), (("sims", -1), ("missing", 1)), (("sims", -6), ("sims", -6))):
        done = adjust(office, *changes)
        assert done["state"] == "terminatedWithError"
        assert done["statusReason"]
        assert {item["state"] for item in done["adjustProductStockItem"]} == {"terminatedWithError"}
    assert (level(office), level(office, "phones")) == (10, 2)
    adjust(office, ("sims", -6), ("sims", -4))
    assert level(office) == 0


def test_another_unit_is_not_a_piece(office: Office, stock: None) -> None:
    item = {"id": "1", "productStockTarget": {"id": "sims"}, "adjustProductStockQuantity": pieces(1, "box")}
    done = office.ask("adjustProductStock", adjustProductStockItem=[item])
    assert (done["statusReason"], level(office)) == ("The stock counts in another unit.", 10)


def test_what_is_reserved_stays_there_but_is_not_available(office: Office, stock: None) -> None:
    done = reserve(office, 8, stock="sims")
    (item,) = done["reserveProductStockItem"]
    assert (done["reserveProductStockState"], item["productStockReserved"]["id"]) == ("done", "sims")
    assert (item["quantityReserved"]["amount"], level(office)) == (8, 10)
    assert done["validFor"]["endDateTime"] == "2026-03-25T04:15:00.000Z"
    assert adjust(office, ("sims", -3))["state"] == "terminatedWithError"
    assert adjust(office, ("sims", -2))["state"] == "done"
    assert reserve(office, 1, stock="sims")["reserveProductStockState"] == "terminatedWithError"


def test_a_reservation_is_over_by_itself(office: Office, stock: None, clock: FakeClock) -> None:
    reserve(office, 10, stock="sims")
    reserve(office, 5, stock="elsewhere", validFor={"endDateTime": "2026-03-25T05:00:00.000Z"})
    clock.move(by=timedelta(minutes=15))
    assert reserve(office, 10, stock="sims")["reserveProductStockState"] == "done"
    assert reserve(office, 1, stock="elsewhere")["reserveProductStockState"] == "terminatedWithError"
    assert len(office.get("productStock", "sims")["reservation"]) == 1


def test_who_takes_what_was_reserved_for_them_uses_the_reservation_up(office: Office, stock: None) -> None:
    mine = reserve(office, 10, stock="sims")
    assert adjust(office, ("sims", -10), reserveProductStock={"id": mine["id"]})["state"] == "done"
    stocked = office.get("productStock", "sims")
    assert (stocked["productStockLevel"]["amount"], stocked["reservation"]) == (0, [])


def test_a_reservation_finds_a_stock_that_has_enough(office: Office, stock: None) -> None:
    reserve(office, 8, stock="sims")
    done = reserve(office, 5)
    assert done["reserveProductStockItem"][0]["productStockReserved"]["id"] == "elsewhere"
    assert reserve(office, 3, place=HALL)["reserveProductStockState"] == "terminatedWithError"
    assert reserve(office, 0)["reserveProductStockState"] == "terminatedWithError"


def test_two_items_of_one_reservation_do_not_share_a_card(office: Office, stock: None) -> None:
    item = {"quantityRequested": pieces(6), "requestedProduct": {"id": "SIM"}, "productStockRequested": {"id": "sims"}}
    done = office.ask("reserveProductStock", reserveProductStockItem=[{"id": "1", **item}, {"id": "2", **item}])
    assert done["reserveProductStockState"] == "terminatedWithError"
    assert "reservation" not in office.get("productStock", "sims")


def test_a_reservation_that_fails_reserves_nothing_whatever_it_claims(office: Office, stock: None) -> None:
    claimed = {"quantityReserved": pieces(99), "productStockReserved": {"id": "sims"}}
    item = {"id": "1", "quantityRequested": pieces(99), "requestedProduct": {"id": "SIM"}, **claimed}
    done = office.ask("reserveProductStock", reserveProductStockItem=[item])
    assert done["reserveProductStockState"] == "terminatedWithError"
    assert not set(claimed) & set(done["reserveProductStockItem"][0])


def test_a_client_cannot_write_reservations(office: Office, stock: None) -> None:
    reserve(office, 10, stock="sims")
    assert len(office.change("productStock", "sims", reservation=[])["reservation"]) == 1


def test_no_change_lets_a_level_go_below_what_is_reserved(office: Office, stock: None) -> None:
    reserve(office, 4, stock="sims")
    for amount in (3, -5):
        with pytest.raises(ConflictError, match="below what is reserved"):
            office.change("productStock", "sims", productStockLevel=pieces(amount))
    with pytest.raises(BadRequestError, match="must be a number"):
        office.change("productStock", "sims", productStockLevel={"amount": "many"})
    assert level(office) == 10
    office.change("productStock", "sims", productStockLevel=pieces(4))
    assert level(office) == 4


@pytest.mark.parametrize("amount", [1e308, 1e-320])
def test_what_no_sum_can_hold_is_not_counted(office: Office, stock: None, amount: float) -> None:
    assert adjust(office, ("sims", amount))["state"] == "terminatedWithError"
    with pytest.raises(BadRequestError, match="six decimals"):
        office.change("productStock", "sims", productStockLevel=pieces(amount))
    assert level(office) == 10


def test_a_new_stock_has_nothing_or_more(office: Office) -> None:
    body: Body = {"productStockStatusType": "available", "stockedProduct": {"id": "SIM"}}
    with pytest.raises(ConflictError, match="below zero"):
        office.ask("productStock", **body, productStockLevel=pieces(-1))
    with pytest.raises(BadRequestError, match="must be a number"):
        office.ask("productStock", **body, productStockLevel={"amount": True})
    office.ask("productStock", **body, productStockLevel=pieces(0))


@pytest.mark.parametrize("end", ["2001-01-01T00:00:00.000Z", NOON])
def test_a_reservation_that_is_over_holds_nothing_and_says_so(office: Office, stock: None, end: str) -> None:
    done = reserve(office, 1, stock="sims", validFor={"endDateTime": end})
    assert (done["reserveProductStockState"], bool(done["statusReason"])) == ("terminatedWithError", True)
    assert "reservation" not in office.get("productStock", "sims")


def check(office: Office, amount: float, checked: Body, **more: Any) -> Body:
    stocked = {"stockedProduct": {"id": "SIM"}, "productStockLevel": {"amount": 0}, **checked}
    item = {"id": "1", "requestedQuantity": pieces(amount), "checkedProductStock": stocked, **more}
    task = office.ask("checkProductStock", checkProductStockItem=[item])
    assert (task["state"], task["completedCheckProductStockDate"]) == ("done", NOON)
    found: Body = task["checkProductStockItem"][0]
    return found


def test_a_check_answers_what_is_available(office: Office, stock: None) -> None:
    assert check(office, 10, {"id": "sims"})["availabilityResult"] == "available"
    assert check(office, 11, {"id": "sims"})["availabilityResult"] == "notAvailable"
    assert check(office, 10, {"place": HALL})["availabilityResult"] == "available"
    reserve(office, 6, stock="sims")
    assert check(office, 5, {"id": "sims"})["availabilityResult"] == "notAvailable"
    elsewhere = check(office, 5, {"id": "sims"}, provideAlternative=True)
    assert elsewhere["availabilityResult"] == "alternate"
    assert [one["alternateStock"]["id"] for one in elsewhere["alternate"]] == ["elsewhere"]


def test_stock_that_is_not_available_is_not_offered(office: Office, stock: None) -> None:
    _stock(office, "sims", "SIM", 10, productStockStatusType="unavailable")
    assert check(office, 6, {})["availabilityResult"] == "notAvailable"


def test_a_query_finds_stocks_by_what_is_in_them_and_where_they_are(office: Office, stock: None) -> None:
    def found(**criteria: Any) -> list[str]:
        asked = {"stockedProduct": {}, "productStockLevel": {"amount": 0}, **criteria}
        task = office.ask("queryProductStock", searchCriteria=asked)
        assert task["state"] == "done"
        return [one["id"] for one in task["queryProductStockItem"]]

    assert found(stockedProduct={"id": "SIM"}) == ["elsewhere", "sims"]
    assert found(stockedProduct={"id": "SIM"}, place=HALL) == ["sims"]
    assert found(place=HALL) == ["phones", "sims"]
    assert found(id="phones") == ["phones"]
    assert found() == []
