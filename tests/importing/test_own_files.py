"""An operator's own files: named section by section, with the columns that docs/importing.md tells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backoffice.__main__ import main
from backoffice.importing import alarms, complaints, customers, partners, populations, quality
from tests.architecture.files import ROOT
from tests.importing.folders import clean_folder
from tests.importing.runs import dump

PAGE = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"^customerid,name.*\n.*\n", PAGE, re.MULTILINE)
CALLS = "Ticket #,customerid,Customer Complaint,Date,Time,Status\n7,K-1,No signal,2026-03-22,15:53,Open\n"
Capture = pytest.CaptureFixture[str]


def columns_told() -> dict[str, tuple[list[str], list[str]]]:
    """What the page says that each file must and may have."""
    rows = re.findall(r"^\| \w+ \| `([^`]+)` \| (.*) \| ?(.*) ?\|$", PAGE, re.MULTILINE)
    return {
        Path(file).name: (re.findall(r"`([^`]+)`", must), re.findall(r"`([^`]+)`", may)) for file, must, may in rows
    }


def imported(folder: Path, *arguments: str) -> int:
    return main(["import", "--database", str(folder / "office.db"), *arguments])


@pytest.fixture
def own(tmp_path: Path) -> list[str]:
    """The customers of the page, and a call of one of them."""
    assert EXAMPLE
    (tmp_path / "ours.csv").write_text(EXAMPLE[0], encoding="utf-8")
    (tmp_path / "calls.csv").write_text(CALLS, encoding="utf-8")
    return ["--section", f"customers={tmp_path / 'ours.csv'}", "--section", f"complaints={tmp_path / 'calls.csv'}"]


def test_own_files_need_no_folder_and_have_names_numbers_and_territories(tmp_path: Path, own: list[str]) -> None:
    assert imported(tmp_path, *own) == 0
    bodies = dump(tmp_path / "office.db")
    customer = bodies["customer", "K-1"]
    marks = {one["name"]: one["value"] for one in customer["characteristic"]}
    media = {one["mediumType"]: one["characteristic"] for one in customer["contactMedium"]}
    assert (customer["name"], bodies["individual", "I-K-1"]["fullName"]) == ("李娜", "李娜")
    assert media["phone"] == {"phoneNumber": "+8657188880001"}
    assert (media["postalAddress"]["stateOrProvince"], media["postalAddress"]["country"]) == ("", "CN")
    assert (marks["territory"], "syntheticContacts" in marks) == ("Xihu", False)
    assert bodies["service", "K-1-internet"]["name"] == "Fiber internet"
    ticket = bodies["troubleTicket", "7"]
    assert ticket["relatedParty"][0]["id"] == "K-1"
    assert ticket["creationDate"] == "2026-03-22T15:53:00.000Z"


def test_a_named_file_takes_the_place_of_the_folders(tmp_path: Path, own: list[str]) -> None:
    folder = clean_folder(tmp_path / "in").write()
    assert imported(tmp_path, *own[:2], str(folder)) == 0
    bodies = dump(tmp_path / "office.db")
    assert [name for kind, name in bodies if kind == "customer"] == ["K-1"]
    assert len([name for kind, name in bodies if kind == "troubleTicket"]) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name a folder"),
        (["--section", "customers=nowhere.csv"], "nowhere.csv: there is no such file"),
        (["--section", "samples=FILE"], "a folder is needed"),
        (["--section", "topology=FILE"], "a folder is needed"),
        (["--section", "customers=FILE"], "no column tenureinmonths, monthlycharge. It has: customerid, name, phone"),
        (["--section", "dogs=FILE"], "with one of these names: alarms, customers,"),
        (["--section", "catalogue=FILE"], "with one of these names: alarms, customers,"),
    ],
)
def test_what_cannot_be_imported_is_said_and_makes_no_database(
    tmp_path: Path, capsys: Capture, arguments: list[str], said: str
) -> None:
    (tmp_path / "few.csv").write_text("customerID,Name,Phone\n", encoding="utf-8")
    try:
        code: int | str | None = imported(
            tmp_path, *[one.replace("FILE", str(tmp_path / "few.csv")) for one in arguments]
        )
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "office.db").exists()


def test_the_page_tells_the_columns_that_files_must_have() -> None:
    needed = {
        customers.BASE_FILE: customers.BASE_NEEDED,
        customers.DETAIL_FILE: customers.DETAIL_NEEDED,
        complaints.FILE: complaints.NEEDED,
        alarms.FILE: alarms.NEEDED,
        partners.FILE: (partners.FIELD, partners.MEANING),
        populations.FILE: (populations.CODE, populations.PEOPLE),
        quality.FILE: quality.NEEDED,
    }
    told = {file: tuple(must) for file, (must, _) in columns_told().items()}
    assert {file: told[file] for file in needed} == needed
    assert len(told) == len(needed) + 3


@pytest.mark.parametrize(
    ("section", "file", "row"),
    [
        ("customers", customers.BASE_FILE, "K-1,1,1"),
        ("customers", customers.DETAIL_FILE, "K-1,1,1"),
        ("complaints", complaints.FILE, "7,No signal,2026-03-22,15:53,Open"),
    ],
)
def test_the_page_tells_the_columns_that_files_may_have(tmp_path: Path, section: str, file: str, row: str) -> None:
    must, may = columns_told()[file]
    (tmp_path / file).write_text(f"{','.join(must)}\n{row}\n", encoding="utf-8")
    report = tmp_path / "report.csv"
    assert imported(tmp_path, "--section", f"{section}={tmp_path / file}", "--report", str(report)) == 0
    lines = report.read_text(encoding="utf-8").splitlines()
    assert sorted(line.split(",")[2] for line in lines if "no such column" in line) == sorted(may)
