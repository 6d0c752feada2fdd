"""Desks that come back after a week without the line lose and double nothing; desks that start at once all find somebody.

`script/crowd` is the long form.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.crowd.check import faults_in
from tests.crowd.records import Done, Returned
from tests.crowd.run import back_at_once, starting_at_once
from tests.stress.history import Effect, End

SEED = 7
TICKET = {"description": "No signal", "note": [{"text": "one"}, {"text": "two"}]}
DONE = [
    Done(0, number, key, "own", "troubleTicket", "T1", state, text)
    for number, (key, state, text) in enumerate(
        [("k1", "confirmed", "one"), ("k2", "confirmed", "two"), ("k3", "refused", "three")], start=1
    )
]
STATES = {one.key: one.expected for one in DONE}
BACK = Returned(0, 1.0, STATES, 1, 0, is_sound=True, held={"troubleTicket/T1": 3}, problems=[])
EFFECTS = {key: Effect(200, "troubleTicket/T1", revision) for key, revision in (("k1", 2), ("k2", 3))}
END = End({"troubleTicket/T1": 3}, {"troubleTicket/T1": TICKET}, {}, EFFECTS)


@pytest.mark.timeout(240)
def test_after_a_week_without_the_line_all_is_sent_once_and_in_order(tmp_path: Path) -> None:
    outcome = back_at_once(tmp_path, SEED, desks=2, commands=60, customers=60)
    assert outcome.faults == []
    assert outcome.figures["states"].keys() == {"confirmed", "refused", "conflict"}
    assert len(outcome.figures["kinds"]) == 7


@pytest.mark.whole
@pytest.mark.timeout(240)
def test_desks_that_start_at_once_all_find_somebody_and_get_in_step(tmp_path: Path) -> None:
    assert starting_at_once(tmp_path, SEED, desks=3, customers=60).faults == []


def test_a_run_without_a_fault_has_none() -> None:
    assert faults_in(DONE, [BACK], END) == []


def noted(*texts: str) -> End:
    """The end with these notes on the ticket."""
    ticket = {**TICKET, "note": [{"text": text} for text in texts]}
    return replace(END, bodies={"troubleTicket/T1": ticket})


@pytest.mark.parametrize(
    "end",
    [
        noted("one"),
        noted("one", "two", "two"),
        noted("two", "one"),
        noted("one", "two", "three"),
        replace(END, effects={"k1": EFFECTS["k1"]}),
        replace(END, effects={**EFFECTS, "k3": EFFECTS["k1"]}),
        replace(END, effects={"k1": EFFECTS["k2"], "k2": EFFECTS["k1"]}),
        replace(END, revisions={"troubleTicket/T1": 4}),
    ],
    ids=["lost", "doubled", "order", "refused and done", "no effect", "an effect too many", "revisions", "copy"],
)
def test_what_is_wrong_at_head_office_is_found(end: End) -> None:
    assert faults_in(DONE, [BACK], end)


@pytest.mark.parametrize(
    "news",
    [
        {"states": {**STATES, "k3": "queued"}},
        {"states": {"k1": "confirmed", "k2": "confirmed"}},
        {"states": dict(reversed(STATES.items()))},
        {"needs_you": 0},
        {"waiting": 1},
        {"is_sound": False},
        {"held": {}},
        {"problems": ["a bug"]},
    ],
)
def test_what_is_wrong_at_a_desk_is_found(news: dict[str, object]) -> None:
    values = {name: getattr(BACK, name) for name in Returned.__struct_fields__}
    assert faults_in(DONE, [Returned(**{**values, **news})], END)
