"""What all tests share: a headless Qt, the right event loop for each test, and proof that nothing is left running."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping

import pytest
import pytest_asyncio
import qasync
from PySide6.QtWidgets import QApplication

from app.core.trust import trusted_authorities
from tests import leaks

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

TURNS = 10  # of the loop, in which what was let go of may still close itself


def needs_qt(item: pytest.Item) -> bool:
    """Say whether a test uses the window system, itself or through a fixture."""
    return "qapp" in getattr(item, "fixturenames", ())


def qt_loop() -> asyncio.AbstractEventLoop:
    """Make an event loop that Qt drives."""
    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(QApplication.instance())
    return loop


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run a test on Qt's loop exactly if it uses Qt."""
    return {"qt": qt_loop} if needs_qt(item) else {"asyncio": asyncio.new_event_loop}


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application, which goes on when a test closes its last window: the loop of the test runs in it."""
    qapp.setQuitOnLastWindowClosed(False)
    return qapp


@pytest.fixture
def own_trust() -> Iterator[None]:
    """The list of trusted authorities is read anew in this test, and after it."""
    trusted_authorities.cache_clear()
    yield
    trusted_authorities.cache_clear()


@pytest.fixture(autouse=True)
def leaves_nothing_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves threads, processes, open windows or ticking timers behind."""
    threads, children = leaks.lasting_threads(), leaks.child_processes()
    yield
    if needs_qt(request.node):
        assert not leaks.open_windows(), f"windows still open: {leaks.open_windows()}"
        assert not leaks.active_timers(), f"timers still ticking: {leaks.active_timers()}"
    left = [pid for pid in leaks.child_processes() - children if leaks.is_ours(pid)]
    assert not left, f"child processes still there: {left}"
    stuck = leaks.still_running(leaks.lasting_threads() - threads)
    assert not stuck, f"threads still running: {stuck}"


@pytest.fixture(autouse=True)
def leaves_no_task(leaves_nothing_running: None, request: pytest.FixtureRequest) -> None:
    """Watch the tasks of an async test. On its own, because the loop and its threads end after this and before that."""
    if inspect.iscoroutinefunction(getattr(request.node, "obj", None)):
        request.getfixturevalue("ends_its_tasks")


@pytest_asyncio.fixture
async def ends_its_tasks() -> AsyncIterator[None]:
    """Fail a test that ends while tasks it started still run."""
    before = asyncio.all_tasks()
    yield
    for _ in range(TURNS):
        await asyncio.sleep(0)
    left = [task for task in asyncio.all_tasks() - before if task is not asyncio.current_task()]
    assert not left, f"tasks still running: {left}"
