"""Whether an address is known (TMF673)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backoffice.office import Body, Office


@pytest.fixture
def street(office: Office) -> None:
    """Two houses of one street and one of another, with the same postcode."""
    for name, street, number in (("A1", "Nanjing Road", "1"), ("A2", "Nanjing Road", "2"), ("A3", "Café Lane", "1")):
        office.has("geographicAddress", name, city="Shanghai", postcode="200001", streetName=street, streetNr=number)


def validate(office: Office, *, alternatives: bool = False, **submitted: Any) -> Body:
    return office.ask(
        "geographicAddressValidation", submittedGeographicAddress=submitted, provideAlternative=alternatives
    )


def ids(addresses: list[Body]) -> list[str]:
    return [one["id"] for one in addresses]


def test_an_address_that_agrees_in_everything_is_valid(office: Office, street: None) -> None:
    done = validate(office, city="Shanghai", streetName="Nanjing Road", streetNr="2")
    assert (done["state"], done["validationResult"], done["validGeographicAddress"]["id"]) == ("done", "success", "A2")
    assert (done["alternateGeographicAddress"], done["validationDate"]) == ([], "2026-03-25T04:00:00.000Z")


def test_spelling_does_not_matter_where_something_is_spelled_as_it_is_kept(office: Office, street: None) -> None:
    done = validate(office, postcode="200001", streetName=" ＣＡＦＥ  lane", streetNr="１")
    assert done["validGeographicAddress"]["id"] == "A3"


def test_several_or_half_right_addresses_are_partial(office: Office, street: None) -> None:
    done = validate(office, alternatives=True, postcode="200001", streetName="Nanjing Road", streetNr="7")
    assert (done["validationResult"], ids(done["alternateGeographicAddress"])) == ("partial", ["A1", "A2", "A3"])
    assert "validGeographicAddress" not in done
    assert validate(office, city="Shanghai")["validationResult"] == "partial"
    assert validate(office, city="Shanghai")["alternateGeographicAddress"] == []


def test_what_nobody_knows_fails(office: Office, street: None) -> None:
    for submitted in ({"city": "Peking"}, {"streetSuffix": "N"}, {"id": "A9"}, {"streetNr": "1"}):
        done = validate(office, alternatives=True, **submitted)
        assert (done["validationResult"], done["alternateGeographicAddress"]) == ("fails", [])


def test_an_address_can_be_named_by_its_id(office: Office, street: None) -> None:
    assert validate(office, id="A1")["validationResult"] == "success"
    assert validate(office, id="A1", streetNr="2")["validationResult"] == "partial"


def test_what_is_submitted_anew_is_validated_anew(office: Office, street: None) -> None:
    wrong = validate(office, city="Peking")
    right = office.change(
        "geographicAddressValidation", wrong["id"], submittedGeographicAddress={"id": "A1", "city": None}
    )
    assert (right["validationResult"], right["validGeographicAddress"]["id"]) == ("success", "A1")
    worse = office.change("geographicAddressValidation", wrong["id"], submittedGeographicAddress={"id": "A9"})
    assert worse["validationResult"] == "fails"
    assert "validGeographicAddress" not in worse
    noted = office.change("geographicAddressValidation", wrong["id"], note="by phone", validationResult="success")
    assert noted["validationResult"] == "success"
