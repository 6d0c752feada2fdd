"""Lets several processes make chunks, and hands them on in their order, a few at a time."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Final

from backoffice.filling import Rows
from backoffice.generating.chunks import Order, rows_of
from backoffice.generating.outages import Outages

_ALONE: Final = 8  # chunks; for no more than these, starting a process takes longer than it saves
_AHEAD: Final = 3  # chunks that each process may be ahead of who takes them
Made = tuple[Rows, Outages]


def usual_crew(order: Order) -> int:
    """How many processes to start: none for few customers, else one a core; who takes what they make is idle now and then."""
    return 0 if len(order.chunks()) <= _ALONE else os.cpu_count() or 1


def made(order: Order, processes: int) -> Iterator[Made]:
    """Every chunk in order; with no processes they are made here. The order of bytes is the same with any number."""
    if not processes:
        yield from (rows_of(order, chunk) for chunk in order.chunks())
        return
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, spawned, gc.disable) as crew:
        yield from _in_order(order, lambda chunk: crew.submit(rows_of, order, chunk), processes * _AHEAD)


def _in_order(order: Order, begin: Callable[[int], Future[Made]], ahead: int) -> Iterator[Made]:
    waiting: deque[Future[Made]] = deque()
    for chunk in order.chunks():
        waiting.append(begin(chunk))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Documents hold no cycles, and looking for some in a hundred thousand dicts takes as long as making them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
