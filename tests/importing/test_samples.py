"""Sample payloads: checked like requests, mended where that is small, never taken for the operator's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.importing.folders import Folder, clean_folder
from tests.importing.look_alikes import TICKET, put, sample
from tests.importing.runs import Imported, run_import

TICKET_FILE = "tmf/TMF621__TroubleTicket.example"
PARTY = {"id": "P1", "name": "Jane", "@referredType": "Individual"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = clean_folder(tmp_path / "in", 1, 1)
    made.write()
    return made


def imported(folder: Folder) -> Imported:
    return run_import(folder.path, folder.path.with_name("out.db"))


def refused(folder: Folder, name: str, body: object) -> list[tuple[str, str]]:
    """Field and reason for which a payload is refused."""
    sample(folder, name, body)
    return [(field, reason) for field, _, reason in imported(folder).reasons("refused")]


def test_a_sample_never_takes_the_place_of_a_resource_of_the_operator_s(folder: Folder) -> None:
    sample(folder, TICKET_FILE, {**TICKET, "id": "1000"})
    found = imported(folder)
    assert found.ids("troubleTicket") == ["1000", "sample-1000"]
    assert found.body("troubleTicket", "1000")["name"] == "Slow line"


@pytest.mark.parametrize("odd", ["a\0b", "x" * 300])
def test_a_sample_that_nobody_could_ask_for_is_refused(folder: Folder, odd: str) -> None:
    assert refused(folder, TICKET_FILE, {**TICKET, "id": odd}) == [("id", "no id that could be asked for")]


def test_words_of_closed_lists_are_spelled_as_the_specification_spells_them(folder: Folder) -> None:
    sample(folder, TICKET_FILE, TICKET)
    assert imported(folder).body("troubleTicket", "sample-3180")["status"] == "inProgress"


def test_a_sample_without_id_and_instants_gets_them_from_its_file_s_name_and_the_folder_s_day(folder: Folder) -> None:
    sample(folder, "oda/test_payloads__enterprise_gold_offering", {"name": "Gold", "extra": {"kept": 1}})
    body = imported(folder).body("productOffering", "sample-enterprise_gold_offering")
    assert (body["lastUpdate"], body["lifecycleStatus"]) == ("2022-06-30T00:00:00.000Z", "In study")
    assert (body["isSellable"], body["extra"]) == (True, {"kept": 1})


def test_a_payload_that_is_nested_too_deeply_is_refused_and_what_follows_is_read(folder: Folder) -> None:
    deep = json.loads("[" * 700 + "]" * 700)
    sample(folder, "deep_offering", {"id": "deep", "name": "x", "odd": deep})
    sample(folder, "next_offering", {"id": "next", "name": "y"})
    found = imported(folder)
    assert found.reasons("refused") == [("", 1, "nested too deeply")]
    assert "sample-next" in found.ids("productOffering")


def test_a_list_of_payloads_is_as_many_resources(folder: Folder) -> None:
    sample(folder, TICKET_FILE, [TICKET, {**TICKET, "id": "3181"}, TICKET])
    found = imported(folder)
    assert found.counted("samples") == {"rows": 3, "in": 2, "refused": 1, "noted": 0}
    assert found.reasons("refused") == [("id", 1, "an earlier payload has this id")]


@pytest.mark.parametrize(
    ("name", "body", "path", "reason"),
    [
        ("TMF642__Alarm", {"parentAlarm": {"id": "1"}}, "parentAlarm", "taken as list"),
        ("TMF642__Alarm", {"serviceAffecting": "true"}, "serviceAffecting", "taken as truth"),
        ("TMF642__Alarm", {"alarmedObject": [{"id": "R1"}]}, "alarmedObject", "taken as object"),
        ("x_category", {"relatedParty": [{"id": "P1"}]}, "relatedParty.@referredType", "filled in"),
    ],
)
def test_small_faults_are_mended_and_noted(
    folder: Folder, name: str, body: dict[str, Any], path: str, reason: str
) -> None:
    alarm = {"alarmType": "x", "perceivedSeverity": "major", "probableCause": "x", "sourceSystemId": "x"}
    rest = {"state": "raised", "alarmRaisedTime": "2018-01-01T00:00:00Z", "alarmedObject": {"id": "R1"}, "name": "x"}
    sample(folder, name, {**alarm, **rest, **body})
    found = imported(folder)
    assert found.reasons("noted") == [(path, 1, reason)]
    assert found.counted("samples") == {"rows": 1, "in": 1, "refused": 0, "noted": 1}


@pytest.mark.parametrize(
    ("name", "body", "field", "reason"),
    [
        (TICKET_FILE, {**TICKET, "description": None}, "description", "is required."),
        (TICKET_FILE, {**TICKET, "status": "lost"}, "status", "must be one of: acknowledged"),
        (TICKET_FILE, {**TICKET, "note": "none"}, "note", "must be a list of objects."),
        (TICKET_FILE, {**TICKET, "relatedParty": [{"name": "Jane"}]}, "relatedParty.id", "required, and not there"),
        ("TMF638__Service", {"serviceOrderItem": [{"itemAction": "x"}]}, "serviceOrderItem.itemAction", "none of: add"),
        ("TMF688__Event", {"title": "x"}, "topic", "required, and not there"),
        ("TMF688__Hub", {"callback": "http://198.51.100.1/"}, "", "no collection of that name is kept here"),
        ("readme", {"name": "x"}, "", "no collection of that name is kept here"),
        (TICKET_FILE, "text", "", "not a JSON object"),
        (TICKET_FILE, [1], "", "not a JSON object"),
    ],
)
def test_a_payload_that_is_wrong_is_refused_with_field_and_reason(
    folder: Folder, name: str, body: object, field: str, reason: str
) -> None:
    ((found_field, found_reason),) = refused(folder, name, body)
    assert (found_field, found_reason[: len(reason)]) == (field, reason)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "not a JSON object"),
        ("", "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        ('{"name": "' + "x" * 600_000 + '"}', "larger than 500000 bytes"),
    ],
)
def test_a_file_that_is_no_payload_is_refused(folder: Folder, content: str, reason: str) -> None:
    put(folder, f"catalogue/{TICKET_FILE}.json", content)
    assert [one[2] for one in imported(folder).reasons("refused")] == [reason]
