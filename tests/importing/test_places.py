"""Places with codes: Chinese divisions within each other, and how many people live in a postal code and its area."""

from __future__ import annotations

from pathlib import Path

import pytest

from backoffice.importing.table import FileUnusableError
from tests.importing.folders import Folder, base, clean_folder, detail
from tests.importing.look_alikes import AREAS, divisions, populations
from tests.importing.runs import Imported, run_import


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = clean_folder(tmp_path / "in", 1, 0)
    made.write()
    return made


def imported(folder: Folder) -> Imported:
    return run_import(folder.path, folder.path.with_name("out.db"))


def people(found: Imported, key: str) -> int:
    (mark,) = found.body("geographicSite", key)["siteCharacteristic"]
    return int(mark["value"])


def test_a_district_is_part_of_a_city_and_that_of_a_province(folder: Folder) -> None:
    divisions(folder, ["33,浙江省"], ["3301,杭州市,33"], ["330106,西湖区,3301,33"])
    found = imported(folder)
    site = found.body("geographicSite", "CN-330106")
    assert (site["name"], site["category"], site["siteRelationship"][0]["id"]) == ("西湖区", "district", "CN-3301")
    assert found.body("geographicSite", "CN-3301")["siteRelationship"][0]["name"] == "浙江省"
    assert found.body("geographicSite", "CN-33")["siteRelationship"] == []
    assert found.counted("regions") == {"rows": 3, "in": 3, "refused": 0, "noted": 0}


@pytest.mark.parametrize(
    ("city", "field", "reason"),
    [
        ("3301,,33", "name", "empty"),
        (",杭州市,33", "code", "no id"),
        ("3301,杭州市,", "provincecode", "part of no division here"),
        ("3301,杭州市,44", "provincecode", "part of no division here"),
        ("33,浙江,33,x", "", "4 fields instead of 3"),
    ],
)
def test_a_division_without_name_code_or_place_is_refused(folder: Folder, city: str, field: str, reason: str) -> None:
    divisions(folder, ["33,浙江省"], [city], [])
    found = imported(folder)
    assert found.reasons("refused") == [(field, 2, reason)]
    assert found.ids("geographicSite") == ["CN-33"]


def test_a_folder_of_divisions_must_be_whole(folder: Folder) -> None:
    divisions(folder, ["33,浙江省"], [], [])
    (folder.path / AREAS).unlink()
    with pytest.raises(FileUnusableError, match="china_division_areas"):
        imported(folder)


def test_postal_codes_and_their_areas_tell_how_many_people_live_there(folder: Folder) -> None:
    populations(folder, "90001,54492", "90002,44586", "92101,7", "90003,0")
    found = imported(folder)
    assert found.ids("geographicSite") == ["US-900", "US-90001", "US-90002", "US-90003", "US-921", "US-92101"]
    assert (people(found, "US-90001"), people(found, "US-900"), people(found, "US-921")) == (54_492, 99_078, 7)
    assert found.body("geographicSite", "US-90001")["siteRelationship"][0]["id"] == "US-900"


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("9001,5", "zipcode", "not a postal code of five digits"),
        ("900O1,5", "zipcode", "not a postal code of five digits"),
        (",5", "zipcode", "no id"),
        ("90002,", "population", "not a number of people"),
        ("90002,-5", "population", "not a number of people"),
        ('90002,"5,000"', "population", "not a number of people"),
        ("90001,9", "zipcode", "an earlier row has this id"),
    ],
)
def test_people_who_cannot_be_counted_are_refused(folder: Folder, row: str, field: str, reason: str) -> None:
    populations(folder, "90001,5", row)
    found = imported(folder)
    assert found.reasons("refused") == [(field, 3, reason)]
    assert people(found, "US-900") == 5


def territory(found: Imported) -> object:
    marks = {mark["name"]: mark["value"] for mark in found.body("customer", "0001-ABCDE")["characteristic"]}
    return marks.get("territory")


@pytest.mark.parametrize(("code", "expected"), [("90001", "US-900"), ("9000", None), ("", None), ("A1B 2C3", None)])
def test_a_customer_s_territory_is_the_area_of_the_postal_code(tmp_path: Path, code: str, expected: str | None) -> None:
    folder = Folder(tmp_path / "in", [base("0001-ABCDE")], [detail("0001-ABCDE", Zipcode=code)])
    folder.write()
    assert territory(imported(folder)) == expected
