"""What callers said: summed up by operator, network and state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.importing.folders import clean_folder
from tests.importing.look_alikes import ratings
from tests.importing.runs import Imported, run_import


def imported(tmp_path: Path, *rows: str) -> Imported:
    folder = clean_folder(tmp_path / "in", 1, 0)
    folder.write()
    ratings(folder, *rows)
    return run_import(folder.path, tmp_path / "out.db")


def marks(found: Imported, key: str) -> dict[str, Any]:
    return {mark["name"]: mark["value"] for mark in found.body("resource", key)["resourceCharacteristic"]}


def test_ratings_of_one_network_in_one_state_are_one_resource(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        "RJio,Indoor,4G,4,Satisfactory,12,78,Tamil Nadu",
        "RJio,Outdoor,4G,1,Call Dropped,14,80,Tamil Nadu",
        "RJio,Outdoor,4G,1,Poor Voice Quality,14,80,Kerala",
    )
    assert found.ids("resource") == ["QOS-rjio-4g-kerala", "QOS-rjio-4g-tamil-nadu"]
    assert marks(found, "QOS-rjio-4g-tamil-nadu") == {
        "operator": "RJio",
        "networkType": "4G",
        "state": "Tamil Nadu",
        "ratings": 2,
        "meanRating": 2.5,
        "callDropped": 1,
        "satisfactory": 1,
        "latitude": 13.0,
        "longitude": 79.0,
    }
    assert found.body("resource", "QOS-rjio-4g-kerala")["place"]["name"] == "Kerala"


def test_positions_that_nobody_knows_count_and_lie_nowhere(tmp_path: Path) -> None:
    found = imported(tmp_path, "RJio,Indoor,Unknown,5,Satisfactory,-1,-1,NA", "RJio,Indoor,4G,5,Satisfactory,-1,-1,Goa")
    assert found.ids("resource") == ["QOS-rjio-4g-goa", "QOS-rjio-any-nowhere"]
    assert "place" not in found.body("resource", "QOS-rjio-any-nowhere")
    assert "latitude" not in marks(found, "QOS-rjio-4g-goa")
    assert found.findings == []


@pytest.mark.parametrize(
    ("position", "field", "reason"),
    [("91,78", "latitude", "not between -90 and 90"), ("12,east", "longitude", "not a number")],
)
def test_a_position_outside_the_world_is_noted_and_moves_no_middle(
    tmp_path: Path, position: str, field: str, reason: str
) -> None:
    found = imported(
        tmp_path, f"RJio,Indoor,4G,5,Satisfactory,{position},Goa", "RJio,Indoor,4G,5,Satisfactory,12,78,Goa"
    )
    assert found.reasons("noted") == [(field, 2, reason)]
    assert (marks(found, "QOS-rjio-4g-goa")["ratings"], marks(found, "QOS-rjio-4g-goa")["latitude"]) == (2, 12.0)


@pytest.mark.parametrize("rating", ["", "0", "6", "4.5", "good", "५"])
def test_what_is_no_rating_is_refused(tmp_path: Path, rating: str) -> None:
    found = imported(tmp_path, f"RJio,Indoor,4G,{rating},Satisfactory,12,78,Goa")
    assert found.reasons("refused") == [("rating", 2, "not a rating from 1 to 5")]
    assert found.ids("resource") == []


def test_a_rating_of_no_operator_is_refused(tmp_path: Path) -> None:
    assert imported(tmp_path, ",Indoor,4G,5,Satisfactory,12,78,Goa").reasons("refused") == [("operator", 2, "empty")]
