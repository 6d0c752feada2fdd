"""Backbones: a network, its nodes and its links out of GraphML, each fault with the line it stands on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importing.folders import clean_folder
from tests.importing.look_alikes import graph, link, node
from tests.importing.runs import Imported, run_import


def imported(tmp_path: Path, *lines: str, **options: str) -> Imported:
    folder = clean_folder(tmp_path / "in", 1, 0)
    folder.write()
    graph(folder, "Chinanet", "\n".join(lines), **options)
    return run_import(folder.path, tmp_path / "out.db")


def marks(found: Imported, key: str) -> dict[str, object]:
    return {mark["name"]: mark["value"] for mark in found.body("resource", key)["resourceCharacteristic"]}


def test_a_network_is_named_and_its_collection_credited(tmp_path: Path) -> None:
    body = imported(tmp_path, node("0")).body("resource", "NET-Chinanet")
    assert (body["name"], body["category"]) == ("China Telecom", "backboneNetwork")
    assert "CC BY 4.0" in body["description"]


def test_a_node_has_its_name_its_network_and_its_position(tmp_path: Path) -> None:
    found = imported(tmp_path, node("0", "北京 &amp; Beijing", ("39.9", "116.4")))
    body = found.body("resource", "NET-Chinanet-0")
    assert (body["name"], body["category"]) == ("北京 & Beijing", "networkNode")
    assert body["resourceRelationship"][0]["resource"]["id"] == "NET-Chinanet"
    assert (marks(found, "NET-Chinanet-0")["latitude"], marks(found, "NET-Chinanet-0")["longitude"]) == (39.9, 116.4)
    assert body["place"]["name"] == "北京 & Beijing"


@pytest.mark.parametrize("where", [None, ("north", "116.4"), ("99", "116.4"), ("39.9", "")])
def test_a_node_without_a_readable_position_is_taken_and_lies_nowhere(
    tmp_path: Path, where: tuple[str, str] | None
) -> None:
    found = imported(tmp_path, node("0", "", where))
    assert found.body("resource", "NET-Chinanet-0")["name"] == "Node 0"
    assert not {"latitude", "longitude"} & marks(found, "NET-Chinanet-0").keys()
    assert "place" not in found.body("resource", "NET-Chinanet-0")


def test_links_between_the_same_nodes_stay_apart(tmp_path: Path) -> None:
    found = imported(tmp_path, node("0", "A"), node("1", "B"), link("0", "1", "10 Gbps"), link("0", "1"))
    assert found.counted("topology") == {"rows": 4, "in": 4, "refused": 0, "noted": 0}
    first, second = (found.body("resource", f"NET-Chinanet-L-0-1-{turn}") for turn in (1, 2))
    assert (first["name"], first["description"], second["description"]) == ("A – B", "10 Gbps", "A – B")
    ends = [one["resource"]["id"] for one in first["resourceRelationship"]]
    assert ends == ["NET-Chinanet-0", "NET-Chinanet-1"]


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        (node("0"), "id", "an earlier node has this id"),
        ('<node><data key="d1">x</data></node>', "id", "a node without an id"),
        (link("0", "9"), "target", "a link to no node"),
        (link("9", "0"), "source", "a link to no node"),
        ('<edge target="0" />', "source", "a link to no node"),
    ],
)
def test_what_hangs_together_with_nothing_is_refused(tmp_path: Path, line: str, field: str, reason: str) -> None:
    found = imported(tmp_path, node("0"), line, node("1"))
    assert found.reasons("refused") == [(field, 10, reason)]
    assert found.ids("resource") == ["NET-Chinanet", "NET-Chinanet-0", "NET-Chinanet-1"]


def test_a_file_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    found = imported(tmp_path, node("0"), "<node id='1'", node("2"))
    assert found.reasons("refused") == [("", 11, "not well-formed (invalid token)")]
    assert found.ids("resource") == ["NET-Chinanet", "NET-Chinanet-0"]


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    found = imported(tmp_path, node("0"), space="http://www.w3.org/2000/svg")
    assert found.reasons("refused") == [("", 1, "not a GraphML file")]


def test_a_file_with_entities_of_its_own_is_refused(tmp_path: Path) -> None:
    folder = clean_folder(tmp_path / "in", 1, 0)
    folder.write()
    path = graph(folder, "Bomb", node("0"))
    bomb = '<!DOCTYPE graphml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<graphml'
    path.write_text(path.read_text("utf-8").replace("<graphml", bomb, 1), "utf-8")
    found = run_import(folder.path, tmp_path / "out.db")
    assert found.reasons("refused") == [("", 1, "it defines a document type of its own")]
    assert found.ids("resource") == []
