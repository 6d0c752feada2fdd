"""Questions that wait for a thread go there together, and each of them is answered for itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest

from backoffice.web.gathering import Gathering, each
from tests.backoffice.helpers import all_at_once

Question = Callable[[], int]


class Visits:
    """Threads that note how many questions they found at each of their visits."""

    def __init__(self) -> None:
        self.found: list[int] = []
        self.gathering: Gathering[Question, int] = Gathering(self._carry_out, ThreadPoolExecutor(2), most=3)

    def _carry_out(self, questions: Sequence[Question]) -> Sequence[int | BaseException]:
        self.found.append(len(questions))
        return each(questions)


@pytest.fixture
def visits() -> Iterator[Visits]:
    """Two threads that take up to three questions at once."""
    visits = Visits()
    yield visits
    visits.gathering.close()


def test_those_that_come_at_the_same_time_are_asked_in_their_order_and_no_thread_takes_too_many(visits: Visits) -> None:
    questions: list[Question] = [partial(int, one) for one in range(7)]
    assert all_at_once(visits.gathering, questions) == list(range(7))
    assert sorted(visits.found) == [1, 3, 3]


def test_one_that_fails_takes_nothing_from_the_others(visits: Visits) -> None:
    questions: list[Question] = [lambda: 1, lambda: int("one"), lambda: 3]
    first, second, third = all_at_once(visits.gathering, questions)
    assert (first, type(second), third) == (1, ValueError, 3)


async def test_a_slow_one_holds_up_none_that_come_later(visits: Visits) -> None:
    begun, goes_on = Event(), Event()

    def wait() -> int:
        begun.set()
        return int(goes_on.wait(30))

    slow = visits.gathering.add(wait)
    assert await asyncio.to_thread(begun.wait, 30)
    assert await visits.gathering.add(lambda: 2) == 2
    goes_on.set()
    assert await slow == 1


async def test_whoever_leaves_is_not_told_and_the_others_are(visits: Visits) -> None:
    leaver, other = visits.gathering.add(lambda: 1), visits.gathering.add(lambda: 2)
    leaver.cancel()
    assert await other == 2


async def test_nothing_is_asked_once_it_is_closed(visits: Visits) -> None:
    late = visits.gathering.add(lambda: 1)
    visits.gathering.close()
    await asyncio.sleep(0)
    assert not late.done()
    assert visits.found == []
