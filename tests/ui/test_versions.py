"""Two versions that differ are never told in the same words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.merging import MISSING
from ui.needs_you.versions import in_words

LI: dict[str, Any] = {"id": "C1", "name": "李示例"}
_members = st.sampled_from(
    [LI, {**LI, "role": "customer"}, {"value": 1.5, "unit": "CNY"}, "1", 1, 1.0, True, {"p": LI}]
)
_values = st.one_of(st.just(MISSING), _members, st.lists(_members, max_size=3))


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        (
            [{"place": "西湖"}, {"place": "滨江"}],
            ['{"place": "西湖"}', '{"place": "滨江"}'],
        ),
        (
            [[{**LI, "role": "customer"}], [{**LI, "role": "payer"}]],
            ["李示例 (role: customer)", "李示例 (role: payer)"],
        ),
        ([[LI, {"name": "王"}], [LI], MISSING], ["李示例, 王", "李示例", "–"]),
        ([[LI, {"name": "王"}], [LI, {"name": "张"}], [LI]], ["…, 王", "…, 张", "…"]),
        ([{"unit": "CNY", "value": 1234.5}, {"unit": "CNY", "value": 99}], ["1,234.50 CNY", "99.00 CNY"]),
        ([{"id": "1", "name": "shop"}, {"id": "2", "name": "shop"}], ["shop (id: 1)", "shop (id: 2)"]),
        ([["a", "b"], ["b", "a"]], ['["a", "b"]', '["b", "a"]']),
        (["1", 1], ['"1"', "1"]),
        ([MISSING, []], ["–", "[]"]),
    ],
)
def test_a_version_says_what_is_its_own(versions: list[Any], said: list[str]) -> None:
    assert in_words(versions) == said


@given(st.lists(_values, min_size=2, max_size=3))
@settings(max_examples=100, deadline=None)
def test_versions_that_differ_read_otherwise(versions: list[Any]) -> None:
    said = in_words(versions)
    for one, its_words in zip(versions, said, strict=True):
        for other, other_words in zip(versions, said, strict=True):
            if its_words == other_words:
                assert repr(one) == repr(other)
