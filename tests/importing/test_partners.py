"""Providers: who stands behind the services that come from a third party, on what terms, and that these are made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.importing.folders import clean_folder
from tests.importing.look_alikes import dictionary
from tests.importing.runs import Imported, run_import

TV = 'Customer Churn,Streaming TV,"Indicates if the customer streams from a third party provider: Yes, No"'


def imported(tmp_path: Path, *rows: str) -> Imported:
    folder = clean_folder(tmp_path / "in", 1, 0)
    folder.write()
    dictionary(folder, *rows)
    return run_import(folder.path, tmp_path / "out.db")


def marks(body: dict[str, Any], attribute: str = "characteristic") -> dict[str, Any]:
    return {mark["name"]: mark["value"] for mark in body[attribute]}


def test_a_service_of_a_third_party_has_a_provider_with_agreement_share_and_account(tmp_path: Path) -> None:
    found = imported(tmp_path, TV)
    role = found.body("partyRole", "VASP-streaming-tv")
    assert (role["name"], role["engagedParty"]["id"]) == ("valueAddedServiceProvider", "O-VASP-streaming-tv")
    agreement = found.body("agreement", role["agreement"][0]["id"])
    assert agreement["engagedParty"][0]["id"] == "VASP-streaming-tv"
    assert marks(agreement)["ratingSharePercent"] == 60
    assert agreement["agreementItem"][0]["productOffering"][0]["id"] in found.ids("productOffering")
    assert found.body("settlementAccount", role["account"][0]["id"])["relatedParty"][0]["id"] == "VASP-streaming-tv"


def test_what_no_file_says_of_them_is_marked_as_made_up(tmp_path: Path) -> None:
    found = imported(tmp_path, TV)
    assert marks(found.body("partyRole", "VASP-streaming-tv"))["synthetic"] is True
    assert marks(found.body("agreement", "AG-VASP-streaming-tv"))["synthetic"] is True
    assert marks(found.body("organization", "O-VASP-streaming-tv"), "partyCharacteristic") == {"synthetic": True}


def test_what_the_operator_provides_itself_has_no_provider(tmp_path: Path) -> None:
    found = imported(tmp_path, "Customer Churn,Online Backup,an additional service provided by the company", TV, TV)
    assert found.ids("partyRole") == ["VASP-streaming-tv"]
    assert found.counted("partners") == {"rows": 3, "in": 3, "refused": 0, "noted": 0}


def test_a_row_about_nothing_is_refused_and_broken_letters_are_taken(tmp_path: Path) -> None:
    found = imported(tmp_path, "Customer Churn, ,a third party provider", "Customer Churn,Gender,The customerís", "one")
    assert found.reasons("refused") == [("field", 2, "empty"), ("", 4, "1 fields instead of 3")]
    assert found.ids("partyRole") == []
