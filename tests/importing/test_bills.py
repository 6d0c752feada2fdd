"""Bills: what was charged in all, split as far as the files tell, and nothing more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importing.folders import Folder, base, detail
from tests.importing.runs import Imported, run_import

ID = "0001-ABCDE"


def imported(tmp_path: Path, **cells: str) -> Imported:
    """Somebody of nine months who paid 65.6 a month, 593.3 in all, and 391.51 for long distance and extra data."""
    return run_import(Folder(tmp_path / "in", [base(ID)], [detail(ID, **cells)]).write(), tmp_path / "out.db")


def amounts(found: Imported) -> dict[str, float]:
    return {key[-1]: found.body("customerBill", key)["amountDue"]["value"] for key in found.ids("customerBill")}


def test_the_bills_come_to_what_the_files_say(tmp_path: Path) -> None:
    found = imported(tmp_path)
    assert amounts(found) == {"1": 527.7, "2": 65.6, "3": 391.51}
    assert round(sum(amounts(found).values()), 2) == 984.81


def test_a_bill_adds_up_from_its_lines(tmp_path: Path) -> None:
    found = imported(tmp_path, Totalrefunds="20.5")
    lines = [found.body("appliedCustomerBillingRate", key) for key in found.ids("appliedCustomerBillingRate")]
    for bill, amount in amounts(found).items():
        mine = [line["taxIncludedAmount"]["value"] for line in lines if line["bill"]["id"] == f"B-{ID}-{bill}"]
        assert round(sum(mine), 2) == amount
    assert amounts(found)["3"] == 371.01
    assert {line["isBilled"] for line in lines} == {True}


def test_the_last_month_is_one_bill_on_the_product_it_is_for(tmp_path: Path) -> None:
    found = imported(tmp_path)
    bill = found.body("customerBill", f"B-{ID}-2")
    assert bill["billingPeriod"] == {
        "startDateTime": "2022-05-30T00:00:00.000Z",
        "endDateTime": "2022-06-30T00:00:00.000Z",
    }
    assert (bill["state"], bill["remainingAmount"]) == ("settled", {"unit": "USD", "value": 0.0})
    assert (bill["paymentDueDate"], bill["nextBillDate"]) == ("2022-07-21T00:00:00.000Z", "2022-07-30T00:00:00.000Z")
    assert bill["billingAccount"]["id"] == f"A-{ID}"
    assert bill["relatedParty"][0]["id"] == ID
    assert found.body("appliedCustomerBillingRate", f"B-{ID}-2-charge")["product"]["id"] == f"{ID}-main"


def test_who_left_gets_no_next_bill(tmp_path: Path) -> None:
    assert "nextBillDate" not in imported(tmp_path, Customerstatus="Churned").body("customerBill", f"B-{ID}-2")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"Tenureinmonths": "1", "Totalcharges": "65.6"}, {"2": 65.6, "3": 391.51}),
        ({"Tenureinmonths": "1", "Totalcharges": "40"}, {"2": 40.0, "3": 391.51}),
        ({"Totalcharges": "0"}, {"3": 391.51}),
        ({"Totallongdistancecharges": "0", "Totalextradatacharges": "0"}, {"1": 527.7, "2": 65.6}),
        ({"Totallongdistancecharges": "none", "Totalextradatacharges": ""}, {"1": 527.7, "2": 65.6}),
    ],
)
def test_nothing_is_billed_that_was_not_charged(
    tmp_path: Path, cells: dict[str, str], expected: dict[str, float]
) -> None:
    assert amounts(imported(tmp_path, **cells)) == expected


def test_a_credit_is_no_month_s_charge(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "in", [base(ID, MonthlyCharges="-4")], [detail(ID, Monthlycharge="-4")])
    assert amounts(run_import(folder.write(), tmp_path / "out.db")) == {"1": 593.3, "3": 391.51}


def test_who_was_charged_nothing_has_no_bill(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "in", [base(ID, TotalCharges=" ")])
    assert run_import(folder.write(), tmp_path / "out.db").ids("customerBill") == []
