"""`backoffice generate` as an operator of the back office meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backoffice.__main__ import main
from tests.importing.runs import dump


def test_the_last_line_says_what_was_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "demo.db"
    arguments = ["generate", "--database", str(database), "--customers", "25", "--seed", "4", "--today", "2026-03-02"]
    assert main(arguments) == 0
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    made = dump(database)
    assert summary["customers"] == sum(collection == "customer" for collection, _ in made) == 25
    assert summary["documents"] == {"inserted": len(made), "changed": 0, "unchanged": 0, "refused": 0, "kept": 0}
    assert made["serviceProblem", "P-1042"]["creationDate"] == "2026-03-01T23:12:00.000Z"


def test_a_second_run_finds_everything_in_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = f"generate --database {tmp_path / 'demo.db'} --customers 25 --seed 4 --today 2026-03-02".split()
    main(arguments)
    main(arguments)
    first, second = (json.loads(line)["documents"] for line in capsys.readouterr().out.splitlines())
    assert second == {"inserted": 0, "changed": 0, "unchanged": first["inserted"], "refused": 0, "kept": 0}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--customers", "0"),
        ("--customers", "many"),
        ("--seed", "-1"),
        ("--today", "0001-01-01"),
        ("--today", "9999-12-31"),
        ("--today", "2026-05-01T10:00+08:00"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(tmp_path: Path, option: str, value: str) -> None:
    options = {"--database": str(tmp_path / "demo.db"), "--customers": "5", "--seed": "1", option: value}
    with pytest.raises(SystemExit, match="2"):
        main(["generate", *(word for pair in options.items() for word in pair)])
    assert not (tmp_path / "demo.db").exists()
