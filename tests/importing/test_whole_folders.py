"""Whole folders: every section is imported and accounted for, twice changes nothing, a kill loses nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from backoffice.bulk import Tell
from backoffice.documents import Document
from backoffice.importing.importer import Importer, open_sources
from backoffice.importing.report import Report
from backoffice.importing.table import FileUnusableError
from backoffice.store import LoadCount
from tests.importing.folders import clean_folder
from tests.importing.look_alikes import AREAS, DICTIONARY, OPERATORS, QUALITY, alarms, put, ratings, whole_folder
from tests.importing.runs import dump, run_import


def test_every_row_of_every_section_is_taken_or_refused_with_line_field_and_reason(tmp_path: Path) -> None:
    found = run_import(whole_folder(tmp_path / "in").path, tmp_path / "out.db")
    assert {name: (one.rows, one.taken, one.refused) for name, one in found.count.sections.items()} == {
        "alarms": (6, 3, 3),
        "customers": (6, 6, 0),
        "catalogue": (0, 0, 0),  # six who hold the same tell no price apart
        "partners": (3, 2, 1),
        "populations": (4, 2, 2),
        "complaints": (3, 3, 0),
        "samples": (3, 2, 1),
        "quality": (2, 1, 1),
        "topology": (4, 3, 1),
        "regions": (4, 3, 1),
        "operators": (3, 2, 1),
    }
    assert [(one["file"], one["field"], one["line"], one["reason"]) for one in found.findings] == [
        ("huawei_alarms_18V_55N_wireless.csv", "", "4", "repeated"),
        ("huawei_alarms_18V_55N_wireless.csv", "device_id", "5", "empty"),
        ("huawei_alarms_18V_55N_wireless.csv", "end_timestamp", "6", "before the start"),
        ("huawei_alarms_18V_55N_wireless.csv", "", "7", "1 fields instead of 4"),
        ("maven_data_dictionary.csv", "field", "4", "empty"),
        ("maven_zipcode_population.csv", "zipcode", "4", "not a postal code of five digits"),
        ("maven_zipcode_population.csv", "population", "5", "not a number of people"),
        ("TMF641__ServiceOrder.example.json", "", "1", "no collection of that name is kept here"),
        ("trai_mycall_2019_09.csv", "rating", "3", "not a rating from 1 to 5"),
        ("Chinanet.graphml", "target", "12", "a link to no node"),
        ("china_division_cities.csv", "provincecode", "3", "part of no division here"),
        ("mcc_mnc_list.json", "mcc", "26", "no country and network code"),
    ]


def test_a_second_import_of_every_section_changes_nothing(tmp_path: Path) -> None:
    folder = whole_folder(tmp_path / "in").path
    first = run_import(folder, tmp_path / "out.db", attach_seed=3)
    second = run_import(folder, tmp_path / "out.db", attach_seed=3)
    assert (second.count.documents.inserted, second.count.documents.changed) == (0, 0)
    assert second.bodies == first.bodies


@pytest.mark.parametrize("batches", [1, pytest.param(4, marks=pytest.mark.whole)])
def test_an_import_of_every_section_that_is_killed_is_finished_by_the_next(tmp_path: Path, batches: int) -> None:
    folder = whole_folder(tmp_path / "in", customers=400).path
    database = tmp_path / "killed.db"
    command = [sys.executable, "-m", "tests.importing.killed", str(folder), str(database), str(batches)]
    assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL
    before = len(dump(database))
    whole = run_import(folder, tmp_path / "whole.db")
    assert 0 < before < len(whole.bodies)
    assert run_import(folder, database).bodies == whole.bodies


@pytest.mark.parametrize("place", [OPERATORS, QUALITY, AREAS])
def test_a_file_that_is_something_else_stops_the_import_before_it_writes(tmp_path: Path, place: str) -> None:
    folder = whole_folder(tmp_path / "in")
    put(folder, place, "{no list, no table\n1,2\n")
    with pytest.raises(FileUnusableError, match=Path(place).name):
        run_import(folder.path, tmp_path / "out.db")
    assert not (tmp_path / "out.db").exists()


def test_a_section_whose_files_are_not_there_is_left_out(tmp_path: Path) -> None:
    folder = whole_folder(tmp_path / "in")
    (folder.path / DICTIONARY).unlink()
    (folder.path / QUALITY).unlink()
    sections = run_import(folder.path, tmp_path / "out.db").count.sections
    assert not {"partners", "quality"} & sections.keys()
    assert {"alarms", "customers"} < sections.keys()


@pytest.mark.whole
def test_larger_files_take_hardly_more_memory(tmp_path: Path) -> None:
    small, large = (peak_kilobytes(tmp_path / str(rows), rows) for rows in (1_000, 25_000))
    assert (
        large < small + 4_096
    )  # Python's table of words may grow by half of that; one tuple kept of each row is twice that


def peak_kilobytes(path: Path, rows: int) -> float:
    """The most that an import of so many alarms and ratings ever holds."""
    folder = clean_folder(path)
    folder.write()
    alarms(folder, *(f"{row % 18},{row % 55},{row // 4},{row}" for row in range(rows)))
    ratings(folder, *(f"RJio,Indoor,4G,{row % 5 + 1},Satisfactory,12.{row},78.63,Tamil Nadu" for row in range(rows)))
    tracemalloc.start()
    with open_sources(folder.path) as sources, Report(path / "report.csv") as report:
        Importer(Nowhere(), report, lambda _: None).run(sources)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1024


class Nowhere:
    """Takes everything and keeps nothing."""

    def load(self, documents: list[Document], _tell: Tell | None = None) -> LoadCount:
        """Count them."""
        return LoadCount(inserted=len(documents))
