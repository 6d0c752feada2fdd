"""What every adapter to a source of facts has to hold, whoever answers behind it.

A test of an adapter subclasses `AdapterContract` and says how to make one whose source is in a certain trouble.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from datetime import timedelta

import pytest

from backoffice.facts.asking import asked
from backoffice.facts.demonstration import Trouble
from backoffice.facts.port import Fact, MalformedAnswerError, NotAnsweredError, Source
from tests.fakes.clock import FakeClock

PATIENCE = 0.05  # seconds; the limit of these tests
AN_EYE = 5.0  # seconds in which an answer must be there on the most loaded machine


class AdapterContract:
    """The tests that are the same for all."""

    known: str
    unknown: str

    @abstractmethod
    def source(self, clock: FakeClock, trouble: Trouble) -> Source[Fact]:
        """An adapter whose source is in this trouble."""

    async def test_it_says_what_is_known_as_of_when_and_by_whom(self, clock: FakeClock) -> None:
        told = await asked(self.source(clock, Trouble.NONE), self.known, clock)
        assert told["known"] is True
        assert told["source"]
        assert isinstance(told["demonstration"], bool)
        assert told["asOf"].endswith("Z")

    async def test_the_same_question_has_the_same_answer(self, clock: FakeClock) -> None:
        source = self.source(clock, Trouble.NONE)
        assert await source.look_up(self.known) == await source.look_up(self.known)

    async def test_what_the_source_does_not_know_is_no_error(self, clock: FakeClock) -> None:
        source = self.source(clock, Trouble.NONE)
        if self.unknown:
            assert await source.look_up(self.unknown) is None
            assert (await asked(source, self.unknown, clock))["reason"] == "notFound"

    async def test_a_source_that_is_away_is_told_apart(self, clock: FakeClock) -> None:
        source = self.source(clock, Trouble.AWAY)
        with pytest.raises(NotAnsweredError):
            await source.look_up(self.known)
        assert (await asked(source, self.known, clock))["reason"] == "unavailable"

    async def test_a_source_that_talks_nonsense_is_not_believed(self, clock: FakeClock) -> None:
        source = self.source(clock, Trouble.GARBLED)
        with pytest.raises(MalformedAnswerError):
            await source.look_up(self.known)
        told = await asked(source, self.known, clock)
        assert set(told) == {"known", "reason", "source", "demonstration"}
        assert told["reason"] == "malformed"

    async def test_a_source_that_never_answers_keeps_nobody_waiting(self, clock: FakeClock) -> None:
        source = self.source(clock, Trouble.SILENT)
        async with asyncio.timeout(AN_EYE):
            told = await asked(source, self.known, clock, PATIENCE)
        assert (told["known"], told["reason"]) == (False, "timeout")

    async def test_a_slow_source_is_waited_for_within_the_limit(self, clock: FakeClock) -> None:
        source = self.source(clock, Trouble.SLOW)
        assert (await asked(source, self.known, clock, AN_EYE))["known"] is True

    async def test_it_can_be_left_at_any_time(self, clock: FakeClock) -> None:
        waiting = asyncio.create_task(self.source(clock, Trouble.SILENT).look_up(self.known))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    async def test_an_answer_of_the_future_is_not_believed(self, clock: FakeClock) -> None:
        source = self.source(clock, Trouble.NONE)
        behind = FakeClock(clock.now() - timedelta(hours=1))
        assert (await asked(source, self.known, behind))["reason"] == "malformed"
