"""Jobs that move parts of the catalogue end honestly (TMF620)."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.backoffice.office import Body, Office

NOON = "2026-03-25T04:00:00.000Z"
PATH = "/tmf-api/productCatalogManagement/v4/productOffering"


def carrying(content: Any) -> str:
    return f"data:application/json,{quote(json.dumps(content))}"


def run(office: Office, url: str, path: str = PATH) -> Body:
    job = office.ask("importJob", url=url, path=path)
    assert (job["creationDate"], job["completionDate"]) == (NOON, NOON)
    return job


def test_what_a_job_carries_is_in_the_catalogue(office: Office) -> None:
    job = run(office, carrying([{"id": "basic", "name": "Basic"}, {"name": "Family"}]))
    assert job["status"] == "Succeeded"
    assert "errorLog" not in job
    basic = office.get("productOffering", "basic")
    assert (basic["name"], basic["lifecycleStatus"], basic["lastUpdate"]) == ("Basic", "In study", NOON)
    assert sorted(one["name"] for one in office.every("productOffering")) == ["Basic", "Family"]
    packed = base64.b64encode(json.dumps({"name": "One"}).encode()).decode()
    assert run(office, f"data:application/json;base64,{packed}", "category/")["status"] == "Succeeded"
    assert [one["name"] for one in office.every("category")] == ["One"]


def test_an_id_that_is_taken_is_not_overwritten(office: Office) -> None:
    run(office, carrying({"id": "basic", "name": "Basic"}))
    run(office, carrying({"id": "basic", "name": "Other"}))
    assert office.get("productOffering", "basic")["name"] == "Basic"
    assert len(office.every("productOffering")) == 2


@pytest.mark.parametrize(
    ("url", "path", "reason"),
    [
        ("https://example.org/catalogue.json", PATH, "fetches nothing"),
        ("file:///etc/passwd", PATH, "fetches nothing"),
        ("data:application/json", PATH, "fetches nothing"),
        (carrying({"name": "x"}), "/tmf-api/party/v4/individual", "path ends with"),
        (carrying({"name": "x"}), "", "path ends with"),
        ("data:application/json,{", PATH, "no JSON"),
        ("data:application/json;base64,???", PATH, "no JSON"),
        (carrying(["x"]), PATH, "holds one resource"),
        (carrying({"id": "a\0b", "name": "x"}), PATH, "id must be"),
        (carrying({"id": "..", "name": "x"}), PATH, "id must be"),
        (carrying([{"name": "x"}, {"name": 5}]), PATH, "name must be text"),
        (carrying([{"name": "x"}, {}]), PATH, "name is required"),
    ],
)
def test_what_cannot_be_imported_fails_with_the_reason_and_adds_nothing(
    office: Office, url: str, path: str, reason: str
) -> None:
    job = run(office, url, path)
    assert job["status"] == "Failed"
    assert reason in job["errorLog"]
    assert office.every("productOffering") == []


def test_an_export_that_is_written_nowhere_does_not_pretend(office: Office) -> None:
    job = office.ask("exportJob", url="https://example.org/put/here", path=PATH, status="Succeeded")
    assert (job["status"], job["completionDate"]) == ("Failed", NOON)
    assert "writes nothing" in job["errorLog"]
