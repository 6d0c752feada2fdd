"""Conditions on what no index holds: what meets them, and that none takes longer than it may."""

from __future__ import annotations

import math
from typing import Any

import pytest

from backoffice.errors import BadRequestError
from backoffice.hub import queries
from backoffice.matching import Compare, Condition, Question, TakesTooLongError, pattern
from backoffice.web.filters import conditions_in


def holds(body: dict[str, Any], *asked: tuple[str, str], until: float = math.inf) -> bool:
    return Question(conditions_in(asked), until).holds(body)


def test_the_time_is_looked_at_within_a_single_document() -> None:
    body = {"nums": [1, 2, 3]}
    for asked in (("nums", "-1,-2"), ("nums.regex", "9")):
        assert not holds(body, asked)
        with pytest.raises(TakesTooLongError):
            holds(body, asked, until=0.0)


@pytest.mark.parametrize("text", ["(a?){300}b", "((a?){30}){30}", "a" * 201])
def test_a_pattern_that_would_take_long_is_refused(text: str) -> None:
    with pytest.raises(BadRequestError):
        pattern(text)


def test_a_question_has_few_patterns() -> None:
    few = [("name.regex", str(number)) for number in range(5)]
    assert holds({"name": "4"}, *few)
    with pytest.raises(BadRequestError):
        conditions_in([*few, ("description.regex", "a")])


def test_of_a_long_text_the_beginning_is_matched() -> None:
    assert holds({"big": "a" * 3_999 + "b"}, ("big.regex", "b"))
    assert not holds({"big": "a" * 4_000 + "b"}, ("big.regex", "b"))


@pytest.mark.parametrize(
    ("name", "wanted"), [("isBundle.regex", "^true$"), ("isBundle", "True"), ("isBundle", "true,x")]
)
def test_a_truth_is_found_however_it_is_spelled(name: str, wanted: str) -> None:
    assert holds({"isBundle": True}, (name, wanted))
    assert not holds({"isBundle": False}, (name, wanted))


def test_alternatives_are_compared_as_what_is_there() -> None:
    assert holds({"nums": [7, 8]}, ("nums", "1,8.0"))
    assert holds({"at": "2026-03-01T12:00:00Z"}, ("at", "x,2026-03-01T13:00:00+01:00"))
    assert not holds({"at": "2026-03-01T12:00:00Z"}, ("at.gt", "x"))


def test_an_event_that_takes_too_long_to_look_at_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, event = (Condition("event.x.nums", Compare.EQ, ("9",)),), {"event": {"x": {"nums": [1]}}}
    assert not queries.is_asked_for(event, asked)
    monkeypatch.setattr(queries, "TEST_SECONDS", -1.0)
    assert queries.is_asked_for(event, asked)
