"""The check can fail: each thing that must not happen is found in a small history that is well otherwise."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from tests.stress.check import faults_in
from tests.stress.follower import Copy
from tests.stress.history import Effect, End, History
from tests.stress.records import Pulled, Told, counted

TICKET = {"id": "T1", "externalId": "k1", "priority": "k3", "note": [{"id": "k2"}]}
BUCKET = {"id": "B1", "remainingValue": {"amount": 105}}
TOPUP = {"id": "U1", "description": "k4"}


def told(key: str, kind: str, made: str, revision: int, **more: Any) -> Told:
    status = {"file": 201, "topup": 201, "delete": 204}.get(kind, 200)
    target = "" if kind == "file" else made
    return msgspec.structs.replace(Told(key, kind, target, 0, status, made, revision, is_replay=False, tries=1), **more)


def page(cursor: int, *changes: tuple[str, int], more: bool = False) -> Pulled:
    return Pulled(cursor, more, list(changes), [])


@pytest.fixture
def history() -> History:
    """A ticket that was filed, noted on and changed, a top-up, and a ticket that was filed and deleted."""
    answers = [
        told("k1", "file", "T1", 1),
        told("k2", "note", "T1", 2),
        told("k3", "change", "T1", 3),
        told("k4", "topup", "U1", 4, target="B1", amount=5),
        told("k5", "file", "T2", 6),
        told("k6", "delete", "T2", 7),
        told("k7", "change", "T1", 0, status=412),
    ]
    names = {"k4": "topupBalance/U1", "k5": "troubleTicket/T2", "k6": "troubleTicket/T2"}
    effects = {
        one.key: Effect(one.status, names.get(one.key, "troubleTicket/T1"), one.revision)
        for one in answers
        if one.status < 400
    }
    revisions = {"troubleTicket/T1": 3, "topupBalance/U1": 4, "bucket/B1": 5}
    bodies: dict[str, dict[str, Any]] = {"troubleTicket/T1": TICKET, "topupBalance/U1": TOPUP, "bucket/B1": BUCKET}
    end = End(revisions, deepcopy(bodies), {"troubleTicket/T2": 7}, effects)
    pulled = [
        page(1, ("troubleTicket/T1", 1)),
        page(4, ("troubleTicket/T1", 3), ("topupBalance/U1", 4), more=True),
        page(5, ("bucket/B1", 5)),
        page(7, ("troubleTicket/T2", 7)),
    ]
    copy = Copy("e.0")
    rows = [
        {"collection": n.partition("/")[0], "id": n.partition("/")[2], "revision": r, "body": bodies[n]}
        for n, r in revisions.items()
    ]
    rows.append({"collection": "troubleTicket", "id": "T2", "revision": 7, "body": None})
    total = sum(counted(name, revision) for name, revision in revisions.items()) % (1 << 64)
    checksum = {"count": 3, "sum": f"{total:016x}"}
    assert copy.apply({"changes": rows, "cursor": "e.7", "more": False, "checksum": checksum}).problems == []
    return History(answers, pulled, copy.held(), end)


def test_a_run_without_fault_has_none(history: History) -> None:
    assert faults_in(history) == []


def test_two_answers_under_one_key_are_found(history: History) -> None:
    history.told.append(told("k2", "note", "T1", 9))
    assert any("answered differently" in fault for fault in faults_in(history))


def test_a_key_without_effect_and_an_effect_nobody_was_told_of_are_found(history: History) -> None:
    del history.end.effects["k2"]
    history.end.effects["k9"] = Effect(200, "troubleTicket/T1", 3)
    faults = faults_in(history)
    assert any("remembered as None" in fault for fault in faults)
    assert any("nobody was told" in fault for fault in faults)


def test_two_keys_with_one_revision_are_found(history: History) -> None:
    history.told[1] = told("k2", "note", "T1", 3)
    assert "2 keys have the revision 3" in faults_in(history)


def test_a_record_that_was_made_twice_is_found(history: History) -> None:
    history.end.bodies["troubleTicket/T3"] = {**TICKET, "id": "T3"}
    assert any("made ['T1', 'T3']" in fault for fault in faults_in(history))


@pytest.mark.parametrize("notes", [[], ["k2", "k2"], ["k2", "k8"]])
def test_notes_that_are_lost_doubled_or_nobodys_are_found(history: History, notes: list[str]) -> None:
    history.end.bodies["troubleTicket/T1"]["note"] = [{"id": one} for one in notes]
    assert any("other notes" in fault for fault in faults_in(history))


def test_money_that_moved_twice_is_found(history: History) -> None:
    history.end.bodies["bucket/B1"]["remainingValue"]["amount"] = 110
    assert any("holds 110 instead of 105" in fault for fault in faults_in(history))


def test_a_refused_change_that_took_effect_is_found(history: History) -> None:
    history.end.bodies["troubleTicket/T1"]["priority"] = "k7"
    assert any("says k7" in fault for fault in faults_in(history))


def test_a_deletion_that_did_not_happen_is_found(history: History) -> None:
    del history.end.tombstones["troubleTicket/T2"]
    assert any("was deleted at 7" in fault for fault in faults_in(history))


def test_an_answer_that_no_act_may_get_is_found(history: History) -> None:
    history.told.append(told("k8", "note", "T1", 0, status=500))
    assert any("was answered 500" in fault for fault in faults_in(history))


def test_a_late_commit_is_found_although_a_later_change_hides_it(history: History) -> None:
    history.pulled[0] = page(2)  # caught up at 2, without the ticket that was there since 1
    assert any("was missed" in fault for fault in faults_in(history))


def test_an_effect_that_was_never_followed_is_found(history: History) -> None:
    history.pulled.pop()
    assert any("never followed" in fault for fault in faults_in(history))


def test_a_copy_that_differs_is_found(history: History) -> None:
    history.held.records["troubleTicket/T1"] = (3, "another digest")
    history.held.tombstones.clear()
    faults = faults_in(history)
    assert any("was followed to" in fault for fault in faults)
    assert any("its tombstone was not followed" in fault for fault in faults)


def test_what_verify_and_others_find_counts(history: History) -> None:
    history.end = replace(history.end, faults=("the checksums do not match",))
    history.others.append("writer 3 gave up (1)")
    assert len(faults_in(history)) == 2


def change(revision: int, record_id: str = "T1", *, alive: bool = True) -> dict[str, Any]:
    body = {"id": record_id} if alive else None
    return {"collection": "troubleTicket", "id": record_id, "revision": revision, "body": body}


@pytest.mark.parametrize(
    ("changes", "cursor", "said"),
    [
        ([change(2), change(1, "T2")], 2, "comes after"),
        ([change(3)], 2, "comes after"),
        ([change(1), change(1)], 1, "goes back"),
        ([change(1, alive=False), change(2)], 2, "comes back from the dead"),
        ([{**change(1), "id": "T2"}], 1, "the body of another"),
        ([change(1)], 2, "not the last change"),
    ],
)
def test_a_page_that_makes_no_sense_is_found(changes: list[dict[str, Any]], cursor: int, said: str) -> None:
    pulled = Copy("e.0").apply({"changes": changes, "cursor": f"e.{cursor}", "more": True})
    assert any(said in problem for problem in pulled.problems)


def test_a_change_that_a_page_leaves_out_is_found_by_the_checksum() -> None:
    told_sum = {"count": 1, "sum": f"{counted('troubleTicket/T1', 1):016x}"}
    end = {"more": False, "cursor": "e.1", "checksum": told_sum}
    assert Copy("e.0").apply({**end, "changes": [change(1)]}).problems == []
    assert any("checksum" in problem for problem in Copy("e.0").apply({**end, "changes": []}).problems)
