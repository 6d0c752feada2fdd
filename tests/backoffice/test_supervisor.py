"""The supervisor gives up on workers that cannot serve, and rests ever longer before it starts one anew that keeps dying."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from multiprocessing import get_context

import pytest
from structlog.testing import capture_logs

from backoffice.serving import supervisor as supervising
from backoffice.serving.supervisor import READY, Line, Supervisor, Worker

spawning = get_context("spawn")


def fail_to_start(_line: Line) -> None:
    os._exit(3)


def serve_and_die(line: Line) -> None:
    line.send(READY)
    os._exit(4)


def turn_a_deaf_ear(line: Line) -> None:
    line.send(READY)
    time.sleep(3600)


def starting(target: Callable[[Line], None], started: list[int]) -> Callable[[int], Worker]:
    def start(number: int) -> Worker:
        started.append(number)
        ours, theirs = spawning.Pipe()
        process = spawning.Process(target=target, args=(theirs,))
        process.start()
        theirs.close()
        return Worker(process, ours, time.monotonic())

    return start


def test_workers_that_never_served_are_not_started_anew() -> None:
    started: list[int] = []
    assert Supervisor(starting(fail_to_start, started), 1, pytest.fail).run() == 1
    assert started == [1]


def test_a_worker_that_keeps_dying_is_started_anew_ever_more_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "_FIRST_REST_S", 0.01)
    monkeypatch.setattr(supervising, "_LONGEST_REST_S", 0.03)
    started: list[int] = []
    supervisor = Supervisor(starting(serve_and_die, started), 1, lambda: None)
    with capture_logs() as lines:
        while len(started) < 5:
            assert supervisor.go_on()
    assert [line["starts_again_in"] for line in lines][:4] == [0.01, 0.02, 0.03, 0.03]
    assert {line["code"] for line in lines} == {4}
    supervisor.stop()


def test_a_worker_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "_STOP_SECONDS", 0.05)
    workers: list[Worker] = []
    start = starting(turn_a_deaf_ear, [])

    def noting(number: int) -> Worker:
        workers.append(start(number))
        return workers[-1]

    supervisor = Supervisor(noting, 2, lambda: os.kill(os.getpid(), signal.SIGTERM))
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGHUP)
    supervisor.obey_signals()
    with capture_logs() as lines:
        assert supervisor.run() == 0
    for number, handler in zip((signal.SIGTERM, signal.SIGINT, signal.SIGHUP), before, strict=True):
        signal.signal(number, handler)
    assert [line["killed"] for line in lines] == [1, 2]
    assert [worker.process.exitcode for worker in workers] == [-9, -9]
