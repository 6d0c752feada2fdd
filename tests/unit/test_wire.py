"""Whatever JSON a back office sends, reading it never raises, and what is shown is well-formed text."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.complaints.wire import complaint_from
from app.core import wire
from app.customers.wire import account_from, customer_from
from app.inventory.wire import product_from, service_from
from app.network.wire import outage_from

# Names that the readers look for, so that any JSON under them is met often.
NAMES = st.sampled_from(
    ["id", "name", "status", "contactMedium", "characteristic", "phoneNumber", "mediumType", "engagedParty", "value",
     "accountBalance", "balanceType", "amount", "unit", "productPrice", "priceType", "price", "taxIncludedAmount", "note",
     "relatedParty", "role", "relatedEntity", "@referredType", "place", "affectedService", "affectedLocation", "startDate",
     "affectedNumberOfServices", "serviceCharacteristic", "creationDate", "birthDate", "individualIdentification"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(st.characters(), max_size=8),
    st.sampled_from(["receivable", "phone", "email", "postalAddress", "recurring", "Service", "expectedResolution", "CNY",
                     "number", "9999-12-31T23:59:59Z", "2026-03-25T04:00:00Z", "\ud800", "1e999999", "\x00"]),
)  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.just(10**4_200), st.floats(), TEXTS, st.just("x" * 5_000)
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=6)),
    max_leaves=30,
)
BODIES = st.dictionaries(NAMES, JSON, max_size=10)


@given(body=BODIES, party=BODIES)
def test_any_json_can_be_read_as_any_model(body: dict[str, Any], party: dict[str, Any]) -> None:
    models = [
        customer_from(body, party, (account_from(body),)), service_from(body), product_from(body),
        outage_from(body, "C1"),
        complaint_from(body),
    ]  # fmt: skip
    assert all(str(model).encode() for model in models)  # no half of a surrogate pair, which no window can draw


@given(body=BODIES, name=NAMES)
def test_the_small_readers_always_answer_in_their_own_type(body: dict[str, Any], name: str) -> None:
    assert len(wire.text(body, name)) <= wire.MAX_SHOWN
    assert wire.text(body, name).encode().decode() == wire.text(body, name)
    moment = wire.instant(body, name)
    assert moment is None or moment.utcoffset() is not None
    assert wire.calendar_day(body, name) is None or moment is not None
    assert isinstance(wire.child(body, name), dict)
    assert all(isinstance(one, dict) for one in wire.children(body, name))
    assert all(isinstance(value, str) for value in wire.characteristics(body, name).values())
    assert isinstance(wire.related(body, name, "customer"), str)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("text", "text"), (5, "5"), (5.5, "5.5"), (True, "-"), (None, "-"), ([], "-"), ({}, "-"), ("", "")],
)
def test_text_is_text_numbers_are_written_out_and_the_rest_is_absent(value: object, shown: str) -> None:
    assert wire.text({"name": value}, "name", "-") == shown
    assert wire.text({}, "name", "-") == "-"


@pytest.mark.parametrize(
    "written",
    ["1988-06-02", " 1988-06-02 ", "1988-06-02T00:00:00Z", "1988-06-02T00:00:00.000Z", "1988-06-02T23:59:59+14:00",
     "1988-06-02T00:00:00+08:00", "1988-06-02T00:00:00-10:00"],
)  # fmt: skip
def test_a_date_is_the_one_that_was_written_in_every_time_zone(written: str) -> None:
    assert type(found := wire.calendar_day({"birthDate": written}, "birthDate")) is date
    assert found == date(1988, 6, 2)


@pytest.mark.parametrize("written", ["", "yesterday", "1988-13-02", "0001-01-01", "9999-12-31T23:59:59Z", 1988, None])
def test_what_is_no_date_is_as_good_as_absent(written: object) -> None:
    assert wire.calendar_day({"birthDate": written}, "birthDate") is None


def test_marks_of_any_simple_type_are_text() -> None:
    marks = [{"name": "a", "value": True}, {"name": "b", "value": 3}, {"name": "c", "value": "x"}, {"name": "d"}, "odd"]
    assert wire.characteristics({"characteristic": marks}) == {"a": "true", "b": "3", "c": "x", "d": ""}


def test_the_first_in_a_role_counts() -> None:
    parties = [{"id": "1", "role": "seller"}, {"id": "2", "role": "customer"}, {"id": "3", "role": "customer"}]
    assert wire.related({"relatedParty": parties}, "relatedParty", "customer") == "2"


@pytest.mark.parametrize(
    ("text", "mended"),
    [("plain", "plain"), ("张\U0001f4f1", "张\U0001f4f1"), ("a\ud83db", "a\ufffdb"), ("\udc00", "\ufffd"),
     ("\ud83d\udcf1", "\U0001f4f1")],
)  # fmt: skip
def test_halves_of_a_sign_are_joined_or_replaced(text: str, mended: str) -> None:
    assert wire.well_formed(text) == mended


@given(text=st.text(st.characters()))
def test_well_formed_text_survives_every_encoding_and_well_formed_is_what_it_stays(text: str) -> None:
    mended = wire.well_formed(text)
    assert json.loads(json.dumps(mended, ensure_ascii=False).encode()) == mended == wire.well_formed(mended)
