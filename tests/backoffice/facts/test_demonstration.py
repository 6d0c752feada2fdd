"""The sources of the demonstration hold what every adapter has to, and say that they make things up."""

from __future__ import annotations

import pytest

from backoffice.facts.asking import asked, demonstration
from backoffice.facts.decoding import decoded
from backoffice.facts.demonstration import MadeUp, Trouble, clearing_house, identity_authority, power_grid
from backoffice.facts.port import Fact, IdentityFact, MalformedAnswerError, PowerFact, Source
from tests.backoffice.facts.contract import AdapterContract
from tests.fakes.clock import FakeClock

NOON = '"2026-03-25T04:00:00Z"'


def in_trouble(source: MadeUp[IdentityFact] | MadeUp[PowerFact] | Source[Fact], trouble: Trouble) -> Source[Fact]:
    assert isinstance(source, MadeUp)
    source.trouble = trouble
    return source


class TestIdentityAuthority(AdapterContract):
    known = "33010219900101001X"
    unknown = "123"

    def source(self, clock: FakeClock, trouble: Trouble) -> Source[Fact]:
        return in_trouble(identity_authority(clock), trouble)


class TestClearingHouse(AdapterContract):
    known = "+86 138 0013 8000"
    unknown = "110"

    def source(self, clock: FakeClock, trouble: Trouble) -> Source[Fact]:
        return in_trouble(clearing_house(clock), trouble)


class TestPowerGrid(AdapterContract):
    known = "site-17"
    unknown = ""

    def source(self, clock: FakeClock, trouble: Trouble) -> Source[Fact]:
        return in_trouble(power_grid(clock), trouble)


async def test_the_demonstration_says_that_it_is_one(clock: FakeClock) -> None:
    for source in demonstration(clock).by_kind().values():
        told = await asked(source, "33010219900101001X", clock)
        assert told["demonstration"] is True
        assert "demonstration" in told["source"]


async def test_its_answers_differ_from_question_to_question(clock: FakeClock) -> None:
    identity, grid = identity_authority(clock), power_grid(clock)
    valid = [await identity.look_up(f"33010219900101{number:04}") for number in range(40)]
    cuts = [await grid.look_up(f"site-{number}") for number in range(40)]
    assert {one.valid for one in valid if one} == {True, False}
    assert {one.cut for one in cuts if one} == {True, False}


async def test_nobody_connected_is_said(clock: FakeClock) -> None:
    assert await asked(None, "x", clock) == {"known": False, "reason": "notConnected"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b'{"cut": true}',
        b'{"asOf": %s, "cut": "yes"}' % NOON.encode(),
        b'{"asOf": "2026-03-25T04:00:00", "cut": true}',
        b'{"asOf": %s, "cut": true, "x": "%s"}' % (NOON.encode(), b"y" * 70_000),
        b"[" * 60_000,
    ],
    ids=["nothing", "null", "list", "bytes", "no instant", "wrong type", "no zone", "too long", "deep"],
)
def test_what_is_no_answer_is_not_read_as_one(raw: bytes) -> None:
    with pytest.raises(MalformedAnswerError):
        decoded(raw, PowerFact)


def test_what_a_source_adds_is_left_aside() -> None:
    fact = decoded(b'{"asOf": %s, "cut": true, "owner": "X"}' % NOON.encode(), PowerFact)
    assert fact.cut is True
