"""Questions that wait for a thread go there together, and each of them is answered for itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from typing import Any

import pytest

from backoffice.web.gathering import Gathering, Question, Questions
from tests.backoffice.helpers import all_at_once


class Visits(Questions):
    """Two threads that note how many questions they found at each of their visits."""

    def __init__(self) -> None:
        super().__init__(ThreadPoolExecutor(2))
        self.found: list[int] = []

    def _asked(self, questions: Sequence[Question]) -> list[Any]:
        self.found.append(len(questions))
        return super()._asked(questions)


@pytest.fixture
def visits() -> Iterator[Visits]:
    """Two threads that take up to eight questions at once."""
    visits = Visits()
    yield visits
    visits.close()


def test_those_that_come_at_the_same_time_are_asked_in_their_order_and_no_thread_takes_too_many(visits: Visits) -> None:
    questions: list[Question] = [partial(int, one) for one in range(19)]
    assert all_at_once(visits, questions) == list(range(19))
    assert sorted(visits.found) == [3, 8, 8]


def test_one_that_fails_takes_nothing_from_the_others(visits: Visits) -> None:
    questions: list[Question] = [lambda: 1, lambda: int("one"), lambda: 3]
    first, second, third = all_at_once(visits, questions)
    assert (first, type(second), third) == (1, ValueError, 3)


async def test_a_slow_one_holds_up_none_that_come_later(visits: Visits) -> None:
    begun, goes_on = Event(), Event()

    def wait() -> int:
        begun.set()
        return int(goes_on.wait(30))

    slow = visits.add(wait)
    assert await asyncio.to_thread(begun.wait, 30)
    assert await visits.add(lambda: 2) == 2
    goes_on.set()
    assert await slow == 1


async def test_whoever_leaves_is_not_told_and_the_others_are(visits: Visits) -> None:
    leaver, other = visits.add(lambda: 1), visits.add(lambda: 2)
    leaver.cancel()
    assert await other == 2


async def test_slow_ones_are_shared_out_among_the_threads(visits: Visits) -> None:
    both = Barrier(2, timeout=30)
    await visits.add(lambda: time.sleep(0.02))
    await asyncio.gather(*(visits.add(both.wait) for _ in range(2)))  # would break if one thread had taken both
    assert visits.found == [1, 1, 1]


@pytest.mark.parametrize("error", [StopIteration(), SystemExit(), KeyError("k")], ids=["end", "exit", "key"])
async def test_nobody_waits_for_ever_for_what_became_of_another_one(visits: Visits, error: BaseException) -> None:
    def fail() -> int:
        raise error

    questions: list[Question] = [lambda: 1, fail, lambda: 3]
    outcomes = await asyncio.gather(*(visits.add(one) for one in questions), return_exceptions=True)
    assert (outcomes[0], isinstance(outcomes[1], BaseException), outcomes[2]) == (1, True, 3)


async def test_if_all_of_it_fails_all_are_told() -> None:
    def fail(_works: Sequence[int]) -> list[int | BaseException]:
        raise MemoryError

    gathering = Gathering(fail, ThreadPoolExecutor(1))
    outcomes = await asyncio.gather(*(gathering.add(one) for one in range(3)), return_exceptions=True)
    gathering.close()
    assert [type(one) for one in outcomes] == [MemoryError] * 3


async def test_whoever_has_left_is_not_asked_for(visits: Visits) -> None:
    asked: list[int] = []
    waiting = [visits.add(partial(asked.append, one)) for one in range(3)]
    waiting[1].cancel()
    await asyncio.gather(waiting[0], waiting[2])
    assert asked == [0, 2]


async def test_what_waits_is_done_before_it_is_closed_and_nothing_after() -> None:
    done: list[int] = []

    def carry_out(works: Sequence[int]) -> Sequence[int | BaseException]:
        done.extend(works)
        return works

    gathering = Gathering(carry_out, ThreadPoolExecutor(1), most=2)
    waiting = [gathering.add(one) for one in range(7)]
    gathering.close()
    await asyncio.gather(*waiting)
    assert done == list(range(7))
    with pytest.raises(RuntimeError):
        gathering.add(8)
