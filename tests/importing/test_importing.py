"""Whole imports: every row is accounted for, twice changes nothing, a kill loses nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.documents import to_json
from backoffice.importing.importer import Importer, open_sources
from backoffice.importing.report import Report
from backoffice.importing.table import FileUnusableError
from tests.generating.operators import CollectingStore
from tests.importing.folders import Folder, base, clean_folder, detail, ticket
from tests.importing.runs import dump, run_import


def test_a_clean_folder_goes_in_whole(tmp_path: Path) -> None:
    found = run_import(clean_folder(tmp_path / "in").write(), tmp_path / "out.db")
    assert found.counted("customers") == {"rows": 3, "in": 3, "refused": 0, "noted": 0}
    assert found.counted("complaints") == {"rows": 2, "in": 2, "refused": 0, "noted": 0}
    assert found.count.documents.inserted == len(found.bodies)
    assert found.findings == []


def test_a_second_import_changes_nothing(tmp_path: Path) -> None:
    folder = clean_folder(tmp_path / "in", 40, 40).write()
    first = run_import(folder, tmp_path / "out.db", contacts_seed=5)
    second = run_import(folder, tmp_path / "out.db", contacts_seed=5)
    assert (second.count.documents.inserted, second.count.documents.changed) == (0, 0)
    assert second.count.documents.unchanged == first.count.documents.inserted
    assert second.bodies == first.bodies


def test_a_row_that_changed_at_its_source_changes_what_is_there(tmp_path: Path) -> None:
    folder = clean_folder(tmp_path / "in")
    run_import(folder.write(), tmp_path / "out.db")
    folder.tickets[0] = ticket("1000", {"Status": "Open"})
    second = run_import(folder.write(), tmp_path / "out.db")
    assert (second.count.documents.inserted, second.count.documents.changed) == (0, 1)


@pytest.mark.whole  # an import of a whole folder that is killed has its bounded form
@pytest.mark.parametrize("batches", [1, 0, 3])
def test_an_import_killed_between_batches_ends_like_an_uninterrupted_one(tmp_path: Path, batches: int) -> None:
    folder = clean_folder(tmp_path / "in", 600, 100).write()
    database = tmp_path / "killed.db"
    command = [sys.executable, "-m", "tests.importing.killed", str(folder), str(database), str(batches)]
    killed = subprocess.run(command, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    before = dump(database)
    after = run_import(folder, database)
    whole = run_import(folder, tmp_path / "whole.db")
    assert len(before) < len(whole.bodies)
    assert after.bodies == whole.bodies
    assert after.count.documents.unchanged == len(before)


def dirty_folder(path: Path) -> Folder:
    """One of every kind of dirt in one folder."""
    folder = Folder(
        path,
        base=[
            base("0001-AAAAA", TotalCharges=" "),  # line 2
            base("0002-BBBBB"),
            base("0002-BBBBB", gender="Male"),
            base("0001-AAAAA", TotalCharges=" "),
            base(" "),
            base("0003-CCCCC", PaymentMethod="two\nlines"),  # lines 7 and 8
        ],
        detail=[detail("0001-AAAAA", Monthlycharge="-3"), detail("0002-BBBBB"), detail("0003-CCCCC")],
        tickets=[ticket("comcas"), ticket("1"), ticket("2", {"Customer Complaint": "tab\x00zero"})],
        base_extra=b"0004-DDDDD,too,few\r\n0005-\xff\xfe" + b",x" * 20 + b'\r\n"0006,never closed\r\n',
        tickets_extra=b"9,\x00" + b"y" * 300_000 + b",22-04-2015,22-Apr-15,3:53:50 PM,Internet,A,B,1,Open,No\n",
    )
    folder.write()
    return folder


def test_every_row_of_a_dirty_folder_is_accounted_for(tmp_path: Path) -> None:
    folder = dirty_folder(tmp_path / "in")
    found = run_import(folder.path, tmp_path / "out.db")
    assert found.counted("customers") == {"rows": 9, "in": 4, "refused": 5, "noted": 2}
    assert found.counted("complaints") == {"rows": 4, "in": 4, "refused": 0, "noted": 3}
    assert found.reasons("refused") == [
        ("customerid", 4, "an earlier row has this id"),
        ("customerid", 6, "no id"),
        ("", 9, "3 fields instead of 21"),
        ("", 10, "not UTF-8"),
        ("", 11, "a quote is not closed"),
    ]


def test_control_characters_never_reach_the_database(tmp_path: Path) -> None:
    found = run_import(dirty_folder(tmp_path / "in").path, tmp_path / "out.db")
    assert found.body("troubleTicket", "2")["name"] == "tabzero"
    assert "\x00" not in str(found.bodies)


def test_the_report_names_file_line_field_value_and_reason(tmp_path: Path) -> None:
    found = run_import(dirty_folder(tmp_path / "in").path, tmp_path / "out.db")
    assert {
        "file": "maven_telecom_customer_churn.csv",
        "line": "2",
        "field": "monthlycharge",
        "value": "-3",
        "reason": "negative",
        "kind": "noted",
    } in found.findings


@given(damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=3)), min_size=1, max_size=6))
def test_whatever_bytes_are_damaged_every_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[float, bytes]]
) -> None:
    folder = clean_folder(tmp_path_factory.mktemp("damaged"), 6, 6)
    folder.write()
    store = CollectingStore()
    for path in (folder.base_file, folder.detail_file, folder.tickets_file):
        path.write_bytes(damaged(path.read_bytes(), damage))
    with open_sources(folder.path) as sources, Report(folder.path / "report.csv") as report:
        count = Importer(store, report, lambda _: None).run(sources)
    for counts in (count.sections["customers"], count.sections["complaints"]):
        assert counts.rows == counts.taken + counts.refused
    assert count.documents.inserted == len([to_json(document.body) for document in store.documents])


def damaged(content: bytes, damage: list[tuple[float, bytes]]) -> bytes:
    """The file with some of its bytes replaced, anywhere but in its header."""
    start = content.index(b"\n") + 1
    body = bytearray(content[start:])
    for place, put in damage:
        at = int(place * len(body))
        body[at : at + len(put) + 1] = put
    return content[:start] + bytes(body)


@pytest.mark.parametrize("missing", ["base_file", "detail_file", "tickets_file"])
def test_a_missing_file_stops_the_import_before_it_writes(tmp_path: Path, missing: str) -> None:
    folder = clean_folder(tmp_path / "in")
    folder.write()
    path: Path = getattr(folder, missing)
    path.unlink()
    with pytest.raises(FileUnusableError, match=path.name):
        run_import(folder.path, tmp_path / "out.db")
    assert not (tmp_path / "out.db").exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a,b,c\n1,2,3\n"])
def test_a_file_that_is_something_else_stops_the_import(tmp_path: Path, content: bytes) -> None:
    folder = clean_folder(tmp_path / "in")
    folder.write()
    folder.tickets_file.write_bytes(content)
    with pytest.raises(FileUnusableError, match="comcast_complaints_2015"):
        run_import(folder.path, tmp_path / "out.db")
