"""Complaints: tickets without a customer; the source's words are kept where TM Forum has no place for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importing.folders import Folder, ticket
from tests.importing.runs import Imported, run_import


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "in")


def imported(folder: Folder, *rows: list[str]) -> Imported:
    folder.tickets = list(rows)
    return run_import(folder.write(), folder.path.with_name("out.db"))


def test_a_complaint_is_a_ticket_with_title_channel_time_and_place(folder: Folder) -> None:
    body = imported(folder, ticket("250635")).body("troubleTicket", "250635")
    assert (body["name"], body["channel"]["name"]) == ("Slow line", "Internet")
    assert body["creationDate"] == "2015-04-22T15:53:50.000Z"
    assert body["relatedParty"] == []
    assert body["relatedEntity"] == [
        {
            "id": "springfield-maryland-21009",
            "name": "Springfield, Maryland 21009",
            "role": "place",
            "@referredType": "GeographicAddress",
        }
    ]


@pytest.mark.parametrize(
    ("source", "status"),
    [("Open", "acknowledged"), ("Pending", "pending"), ("Solved", "resolved"), ("Closed", "closed")],
)
def test_a_status_is_translated_and_the_source_s_word_kept(folder: Folder, source: str, status: str) -> None:
    body = imported(folder, ticket("1", {"Status": source})).body("troubleTicket", "1")
    assert (body["status"], body["statusChangeReason"]) == (status, f"Source status: {source}")


def test_that_it_was_filed_for_someone_else_is_a_note(folder: Folder) -> None:
    found = imported(folder, ticket("1", {"Filing on Behalf of Someone": "Yes"}), ticket("2"))
    assert found.body("troubleTicket", "1")["note"][0]["text"] == "Filed on behalf of someone else."
    assert found.body("troubleTicket", "2")["note"] == []


def test_quotes_ampersands_and_line_breaks_in_a_title_survive(folder: Folder) -> None:
    title = 'They said "soon" & hung up,\ntwice'
    found = imported(folder, ticket("1", {"Customer Complaint": title}), ticket("odd"))
    assert found.body("troubleTicket", "1")["name"] == title
    assert found.reasons("noted") == [("ticket#", 4, "not a number")]


def test_one_that_is_larger_than_desks_take_is_refused_by_name_and_the_next_is_kept(folder: Folder) -> None:
    found = imported(folder, ticket("1", {"Customer Complaint": "x" * 600_000}), ticket("2"))
    assert found.ids("troubleTicket") == ["2"]
    assert found.count.documents.refused == 1
    assert found.findings[0]["value"] == "1"
    assert found.reasons("refused") == [("troubleTicket", 0, "The resource would become larger than desks take.")]


def test_a_complaint_that_nobody_could_ask_for_is_refused(folder: Folder) -> None:
    found = imported(folder, ticket("."), ticket(".."), ticket("x" * 300), ticket("1"))
    assert [reason for _, _, reason in found.reasons("refused")] == ["no id that could be asked for"] * 3
    assert found.ids("troubleTicket") == ["1"]


def test_two_spellings_of_a_state_become_one(folder: Folder) -> None:
    found = imported(
        folder, ticket("1", {"State": "District Of Columbia"}), ticket("2", {"State": "District of Columbia"})
    )
    places = [found.body("troubleTicket", number)["relatedEntity"][0]["name"] for number in ("1", "2")]
    assert places == ["Springfield, District of Columbia 21009"] * 2
    assert found.reasons("noted") == [("state", 2, "written as District of Columbia")]


def test_a_zip_code_gets_the_zero_back_that_a_spreadsheet_took(folder: Folder) -> None:
    found = imported(folder, ticket("1", {"Zip code": "2134"}))
    assert found.body("troubleTicket", "1")["relatedEntity"][0]["name"] == "Springfield, Maryland 02134"


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"Date": "22-13-2015"}, "date", "not a date"),
        ({"Date_month_year": "soon"}, "date_month_year", "not a date"),
        ({"Date": "", "Date_month_year": ""}, "date", "no date"),
        ({"Date": "04-22-2015"}, "date", "not a date"),
        ({"Date": "23-04-2015"}, "date", "differs from the other date, 22-Apr-15"),
        ({"Time": "noon"}, "time", "not a time"),
        ({"Ticket #": " "}, "ticket#", "no id"),
    ],
)
def test_a_complaint_whose_time_or_number_is_unknown_is_refused(
    folder: Folder, cells: dict[str, str], field: str, reason: str
) -> None:
    found = imported(folder, ticket("1", cells), ticket("2"))
    assert found.reasons("refused") == [(field, 2, reason)]
    assert found.ids("troubleTicket") == ["2"]
    assert found.counted("complaints") == {"rows": 2, "in": 1, "refused": 1, "noted": 0}


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"Date_month_year": ""}, "date_month_year"),
        ({"Time": ""}, "time"),
        ({"Status": "Escalated"}, "status"),
        ({"Customer Complaint": ""}, "customercomplaint"),
        ({"Filing on Behalf of Someone": "perhaps"}, "filingonbehalfofsomeone"),
    ],
)
def test_an_odd_complaint_is_taken_and_noted(folder: Folder, cells: dict[str, str], field: str) -> None:
    found = imported(folder, ticket("1", cells))
    assert [name for name, _, _ in found.reasons("noted")] == [field]
    assert found.counted("complaints") == {"rows": 1, "in": 1, "refused": 0, "noted": 1}


def test_empty_fields_give_a_ticket_without_place_and_channel(folder: Folder) -> None:
    body = imported(folder, ticket("1", {"City": "", "State": "", "Zip code": "", "Received Via": ""})).body(
        "troubleTicket", "1"
    )
    assert body["relatedEntity"] == []
    assert "channel" not in body
