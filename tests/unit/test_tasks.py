"""A scope owns its work: newest read wins, first write wins, nothing outlives it, nothing fails unseen."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator

import pytest

from app.core.tasks import TaskScope


class Steps:
    """Work that waits until it is let go, and notes how it ended."""

    def __init__(self) -> None:
        self.gates: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.ended: list[str] = []

    async def work(self, name: str) -> str:
        """Wait, then end."""
        try:
            await self.gates[name].wait()
        except asyncio.CancelledError:
            self.ended.append(f"{name} cancelled")
            raise
        self.ended.append(name)
        return name

    def let_go(self, name: str) -> None:
        """Let the work of that name end, also if it has not begun yet."""
        self.gates[name].set()


@pytest.fixture
def bugs() -> list[BaseException]:
    """What nobody awaited."""
    return []


@pytest.fixture
def scope(bugs: list[BaseException]) -> Iterator[TaskScope]:
    """A scope in which no bug may stay unnoticed."""
    made = TaskScope(bugs.append)
    yield made
    assert not made.busy


async def test_a_newer_read_ends_the_older_one(scope: TaskScope) -> None:
    steps = Steps()
    older = scope.newest("list", steps.work("older"))
    await asyncio.sleep(0)
    scope.newest("list", steps.work("newer"))
    steps.let_go("newer")
    await scope.idle()
    assert older.cancelled()
    assert steps.ended == ["older cancelled", "newer"]


async def test_reads_of_different_names_leave_each_other_alone(scope: TaskScope) -> None:
    steps = Steps()
    scope.newest("list", steps.work("list"))
    scope.newest("page", steps.work("page"))
    steps.let_go("page")
    steps.let_go("list")
    await scope.idle()
    assert sorted(steps.ended) == ["list", "page"]


async def test_while_a_write_runs_a_second_one_is_dropped_and_after_it_another_may_begin(scope: TaskScope) -> None:
    steps = Steps()
    assert scope.first("save", steps.work("first")) is not None
    assert scope.first("save", steps.work("second")) is None
    steps.let_go("first")
    await scope.idle()
    assert scope.first("save", steps.work("third")) is not None
    steps.let_go("third")
    await scope.idle()
    assert steps.ended == ["first", "third"]


async def test_closing_ends_everything_and_waits_for_it(scope: TaskScope) -> None:
    steps = Steps()
    scope.start(steps.work("one"))
    scope.newest("list", steps.work("two"))
    await asyncio.sleep(0)
    await scope.close()
    assert sorted(steps.ended) == ["one cancelled", "two cancelled"]


async def test_a_page_that_goes_away_cancels_without_waiting(scope: TaskScope) -> None:
    steps = Steps()
    scope.start(steps.work("one"))
    await asyncio.sleep(0)
    scope.cancel()
    assert scope.busy
    await scope.idle()
    assert steps.ended == ["one cancelled"]


async def test_what_running_work_starts_is_waited_for_too(scope: TaskScope) -> None:
    steps = Steps()

    async def outer() -> None:
        scope.start(steps.work("inner"))

    scope.start(outer())
    steps.let_go("inner")
    await scope.idle()
    assert steps.ended == ["inner"]


async def test_work_that_is_done_keeps_nobody_busy(scope: TaskScope) -> None:
    steps, seen = Steps(), []
    steps.let_go("one")
    scope.start(steps.work("one"))
    asyncio.get_running_loop().call_soon(lambda: seen.append((list(steps.ended), scope.busy)))
    await scope.idle()
    assert seen == [(["one"], False)]


async def test_whoever_gives_up_waiting_ends_nothing(scope: TaskScope) -> None:
    steps = Steps()
    scope.start(steps.work("one"))
    waiting = asyncio.ensure_future(scope.idle())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    steps.let_go("one")
    await scope.idle()
    assert steps.ended == ["one"]


async def test_a_bug_is_heard_of_once_and_cancellation_is_none(scope: TaskScope, bugs: list[BaseException]) -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    scope.start(broken())
    scope.start(Steps().work("one"))
    await asyncio.sleep(0)
    await scope.close()
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]


async def test_what_is_started_in_a_scope_that_has_ended_never_begins(
    scope: TaskScope, bugs: list[BaseException]
) -> None:
    steps = Steps()
    await scope.close()
    late = scope.newest("list", steps.work("late"))
    steps.let_go("late")
    await scope.idle()
    assert late.cancelled()
    assert steps.ended == []
    assert bugs == []
