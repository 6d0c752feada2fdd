"""Mobile networks by their codes; an entry that is none is refused on its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from backoffice.importing.table import FileUnusableError
from tests.importing.folders import clean_folder
from tests.importing.look_alikes import OPERATORS, operator, operators, put
from tests.importing.runs import Imported, run_import


def imported(tmp_path: Path, *entries: object) -> Imported:
    folder = clean_folder(tmp_path / "in", 1, 0)
    folder.write()
    operators(folder, *entries)
    return run_import(folder.path, tmp_path / "out.db")


def test_a_network_is_called_by_its_brand_and_has_its_codes(tmp_path: Path) -> None:
    body = imported(tmp_path, operator("460", "00", "中国移动")).body("resource", "PLMN-460-00")
    assert (body["name"], body["category"], body["usageState"]) == ("中国移动", "publicLandMobileNetwork", "active")
    marks = {mark["name"]: mark["value"] for mark in body["resourceCharacteristic"]}
    assert (marks["mcc"], marks["mnc"], marks["operator"]) == ("460", "00", "Aquafon JSC")


def test_a_network_that_does_not_run_is_idle_and_one_without_brand_has_its_operator_s_name(tmp_path: Path) -> None:
    body = imported(tmp_path, operator("289", "67", None, "Not operational")).body("resource", "PLMN-289-67")
    assert (body["name"], body["usageState"]) == ("Aquafon JSC", "idle")


@pytest.mark.parametrize(("mnc", "key"), [("100 - 190", "PLMN-314-100 - 190"), ("?", "PLMN-314-?"), ("", "PLMN-314-x")])
def test_odd_network_codes_are_kept(tmp_path: Path, mnc: str, key: str) -> None:
    found = imported(tmp_path, operator("314", mnc))
    assert found.ids("resource") == [key]
    assert found.body("resource", key)["href"].endswith(f"/resource/{quote(key)}")


def test_codes_that_were_given_out_twice_stay_apart(tmp_path: Path) -> None:
    found = imported(tmp_path, operator("289", "67", "one"), operator("289", "67", "two"))
    assert [found.body("resource", key)["name"] for key in found.ids("resource")] == ["one", "two"]


@pytest.mark.parametrize("wrong", [None, 5, [], {}, {"mcc": 289, "mnc": "67"}, {"mcc": "Abkhazia", "mnc": "67"}])
def test_an_entry_without_codes_is_refused_on_its_line(tmp_path: Path, wrong: Any) -> None:
    found = imported(tmp_path, operator("289", "67"), wrong, operator("289", "88"))
    assert found.reasons("refused") == [("mcc", 14, "no country and network code")]
    assert found.ids("resource") == ["PLMN-289-67", "PLMN-289-88"]


@pytest.mark.parametrize("content", ["", "{}", '[{"mcc": "289"', "[1,]"])
def test_a_list_that_breaks_off_stops_the_import(tmp_path: Path, content: str) -> None:
    folder = clean_folder(tmp_path / "in", 1, 0)
    folder.write()
    put(folder, OPERATORS, content)
    with pytest.raises(FileUnusableError, match="not a JSON list"):
        run_import(folder.path, tmp_path / "out.db")
