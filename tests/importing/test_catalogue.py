"""The catalogue: prices told by what customers pay for all of theirs together, and what can be sold at them."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tests.importing.folders import Folder, base
from tests.importing.runs import Imported, run_import

PRICES = {
    "phone": 20,
    "second-line": 5,
    "dsl-internet": 25,
    "fiber-internet": 50,
    "online-security": 5,
    "online-backup": 5,
    "device-protection": 5,
    "premium-tech-support": 5,
    "streaming-tv": 10,
    "streaming-movies": 10,
}
ADD_ONS = ("OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV", "StreamingMovies")


def who_pays(number: int, phone: int, net: str, held: tuple[bool, ...], noise: float) -> list[str]:
    """Somebody who has these things (`phone`: how many lines), and is charged for each, give or take a little."""
    add_ons = dict(zip(ADD_ONS, held, strict=True))
    by_key = dict(zip(list(PRICES)[4:], held, strict=True))
    charge = (0, 20, 25)[phone] + {"No": 0, "DSL": 25, "Fiber optic": 50}[net]
    charge += sum(PRICES[key] for key, has in by_key.items() if has)
    cells = {name: "Yes" if has else "No" for name, has in add_ons.items()}
    lines = {"PhoneService": "Yes" if phone else "No", "MultipleLines": "Yes" if phone > 1 else "No"}
    return base(f"{number:04}-ABCDE", InternetService=net, MonthlyCharges=f"{charge + noise:.2f}", **lines, **cells)


def every_kind() -> list[list[str]]:
    """Customers of every kind; what they are charged errs by up to a dollar, on the whole by nothing."""
    rows: list[list[str]] = []
    for phone, net in product((0, 1, 2), ("No", "DSL", "Fiber optic")):
        for turn in range(len(ADD_ONS) + 1):
            held = tuple(net != "No" and place in (turn - 1, (turn + 1) % 6) for place in range(len(ADD_ONS)))
            for noise in (-1.0, 0.25, 0.75):
                rows.append(who_pays(len(rows), phone, net, held, noise))
    return rows


def imported(tmp_path: Path, rows: list[list[str]]) -> Imported:
    return run_import(Folder(tmp_path / "in", rows).write(), tmp_path / "out.db")


def prices(found: Imported) -> dict[str, float]:
    return {key: found.body("productOfferingPrice", key)["price"]["value"] for key in found.ids("productOfferingPrice")}


def test_ten_prices_are_told_by_what_customers_pay_in_all(tmp_path: Path) -> None:
    found = imported(tmp_path, every_kind())
    assert prices(found) == PRICES
    assert found.counted("catalogue") == {"rows": 10, "in": 10, "refused": 0, "noted": 0}


@pytest.mark.parametrize("charge", ["", "n/a", "-20", "1e9"])
def test_a_charge_that_cannot_be_one_tells_no_price(tmp_path: Path, charge: str) -> None:
    rows = [*every_kind(), base("9999-WRONG", MonthlyCharges=charge)]
    assert prices(imported(tmp_path, rows)) == PRICES


def test_what_is_never_held_apart_has_no_price(tmp_path: Path) -> None:
    found = imported(tmp_path, [who_pays(number, 2, "DSL", (False,) * 6, 0.0) for number in range(9)])
    assert prices(found) == {}
    assert found.counted("catalogue")["rows"] == 0
    assert found.body("productOffering", "phone")["productOfferingPrice"] == []


def test_an_offering_has_its_specification_its_price_and_its_shelf(tmp_path: Path) -> None:
    found = imported(tmp_path, every_kind())
    phone = found.body("productOffering", "phone")
    assert (phone["productSpecification"]["id"], phone["isBundle"]) == ("phone", False)
    assert [price["id"] for price in phone["productOfferingPrice"]] == ["phone"]
    shelf = found.body("category", phone["category"][0]["id"])
    assert {offering["id"] for offering in shelf["productOffering"]} == set(found.ids("productOffering"))
    assert found.body("catalog", "residential")["category"][0]["id"] == shelf["id"]
    assert found.body("productSpecification", "phone")["lastUpdate"] == "2022-06-30T00:00:00.000Z"


def test_a_bundle_names_its_parts(tmp_path: Path) -> None:
    bundle = imported(tmp_path, every_kind()).body("productOffering", "phone-second-line-dsl-internet")
    assert bundle["isBundle"]
    assert [part["id"] for part in bundle["bundledProductOffering"]] == ["phone", "second-line", "dsl-internet"]


def test_every_product_is_one_that_is_offered(tmp_path: Path) -> None:
    found = imported(tmp_path, [*every_kind(), base("9999-NOTHING", PhoneService="No", InternetService="No")])
    offered = set(found.ids("productOffering"))
    held = {found.body("product", key)["productOffering"]["id"] for key in found.ids("product")}
    assert held <= offered
    assert {"phone-second-line-fiber-internet", "no-phone-or-internet", "streaming-tv"} <= held
