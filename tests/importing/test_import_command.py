"""`backoffice import` as an operator of the back office meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backoffice.__main__ import main
from tests.importing.folders import clean_folder
from tests.importing.look_alikes import whole_folder
from tests.importing.runs import dump


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any], str]:
    code = main(["import", *arguments])
    out, err = capsys.readouterr()
    return code, json.loads(out.splitlines()[-1]) if out else {}, err


def test_the_last_line_says_what_was_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, database = clean_folder(tmp_path / "in").write(), tmp_path / "out.db"
    code, summary, _ = run(capsys, "--database", str(database), str(folder))
    assert code == 0
    assert summary["customers"] == {"rows": 3, "in": 3, "refused": 0, "noted": 0}
    assert summary["documents"] == {
        "inserted": len(dump(database)),
        "changed": 0,
        "unchanged": 0,
        "refused": 0,
        "kept": 0,
    }
    assert summary["report"] == f"{database}.import-report.csv"
    assert summary["seconds"] >= 0
    assert Path(summary["report"]).read_text("utf-8") == "file,line,field,value,reason,kind\n"


def test_the_report_goes_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, report = clean_folder(tmp_path / "in").write(), tmp_path / "elsewhere.csv"
    run(capsys, "--database", str(tmp_path / "out.db"), str(folder), "--report", str(report))
    assert [path.name for path in tmp_path.glob("*.csv*")] == ["elsewhere.csv"]
    assert report.is_file()


def test_the_last_line_counts_the_rows_of_every_section(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, database = whole_folder(tmp_path / "in").path, tmp_path / "out.db"
    code, summary, _ = run(capsys, "--database", str(database), str(folder), "--attach", "4")
    sections = {name: told for name, told in summary.items() if name not in ("documents", "seconds", "report")}
    assert code == 0
    assert len(sections) == 11
    assert all(told["rows"] == told["in"] + told["refused"] > 0 for told in sections.values() if told["rows"])
    services = [body for (collection, _), body in dump(database).items() if collection == "service"]
    assert any(body["supportingResource"] for body in services)


def test_attaching_to_no_devices_ends_with_code_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = clean_folder(tmp_path / "in").write()
    code, summary, err = run(capsys, "--database", str(tmp_path / "out.db"), str(folder), "--attach", "4")
    assert (code, summary) == (2, {})
    assert "no devices" in err


def test_a_missing_file_is_named_and_ends_with_code_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, summary, err = run(capsys, "--database", str(tmp_path / "out.db"), str(tmp_path / "nowhere"))
    assert (code, summary) == (2, {})
    assert "ibm_telco_customer_churn.csv" in err
    assert not (tmp_path / "out.db").exists()


def test_a_report_that_cannot_be_written_ends_with_code_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, report = clean_folder(tmp_path / "in").write(), tmp_path / "no" / "such" / "folder.csv"
    code, _, err = run(capsys, "--database", str(tmp_path / "out.db"), str(folder), "--report", str(report))
    assert code == 2
    assert str(report) in err
    assert not (tmp_path / "out.db").exists()
