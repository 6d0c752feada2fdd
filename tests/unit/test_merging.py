"""Two people change one record: nothing of either is lost without a word."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.permissions import Permission
from app.rules.exact_fields import FIELD_RULES
from app.rules.merging import MISSING, differences, merge
from backoffice.patching import merge_patched
from backoffice.resources import RESOURCES
from local_cache.mirror_schema import COLLECTIONS, INDEX

TICKET = "troubleTicket"
RECORDS = [name for name in COLLECTIONS if name != INDEX]  # which is none, and which nobody acts on
SEEN = {"id": "T1", "status": "acknowledged", "severity": "minor", "note": [{"text": "a"}], "lastUpdate": "1"}
Body = dict[str, Any]

_values = st.sampled_from(
    [
        None,
        True,
        1,
        "x",
        "y",
        {},
        {"p": 1},
        {"p": 2, "q": 1},
        ["l"],
        {"p": {"r": 1}},
        {"id": "1", "p": 1},
        {"id": "2", "p": 2},
        {"unit": "CNY", "value": 3},
        {"value": 4},
        {"p": {"id": "1", "r": 1}},
    ]
)
_names = st.sampled_from(["name", "severity", "expected", "status", "lastUpdate"])
_notes = st.lists(st.sampled_from(["n1", "n2", "n3"]), max_size=3, unique=True)
_records = st.builds(
    lambda fields, notes: {**fields, "note": notes},
    st.dictionaries(_names, _values.filter(lambda one: one is not None), max_size=4), _notes,
)  # fmt: skip
_plain = st.dictionaries(_names, _values, min_size=1, max_size=3)


@st.composite
def _changes(draw: st.DrawFn, seen: Body) -> Body:
    """What somebody wants who saw this."""
    delta = draw(_plain)
    if draw(st.booleans()):
        delta["note"] = [*seen["note"], *(f"+{one}" for one in draw(_notes))]
    return delta


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Body, Body, Body]:
    """A record as it was seen, a change, and the record as it is now."""
    seen = draw(_records)
    there = seen if draw(st.booleans()) else draw(_records)
    for _ in range(draw(st.integers(0, 2))):
        there = merge_patched(there, draw(_changes(there)))
    return seen, draw(_changes(seen)), there


def flat(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    """Every value in a record by its path."""
    if isinstance(value, Mapping) and value:
        found: dict[tuple[str, ...], str] = {}
        for name, inner in value.items():
            found |= flat(inner, (*path, name))
        return found
    return {path: json.dumps(value)}


def added(now: Body, before: Body) -> list[Any]:
    """Notes that were added."""
    return [one for one in now["note"] if one not in before["note"]]


@given(_cases())
@settings(max_examples=60, deadline=None)
def test_whatever_others_changed_stays_unless_a_person_is_asked(case: tuple[Body, Body, Body]) -> None:
    seen, delta, there = case
    merged = merge(TICKET, seen, delta, there)
    after = merge_patched(there, merged.delta)
    was, now, before = flat(seen), flat(after), flat(there)
    for path, value in before.items():
        is_lost = was.get(path) != value and now.get(path) != value
        if is_lost and path != ("note",) and value != "{}":  # what others may put into an empty object is no loss
            assert any(path[: len(one)] == one or one[: len(path)] == path for one in merged.in_question)
    if "note" in delta:
        assert all(one in after["note"] for one in there["note"]), "also where a person is asked"


@given(_cases())
@settings(max_examples=60, deadline=None)
def test_what_a_clerk_wanted_is_in_effect_or_a_person_is_asked(case: tuple[Body, Body, Body]) -> None:
    seen, delta, there = case
    merged = merge(TICKET, seen, delta, there)
    after = merge_patched(there, merged.delta)
    wanted = {name: value for name, value in delta.items() if name != "note"}
    assert merge_patched(after, wanted) == after, "a merge only adds to what is sent"
    assert all(one in after["note"] for one in added(delta, seen)) if "note" in delta else True


@given(_cases())
@settings(max_examples=60, deadline=None)
def test_merged_once_it_goes_through_as_it_is(case: tuple[Body, Body, Body]) -> None:
    seen, delta, there = case
    once = merge(TICKET, seen, delta, there)
    again = merge(TICKET, there, once.delta, there)
    assert not again.needs_a_person
    assert again.delta == once.delta


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_two_changes_that_merge_by_themselves_come_to_the_same_in_either_order(data: st.DataObject) -> None:
    seen = data.draw(_records)
    one, other = data.draw(_changes(seen)), data.draw(_changes(seen))
    first, second = merge_patched(seen, one), merge_patched(seen, other)
    onto_first, onto_second = merge(TICKET, seen, other, first), merge(TICKET, seen, one, second)
    assume(not onto_first.needs_a_person and not onto_second.needs_a_person)
    ends = merge_patched(first, onto_first.delta), merge_patched(second, onto_second.delta)
    for end in ends:
        end["note"] = sorted(end["note"])
    assert ends[0] == ends[1]


@given(_cases(), st.sampled_from(["status", "relatedParty"]))
@settings(max_examples=60, deadline=None)
def test_an_exact_field_goes_through_on_the_record_as_it_was_seen_only(
    case: tuple[Body, Body, Body], name: str
) -> None:
    seen, delta, there = case
    merged = merge(TICKET, seen, {**delta, name: "mine"}, there)
    is_as_seen = flat({**seen, "lastUpdate": ""}) == flat({**there, "lastUpdate": ""})
    assert ((name,) in merged.in_question) is not is_as_seen


def test_different_fields_merge_by_themselves() -> None:
    merged = merge(TICKET, SEEN, {"severity": "major"}, {**SEEN, "name": "theirs", "lastUpdate": "2"})
    assert (merged.delta, merged.needs_a_person) == ({"severity": "major"}, False)


def test_the_same_field_takes_a_person_unless_both_wanted_the_same() -> None:
    assert merge(TICKET, SEEN, {"severity": "major"}, {**SEEN, "severity": "critical"}).in_question == (("severity",),)
    assert not merge(TICKET, SEEN, {"severity": "major"}, {**SEEN, "severity": "major"}).needs_a_person


def test_notes_of_both_stand_there_theirs_first() -> None:
    delta = {"note": [{"text": "a"}, {"text": "mine"}]}
    merged = merge(TICKET, SEEN, delta, {**SEEN, "note": [{"text": "a"}, {"text": "theirs"}]})
    assert merged.delta == {"note": [{"text": "a"}, {"text": "theirs"}, {"text": "mine"}]}
    assert not merged.needs_a_person


def test_a_note_that_stands_there_already_is_not_added_again() -> None:
    """The same act again, on top of an answer that was lost."""
    mine = {"text": "mine", "date": "2026-03-25T04:00:00.000Z", "author": "mei"}
    there = {**SEEN, "note": [*SEEN["note"], mine, {"text": "theirs"}]}
    assert merge(TICKET, SEEN, {"note": [*SEEN["note"], mine]}, there).delta == {"note": there["note"]}


def test_the_same_words_of_two_people_are_two_notes() -> None:
    there = {**SEEN, "note": [*SEEN["note"], {"text": "called"}]}
    merged = merge(TICKET, SEEN, {"note": [*SEEN["note"], {"text": "called"}]}, there)
    assert merged.delta == {"note": [*there["note"], {"text": "called"}]}


def test_what_is_masked_by_head_office_is_no_change_of_anybodys() -> None:
    """Whoever read the record since may see less or more of it."""
    assert not merge(TICKET, SEEN, {"status": "held"}, {**SEEN, "@masked": ["birthDate"]}).needs_a_person


def test_where_somebody_took_a_note_away_a_person_is_asked_and_it_does_not_come_back() -> None:
    merged = merge(TICKET, SEEN, {"note": [{"text": "a"}, {"text": "mine"}]}, {**SEEN, "note": []})
    assert merged.in_question == (("note",),)
    assert merged.delta == {"note": [{"text": "mine"}]}


def test_nobody_closes_a_ticket_that_another_call_was_noted_on_since() -> None:
    there = {**SEEN, "note": [*SEEN["note"], {"text": "called again"}]}
    assert merge(TICKET, SEEN, {"status": "closed"}, there).in_question == (("status",),)
    assert not merge(TICKET, SEEN, {"status": "closed"}, {**SEEN, "lastUpdate": "2"}).needs_a_person


def test_two_credits_of_the_same_amount_are_not_taken_for_one() -> None:
    merged = merge("billingAccount", {"creditLimit": 100}, {"creditLimit": 150}, {"creditLimit": 150})
    assert merged.in_question == (("creditLimit",),)


def test_a_deletion_wins_over_no_change_without_a_word_nor_a_change_over_it() -> None:
    assert merge(TICKET, SEEN, {"severity": "major", "status": "closed"}, None).in_question == (
        ("severity",), ("status",),
    )  # fmt: skip


def test_to_remove_what_others_have_changed_takes_a_person() -> None:
    assert merge(TICKET, SEEN, {"severity": None}, {**SEEN, "severity": "critical"}).needs_a_person
    assert not merge(TICKET, SEEN, {"severity": None}, SEEN).needs_a_person


def test_an_inner_field_never_takes_the_place_of_what_others_put_there_whole() -> None:
    merged = merge(TICKET, {"id": "T1"}, {"place": {"floor": 2}}, {"id": "T1", "place": "the hall"})
    assert merged.in_question == (("place", "floor"),)


CHANNEL = {"id": "1", "name": "shop"}


@pytest.mark.parametrize(
    ("name", "seen", "wanted", "there"),
    [
        ("channel", CHANNEL, {"name": "phone"}, {"id": "2", "name": "shop"}),
        ("channel", CHANNEL, {"name": "phone"}, {"id": "2", "href": "/2"}),
        ("channel", {}, {"id": "1", "name": "phone"}, {"id": "2"}),
        ("impact", {"value": 1, "unit": "CNY"}, {"value": 2}, {"value": 1, "unit": "USD"}),
        ("window", {"startDateTime": "1"}, {"endDateTime": "3"}, {"startDateTime": "2"}),
        ("takes", {"amount": 1, "units": "h"}, {"units": "d"}, {"amount": 8, "units": "h"}),
        ("outer", {"inner": CHANNEL}, {"inner": {"name": "phone"}}, {"inner": {"id": "2", "name": "shop"}}),
    ],
)
def test_no_half_of_a_value_is_put_beside_half_of_what_others_put_there(
    name: str, seen: Body, wanted: Body, there: Body
) -> None:
    merged = merge(TICKET, {name: seen}, {name: wanted}, {name: there})
    assert merged.needs_a_person
    asked_for = merge_patched({name: seen}, {name: wanted})
    assert merge_patched({name: there}, merged.delta) == asked_for, "also on somebody's word"
    assert differences({name: seen}, {name: wanted}, {name: there})[0].wanted in (
        asked_for[name],
        CHANNEL | wanted.get("inner", {}),
    )


def test_a_reference_is_set_beside_what_others_did_elsewhere_and_both_may_want_the_same() -> None:
    wanted, theirs = {"channel": {"name": "phone"}}, {"channel": {"id": "1", "name": "phone"}}
    assert merge(TICKET, {"channel": CHANNEL}, wanted, {"channel": CHANNEL, "name": "theirs"}).delta == wanted
    for there in ({"channel": CHANNEL, "name": "theirs"}, theirs):
        assert not merge(TICKET, {"channel": CHANNEL}, wanted, there).needs_a_person


def test_of_a_collection_that_nobody_described_nothing_merges_by_itself() -> None:
    assert merge("unheardOf", {"a": 1, "b": 1}, {"a": 2}, {"a": 1, "b": 2}).needs_a_person
    assert not merge("unheardOf", {"a": 1}, {"a": 2}, {"a": 1}).needs_a_person


def test_the_versions_are_told_field_by_field() -> None:
    there = {**SEEN, "severity": "critical", "name": "theirs", "lastUpdate": "2"}
    told = [(".".join(one.path), one.seen, one.wanted, one.there, one.is_wanted)
            for one in differences(SEEN, {"severity": "major", "expected": "noon"}, there)]  # fmt: skip
    assert told == [
        ("severity", "minor", "major", "critical", True),
        ("expected", MISSING, "noon", MISSING, True),
        ("name", MISSING, MISSING, "theirs", False),
    ]


@pytest.mark.parametrize("collection", RECORDS)
def test_the_state_of_every_record_at_the_desk_is_exact(collection: str) -> None:
    states = RESOURCES[collection].states
    assert (states.attribute if states else "status") in FIELD_RULES[collection].exact
    assert not FIELD_RULES[collection].growing & FIELD_RULES[collection].exact


_MONEY = re.compile("price|balance|limit|payment|credit|tax", re.IGNORECASE)
_GUARDED = (Permission.REVEAL_IDENTITY, Permission.REVEAL_CREDIT, Permission.REVEAL_SECRETS)


@pytest.mark.parametrize("collection", RECORDS)
def test_what_is_exact_is_declared_and_all_that_is_money_or_masked_for_its_sake_is_exact(collection: str) -> None:
    resource, exact = RESOURCES[collection], FIELD_RULES[collection].exact
    assert exact <= resource.attributes.keys()
    assert exact >= {name for name in resource.attributes if _MONEY.search(name)}
    assert exact >= {mask.attribute for mask in resource.masks if mask.needs in _GUARDED}


@pytest.mark.parametrize(
    ("collection", "names"),
    [
        ("product", "productOffering productPrice productCharacteristic productSpecification productTerm"),
        ("service", "serviceSpecification serviceCharacteristic state"),
        ("productOrder", "productOrderItem orderTotalPrice state"),
        ("individual", "individualIdentification creditRating formattedName otherName aristocraticTitle generation"),
        ("organization", "organizationIdentification creditRating otherName partyCharacteristic tradingName"),
        ("customer", "characteristic creditProfile engagedParty"),
    ],
)
def test_of_plan_and_identity_nobody_changes_a_part_on_a_record_that_others_have_changed(
    collection: str, names: str
) -> None:
    for name in names.split():
        assert merge(collection, {name: 1}, {name: 2}, {name: 1, "description": "theirs"}).in_question == ((name,),)
