"""A box opens at the desks that it is for, with the draft that it was made of, and nowhere else."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.drafts import Draft
from app.core.errors import BackOfficeAnswerError, DeskError
from app.drafts.model import DraftUnreadableError
from app.tmf.sealing import new_secret, opened, public_of, sealed
from tests.fakes.clock import NOON

DRAFT = Draft("D1", "complaint", 1, "mei", NOON, {"description": "没有信号"}, "C1", "张伟", "tv")
ONE, OTHER = new_secret(), new_secret()
KEYS = {"desk-1": public_of(ONE), "desk-2": public_of(OTHER)}
BOX = sealed(DRAFT, KEYS)


def test_a_box_of_this_version_opens_for_ever() -> None:
    box = {
        "version": 1,
        "ephemeral": "dTmnpKBAqz9mnwikJQ0tei6X8O5Y+Hoez40o0hFfYRc=",
        "nonce": "tya3herXFeiBEGzE",
        "body": (
            "J47o4gjcyyvgShPBhgE1tS17Nu8aU7zvyT2iYmxO2mxftnc+hYTUZshqdeGFbErkZNi+AIAdTfyo2LtfRMyEMLuwSyTgLf53ysG8CZbDofO4FX9F"
            "7VNKhzQHh/MRVF9EpfrauPspmsMoaSLZB55l8SYLhlKiwiwijj6PtbeaDs/EV/wodEp1EdznDIEfyVGL3CGE7Vko+M++9PHl60aj9TuoCHSlqI0M"
            "BPl8g8/k6ycIdibwGYim6x/HDHNHAwOD/mw9nHeOAsFuFP91DySN5nUoaAxQRPbv5FPWPnfgie7BznRjkw=="
        ),
        "keys": {"desk-1": "hTzpD+jcivAM0T66EBUANMuQ6rcTauTPdbOHiJuSmsacC+62Mx9GXphTRP+OWE7t"},
    }
    assert opened(json.dumps(box), "D1", "desk-1", bytes(range(32))) == DRAFT


@pytest.mark.parametrize(("device", "secret"), [("desk-1", ONE), ("desk-2", OTHER)], ids=["one", "other"])
def test_each_desk_of_the_hall_opens_it(device: str, secret: bytes) -> None:
    assert opened(BOX, "D1", device, secret) == DRAFT


@pytest.mark.parametrize(
    ("draft_id", "device", "secret"),
    [("D1", "desk-3", new_secret()), ("D1", "desk-1", OTHER), ("D1", "desk-2", ONE), ("D2", "desk-1", ONE)],
    ids=["a third desk", "one with the other key", "the other with this one", "another draft"],
)
def test_nobody_else_does_nor_under_another_name(draft_id: str, device: str, secret: bytes) -> None:
    with pytest.raises(DraftUnreadableError):
        opened(BOX, draft_id, device, secret)


@pytest.mark.parametrize("keys", [{}, {"desk-1": "no key"}])
def test_a_box_that_nobody_could_open_is_not_made(keys: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="for somebody"):
        sealed(DRAFT, keys)


def test_nothing_of_the_draft_stands_in_it_and_no_two_boxes_are_alike() -> None:
    held = json.loads(BOX)
    plain = b"".join(base64.b64decode(held[name]) for name in ("body", "nonce", "ephemeral")) + BOX.encode()
    for canary in ("没有信号", "张伟", '"mei"', '"description"'):  # none of which base64 could hold
        assert canary.encode() not in plain
    again = json.loads(sealed(DRAFT, KEYS))
    assert not {held[name] for name in ("ephemeral", "nonce", "body")} & {
        again[name] for name in ("ephemeral", "nonce", "body")
    }


@pytest.mark.parametrize("part", ["ephemeral", "nonce", "body"])
def test_a_box_that_somebody_has_changed_is_not_believed(part: str) -> None:
    held = json.loads(BOX)
    content = bytearray(base64.b64decode(held[part]))
    content[0] ^= 1
    with pytest.raises(DraftUnreadableError):
        opened(json.dumps({**held, part: base64.b64encode(content).decode()}), "D1", "desk-1", ONE)


def test_a_key_that_is_none_keeps_nobody_else_from_opening_it() -> None:
    for key in ("", "no base64 !", base64.b64encode(bytes(31)).decode(), base64.b64encode(bytes(32)).decode()):
        box = sealed(DRAFT, {"odd": key, **KEYS})
        assert opened(box, "D1", "desk-1", ONE) == DRAFT
        assert "odd" not in json.loads(box)["keys"]


@given(st.text() | st.lists(st.none() | st.text() | st.integers()).map(json.dumps))
def test_what_is_no_box_is_an_answer_that_makes_no_sense(box: str) -> None:
    with pytest.raises(BackOfficeAnswerError):
        opened(box, "D1", "desk-1", ONE)


@given(st.sampled_from([*json.loads(BOX)]), st.none() | st.text() | st.integers() | st.lists(st.text()))
def test_a_box_with_a_part_that_makes_no_sense_is_a_desk_error(part: str, value: object) -> None:
    held = json.loads(BOX)
    if part != "version":
        with pytest.raises(DeskError):
            opened(json.dumps({**held, part: value}), "D1", "desk-1", ONE)


def test_a_draft_that_was_sealed_by_somebody_who_means_harm_is_read_as_one_or_refused() -> None:
    with pytest.raises(BackOfficeAnswerError):
        opened(sealed(replace(DRAFT, body=cast(Any, ["no", "form"])), KEYS), "D1", "desk-1", ONE)
