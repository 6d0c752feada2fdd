"""Customers: what both files say becomes complete documents; odd values are noted, only unusable rows are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.importing.folders import Folder, base, detail
from tests.importing.runs import Imported, run_import

ID = "0001-ABCDE"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "in", [base(ID)], [detail(ID)])


def imported(folder: Folder, contacts_seed: int | None = None) -> Imported:
    return run_import(folder.write(), folder.path.with_name("out.db"), contacts_seed)


def characteristics(body: dict[str, Any], attribute: str) -> dict[str, Any]:
    return {member["name"]: member["value"] for member in body[attribute]}


def test_a_customer_has_the_id_of_the_source_no_name_and_its_place(folder: Folder) -> None:
    customer = imported(folder).body("customer", ID)
    assert (customer["id"], customer["name"], customer["status"]) == (ID, "", "active")
    assert customer["engagedParty"]["id"] == f"I-{ID}"
    assert customer["contactMedium"] == [
        {
            "mediumType": "postalAddress",
            "preferred": False,
            "characteristic": {
                "street1": "",
                "city": "Springfield",
                "postCode": "90001",
                "stateOrProvince": "California",
                "country": "US",
            },
        }
    ]
    assert characteristics(customer, "characteristic")["latitude"] == 34.5


def test_the_person_has_gender_marital_status_and_age(folder: Folder) -> None:
    person = imported(folder).body("individual", f"I-{ID}")
    assert (person["gender"], person["maritalStatus"], person["givenName"]) == ("female", "married", "")
    assert characteristics(person, "partyCharacteristic") == {"age": 37, "dependents": 0}


def test_the_account_has_payment_method_paper_and_what_was_billed(folder: Folder) -> None:
    account = imported(folder).body("billingAccount", f"A-{ID}")
    assert account["defaultPaymentMethod"]["name"] == "Credit Card"
    assert account["billStructure"]["presentationMedia"] == [{"name": "email", "isRef": False}]
    assert account["accountBalance"][0]["amount"] == {"unit": "USD", "value": 593.3}


def test_the_main_product_carries_the_charge_the_term_and_the_start(folder: Folder) -> None:
    product = imported(folder).body("product", f"{ID}-main")
    assert (product["name"], product["status"]) == ("Phone + Cable internet", "active")
    assert product["startDate"] == "2021-09-30T00:00:00.000Z"
    assert product["productPrice"][0]["price"] == {"taxIncludedAmount": {"unit": "USD", "value": 65.6}}
    assert product["productTerm"][0]["duration"] == {"amount": 12, "units": "month"}
    assert [service["id"] for service in product["realizingService"]] == [f"{ID}-phone", f"{ID}-internet"]


def test_each_add_on_is_a_product_and_a_service_of_its_own(folder: Folder) -> None:
    found = imported(folder)
    assert sorted(key for collection, key in found.bodies if collection == "service") == [
        f"{ID}-internet",
        f"{ID}-onlineBackup",
        f"{ID}-phone",
        f"{ID}-unlimitedData",
    ]
    assert found.body("product", f"{ID}-onlineBackup")["productPrice"][0]["price"]["taxIncludedAmount"]["value"] == 0
    assert found.body("service", f"{ID}-internet")["serviceType"] == "broadband"
    assert characteristics(found.body("service", f"{ID}-internet"), "serviceCharacteristic") == {"technology": "Cable"}


def test_a_second_line_is_a_service_of_its_own(folder: Folder) -> None:
    folder.detail = [detail(ID, MultipleLines="Yes")]
    assert imported(folder).body("service", f"{ID}-phone2")["serviceType"] == "fixedVoice"


def test_who_left_is_inactive_with_the_reason_and_holds_nothing_any_more(folder: Folder) -> None:
    folder.detail = [detail(ID, Customerstatus="Churned", Churncategory="Price", Churnreason="Price too high")]
    found = imported(folder)
    customer = found.body("customer", ID)
    assert (customer["status"], customer["statusReason"]) == ("inactive", "Price too high")
    assert characteristics(customer, "characteristic")["churnCategory"] == "Price"
    assert found.body("product", f"{ID}-main")["terminationDate"] == "2022-06-30T00:00:00.000Z"
    assert {body["status"] for (kind, _), body in found.bodies.items() if kind == "product"} == {"terminated"}
    assert {body["state"] for (kind, _), body in found.bodies.items() if kind == "service"} == {"terminated"}


def test_refunds_and_extra_charges_are_kept(folder: Folder) -> None:
    marks = characteristics(imported(folder).body("customer", ID), "characteristic")
    assert (marks["totalRefunds"], marks["totalExtraDataCharges"]) == (0, 10)


def test_a_blank_total_is_noted_and_the_other_file_fills_it(folder: Folder) -> None:
    folder.base = [base(ID, TotalCharges=" ")]
    found = imported(folder)
    assert found.reasons("noted") == [("totalcharges", 2, "empty")]
    assert found.body("billingAccount", f"A-{ID}")["accountBalance"][0]["amount"]["value"] == 593.3


def test_a_negative_charge_is_noted_and_the_price_comes_from_the_other_file(folder: Folder) -> None:
    folder.detail = [detail(ID, Monthlycharge="-4")]
    found = imported(folder)
    assert found.reasons("noted") == [("monthlycharge", 2, "negative")]
    assert found.body("product", f"{ID}-main")["productPrice"][0]["price"]["taxIncludedAmount"]["value"] == 65.6


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("Age", "old", "not a number"),
        ("Age", "230", "not between 0 and 130"),
        ("Latitude", "134.5", "not between -90 and 90"),
        ("Internettype", "Carrier pigeon", "not known"),
        ("Contract", "Forever", "not known"),
        ("Onlinebackup", "maybe", "neither yes nor no"),
        ("Customerstatus", "Vanished", "not known"),
    ],
)
def test_an_odd_value_is_noted_and_the_customer_is_taken(folder: Folder, column: str, value: str, reason: str) -> None:
    folder.detail = [detail(ID, **{column: value})]
    found = imported(folder)
    assert found.reasons("noted") == [(column.casefold(), 2, reason)]
    assert found.counted("customers") == {"rows": 1, "in": 1, "refused": 0, "noted": 1}


@pytest.mark.parametrize(("column", "value"), [("tenure", "long"), ("tenure", "1.5"), ("tenure", "99999999")])
def test_a_customer_of_unknown_tenure_is_refused(folder: Folder, column: str, value: str) -> None:
    folder.base, folder.detail = [base(ID, **{column: value})], []
    found = imported(folder)
    assert found.reasons("refused") == [("tenure", 2, "no number of months")]
    assert found.ids("customer") == found.ids("product") == []


def test_a_customer_without_a_readable_charge_is_refused(folder: Folder) -> None:
    folder.base, folder.detail = [base(ID, MonthlyCharges="n/a")], []
    assert imported(folder).reasons("refused") == [("monthlycharges", 2, "no number")]


def test_a_customer_of_one_file_is_taken_and_noted(folder: Folder) -> None:
    folder.base.append(base("0002-ONLYA"))
    folder.detail.append(detail("0003-ONLYB"))
    found = imported(folder)
    assert {key for kind, key in found.bodies if kind == "customer"} == {ID, "0002-ONLYA", "0003-ONLYB"}
    assert found.counted("customers") == {"rows": 3, "in": 3, "refused": 0, "noted": 2}


def test_a_column_that_is_not_there_is_reported(folder: Folder) -> None:
    path = folder.write()
    folder.detail_file.write_text(folder.detail_file.read_text("utf-8").replace("City", "Town"), "utf-8")
    found = run_import(path, path.with_name("out.db"))
    assert found.reasons("noted") == [("city", 1, "no such column")]


def test_names_stay_empty_unless_contacts_are_asked_for(folder: Folder) -> None:
    with_contacts = imported(folder, contacts_seed=7)
    customer = with_contacts.body("customer", ID)
    assert customer["name"] == with_contacts.body("individual", f"I-{ID}")["fullName"] != ""
    assert characteristics(customer, "characteristic")["syntheticContacts"] is True
    assert [medium["mediumType"] for medium in customer["contactMedium"]] == ["phone", "email", "postalAddress"]
    assert "syntheticContacts" not in characteristics(imported(folder).body("customer", ID), "characteristic")
