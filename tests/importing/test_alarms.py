"""Alarms: a device where it first speaks, an alarm for each row; attaching customers to devices is made up and says so."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from backoffice.importing.table import FileUnusableError
from tests.importing.folders import Folder, base, clean_folder, detail
from tests.importing.look_alikes import alarms
from tests.importing.runs import Imported, run_import


def imported(tmp_path: Path, *rows: str) -> Imported:
    folder = clean_folder(tmp_path / "in", 1, 0)
    folder.write()
    alarms(folder, *rows)
    return run_import(folder.path, tmp_path / "out.db")


def test_an_alarm_tells_device_kind_begin_and_end(tmp_path: Path) -> None:
    found = imported(tmp_path, "11,28,30685,30835")
    body = found.body("alarm", "AL-11-28-30685-30835")
    assert (body["probableCause"], body["alarmedObject"]["id"]) == ("type-11", "DEV-28")
    assert (body["state"], body["perceivedSeverity"]) == ("cleared", "cleared")
    assert (body["alarmRaisedTime"], body["alarmClearedTime"]) == (
        "2021-11-02T08:31:25.000Z",
        "2021-11-02T08:33:55.000Z",
    )
    assert found.body("resource", "DEV-28")["category"] == "wirelessDevice"


def test_a_device_is_there_once_however_often_it_speaks(tmp_path: Path) -> None:
    found = imported(tmp_path, "11,28,1,2", "1,28,1,2", "1,28,3,4")
    assert found.ids("resource") == ["DEV-28"]
    assert len(found.ids("alarm")) == 3


def test_an_alarm_of_no_length_is_one(tmp_path: Path) -> None:
    assert imported(tmp_path, "1,2,7,7").counted("alarms") == {"rows": 1, "in": 1, "refused": 0, "noted": 0}


def test_a_repeated_row_is_one_alarm_and_noted(tmp_path: Path) -> None:
    found = imported(tmp_path, "1,2,7,9", "3,2,7,9", "1,2,7,9")
    assert found.reasons("noted") == [("", 4, "repeated")]
    assert len(found.ids("alarm")) == 2


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (",2,7,9", "alarm_id", "empty"),
        ("1,,7,9", "device_id", "empty"),
        ("1,2,x,9", "start_timestamp", "not a number of seconds"),
        ("1,2,-7,9", "start_timestamp", "not a number of seconds"),
        ("1,2,٣,9", "start_timestamp", "not a number of seconds"),
        ("1,2,7,", "end_timestamp", "not a number of seconds"),
        ("1,2,7,99999999999", "end_timestamp", "not a number of seconds"),
        ("1,2,7," + "9" * 40, "end_timestamp", "not a number of seconds"),
        ("1,2,9,7", "end_timestamp", "before the start"),
        ("1,2,9", "", "3 fields instead of 4"),
    ],
)
def test_an_alarm_that_cannot_be_placed_is_refused(tmp_path: Path, row: str, field: str, reason: str) -> None:
    found = imported(tmp_path, row, "1,2,7,9")
    assert found.reasons("refused") == [(field, 2, reason)]
    assert found.ids("alarm") == ["AL-1-2-7-9"]


def homes(tmp_path: Path, attach_seed: int | None) -> Imported:
    """Forty homes in four postal codes, with twelve devices around."""
    ids = [f"{number:04}-ABCDE" for number in range(40)]
    codes = ("90001", "90002", "92101", "94103")
    rows = [detail(one, Zipcode=codes[turn % len(codes)]) for turn, one in enumerate(ids)]
    folder = Folder(tmp_path / "in", [base(one) for one in ids], rows)
    folder.write()
    alarms(folder, *(f"1,{device},{device},99" for device in range(12)))
    return run_import(folder.path, tmp_path / f"{attach_seed}.db", attach_seed=attach_seed)


def devices(found: Imported) -> dict[str, str]:
    """The device behind each main service."""
    bodies = {key: found.body("service", key) for key in found.ids("service")}
    return {key: body["supportingResource"][0]["id"] for key, body in bodies.items() if body["supportingResource"]}


def test_without_being_asked_nobody_hangs_on_a_device(tmp_path: Path) -> None:
    assert devices(homes(tmp_path, None)) == {}


def test_a_home_hangs_on_a_device_that_is_there_and_the_link_is_marked_as_made_up(tmp_path: Path) -> None:
    found = homes(tmp_path, 5)
    assert len(devices(found)) == 80  # a phone and a line in each
    assert set(devices(found).values()) <= set(found.ids("resource"))
    for key in found.ids("service"):
        body = found.body("service", key)
        marks = {mark["name"]: mark["value"] for mark in body["serviceCharacteristic"]}
        assert marks.get("syntheticAttachment", False) == bool(body["supportingResource"])


def test_a_postal_code_hangs_on_one_device_and_the_same_one_for_the_same_seed(tmp_path: Path) -> None:
    found = homes(tmp_path, 5)
    assert sorted(Counter(devices(found).values()).values()) in ([20] * 4, [20, 20, 40], [40, 40])
    assert devices(homes(tmp_path, 5)) == devices(found)
    assert devices(homes(tmp_path, 6)) != devices(found)


def test_nobody_can_be_attached_where_there_are_no_alarms(tmp_path: Path) -> None:
    with pytest.raises(FileUnusableError, match="no devices"):
        run_import(clean_folder(tmp_path / "in").write(), tmp_path / "out.db", attach_seed=1)
    assert not (tmp_path / "out.db").exists()
