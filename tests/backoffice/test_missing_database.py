"""A database that is not there is not made by the way: whoever mistypes its name hears so, and serves nothing empty."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect

from backoffice.__main__ import main
from backoffice.dialect import open_engine
from backoffice.store import Store
from tests.backoffice.processes import run

Capture = pytest.CaptureFixture[str]
PERSON = ("--user", "li", "--name", "李娜", "--role", "clerk")
COMMANDS = {
    "staff list": ["staff", "list"],
    "staff add": ["staff", "add", *PERSON],
    "token": ["token", "--list"],
    "verify": ["verify"],
    "backup": ["backup", "saved.backup"],
}


def said_of(database: str) -> str:
    what = "There is nothing in this database." if "://" in database else f"There is no database {database}."
    return f"{what} It is made by generate, import, restore or create.\n"


def is_untouched(database: str) -> bool:
    if "://" not in database:
        return not Path(database).exists()
    engine = open_engine(database)
    try:
        return inspect(engine).get_table_names() == []
    finally:
        engine.dispose()


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_a_database_that_is_not_there_is_named_and_not_made(
    arguments: list[str], database: str, capsys: Capture
) -> None:
    assert main([*arguments, "--database", database]) == 2
    assert capsys.readouterr() == ("", said_of(database))
    assert is_untouched(database)


@pytest.mark.parametrize(("database", "workers"), [("sqlite", "1"), ("postgresql", "2")], indirect=["database"])
def test_nothing_is_served_of_a_database_that_is_not_there(database: str, workers: str) -> None:
    ended = run("serve", "--database", database, "--workers", workers)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", said_of(database))
    assert is_untouched(database)


def test_devices_make_no_database_either(tmp_path: Path, capsys: Capture) -> None:
    database = tmp_path / "nowhere" / "a.db"
    assert main(["devices", "--database", str(database), "list"]) == 2
    assert "There is no database" in capsys.readouterr().err


def test_an_empty_file_is_no_back_office(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "a.db").touch()
    assert main(["verify", "--database", str(tmp_path / "a.db")]) == 2
    assert "There is nothing in this database." in capsys.readouterr().err


def test_a_folder_is_not_made_for_a_database(tmp_path: Path, capsys: Capture) -> None:
    database = str(tmp_path / "nowhere" / "a.db")
    assert main(["create", "--database", database]) == 1
    assert capsys.readouterr().err == f"The folder of {database} does not exist.\n"


def test_an_empty_back_office_is_made_on_demand_and_once(database: str, capsys: Capture) -> None:
    assert main(["create", "--database", database]) == 0
    made = json.loads(capsys.readouterr().out)
    assert main(["verify", "--database", database]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] == 0
    assert main(["create", "--database", database]) == 1
    assert capsys.readouterr() == ("", "There is a back office in this database already. Nothing was changed.\n")
    with closing(Store.open(database, must_exist=True)) as store:
        assert (store.get_meta("office"), store.get_meta("epoch")) == (made["office"], made["epoch"])
