"""Merge patches and JSON patches."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.errors import BadRequestError, ConflictError, TooLargeError
from backoffice.patching import json_patched, merge_patched

NOTES = ("note",)


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [  # the examples of RFC 7396, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patches_do_what_the_rfc_shows(target: Any, patch: Any, result: Any) -> None:
    assert merge_patched(target, patch) == result


@pytest.mark.parametrize(
    ("operations", "result"),
    [
        ([{"op": "add", "path": "/note/-", "value": {"text": "b"}}], {"note": [{"text": "a"}, {"text": "b"}]}),
        ([{"op": "add", "path": "/note/0", "value": {"text": "b"}}], {"note": [{"text": "b"}, {"text": "a"}]}),
        ([{"op": "replace", "path": "/note/0/text", "value": "b"}], {"note": [{"text": "b"}]}),
        ([{"op": "replace", "path": "/note/0", "value": {}}], {"note": [{}]}),
        ([{"op": "remove", "path": "/note/0"}], {"note": []}),
        ([{"op": "remove", "path": "/note"}], {}),
        ([{"op": "add", "path": "/a~1b~0c", "value": 1}], {"note": [{"text": "a"}], "a/b~c": 1}),
        ([{"op": "move", "from": "/note", "path": "/remark"}], {"remark": [{"text": "a"}]}),
        ([{"op": "move", "from": "/note/0/text", "path": "/note/0/said"}], {"note": [{"said": "a"}]}),
        ([{"op": "move", "from": "/note/0", "path": "/note/0"}], {"note": [{"text": "a"}]}),
        ([{"op": "copy", "from": "/note/0", "path": "/note/-"}], {"note": [{"text": "a"}, {"text": "a"}]}),
        ([{"op": "copy", "from": "", "path": "/x"}], {"note": [{"text": "a"}], "x": {"note": [{"text": "a"}]}}),
        ([{"op": "replace", "path": "", "value": {"name": "b"}}], {"name": "b"}),
        ([{"op": "test", "path": "", "value": {"note": [{"text": "a"}]}}], {"note": [{"text": "a"}]}),
        ([{"op": "add", "path": "/", "value": 1}], {"note": [{"text": "a"}], "": 1}),
        ([{"op": "test", "path": "/note/0/text", "value": "a"}, {"op": "remove", "path": "/note"}], {}),
    ],
)
def test_json_patches_apply_in_order(operations: Any, result: Any) -> None:
    assert json_patched({"note": [{"text": "a"}]}, operations, NOTES) == result


def test_the_first_note_starts_the_list() -> None:
    assert json_patched({}, [{"op": "add", "path": "/note/-", "value": {"text": "a"}}], NOTES) == {
        "note": [{"text": "a"}]
    }


def related(party: Any) -> dict[str, Any]:
    return {"op": "add", "path": "/relatedParty/-", "value": party}


AFFECTED = {"id": "C1", "role": "affectedCustomer", "name": "first"}
NO_MORE = {"id": "C3", "role": "affectedCustomer", "validFor": {"endDateTime": "2026-03-25T04:00:00.000Z"}}


@pytest.mark.parametrize(
    ("party", "comes_in"),
    [  # how often, appended twice
        ({"id": "C1", "role": "affectedCustomer"}, 0),
        ({"id": "C1", "role": "affectedCustomer", "validFor": {"startDateTime": "2026-03-25T04:00:00.000Z"}}, 0),
        ({"id": "C2", "role": "affectedCustomer"}, 1),
        ({"id": "C1", "role": "originator"}, 1),
        ({"id": "C1"}, 2),
        ({"id": "C3", "role": "affectedCustomer"}, 1),
        ({"role": "affectedCustomer"}, 2),
        ({"id": ["C1"], "role": "affectedCustomer"}, 2),
        ("C1", 2),
    ],
)
def test_a_party_is_related_once_in_each_role(party: Any, comes_in: int) -> None:
    there = [AFFECTED, NO_MORE]
    patched = json_patched({"relatedParty": there}, [related(party), related(party)], ("relatedParty",))
    assert patched["relatedParty"] == [*there, *[party] * comes_in]


def test_a_patch_that_does_more_than_append_does_just_what_it_says() -> None:
    taken_off = {"op": "remove", "path": "/relatedParty/1"}
    patched = json_patched({"relatedParty": [AFFECTED]}, [related(AFFECTED), taken_off], ("relatedParty",))
    assert patched["relatedParty"] == [AFFECTED]


def test_the_same_note_twice_is_two_notes() -> None:
    twice = [{"op": "add", "path": "/note/-", "value": {"id": "1", "role": "x"}}] * 2
    assert len(json_patched({}, twice, NOTES)["note"]) == 2


def test_a_list_that_the_patch_itself_has_spoilt_is_refused() -> None:
    spoilt = {"op": "replace", "path": "/relatedParty", "value": 5}
    with pytest.raises(BadRequestError):
        json_patched({"relatedParty": [AFFECTED]}, [spoilt, related(AFFECTED)], ("relatedParty",))


@pytest.mark.parametrize(
    "operations",
    [
        {"op": "add"},
        ["add"],
        [{"op": "add", "path": "note", "value": 1}],
        [{"op": "add", "path": 5, "value": 1}],
        [{"op": "add", "path": "/note/5", "value": 1}],
        [{"op": "add", "path": "/note/01", "value": 1}],
        [{"op": "add", "path": "/note/０", "value": 1}],
        [{"op": "add", "path": "/nowhere/-", "value": 1}],
        [{"op": "add", "path": "/name/x", "value": 1}],
        [{"op": "add", "path": "/name"}],
        [{"op": "replace", "path": "/missing", "value": 1}],
        [{"op": "remove", "path": "/missing"}],
        [{"op": "remove", "path": "/note/-"}],
        [{"op": "move", "from": "/a", "path": "/b"}],
        [{"op": "move", "path": "/b"}],
        [{"op": "move", "from": "/note", "path": "/note/0/text"}],
        [{"op": "move", "from": "", "path": "/a"}],
        [{"op": "copy", "from": "/a", "path": "/b"}],
        [{"op": "patch", "path": "/a", "value": 1}],
        [{"op": "remove", "path": ""}],
        [{"op": "replace", "path": "", "value": []}],
        [{"op": "remove", "path": ""}, {"op": "add", "path": "/note/-", "value": 1}],
        [{"op": "test", "path": "/name", "value": "x"}] * 101,
    ],
)
def test_what_a_json_patch_cannot_do_changes_nothing(operations: Any) -> None:
    target = {"name": "x", "note": [{"text": "a"}]}
    with pytest.raises(BadRequestError):
        json_patched(target, operations, NOTES)
    assert target == {"name": "x", "note": [{"text": "a"}]}


@pytest.mark.parametrize("value", [True, "1", 2])
def test_a_failed_test_stops_the_whole_patch(value: Any) -> None:
    target = {"count": 1, "name": "x"}
    operations = [{"op": "remove", "path": "/name"}, {"op": "test", "path": "/count", "value": value}]
    with pytest.raises(ConflictError):
        json_patched(target, operations, NOTES)
    assert target == {"count": 1, "name": "x"}


def test_copies_of_copies_end_before_they_fill_the_memory() -> None:
    whole_into_itself = [{"op": "copy", "from": "", "path": f"/x{number}"} for number in range(60)]
    with pytest.raises(TooLargeError):
        json_patched({"note": []}, whole_into_itself, NOTES)
