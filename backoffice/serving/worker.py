"""One worker: a process of its own with its own connections, on the socket of all. It ends when its supervisor does."""

from __future__ import annotations

import signal
import socket
import sys
import time
from dataclasses import dataclass, replace
from multiprocessing import get_context
from threading import Thread

import structlog

from backoffice.serving.supervisor import READY, RENEW, STOP, Line, Worker
from backoffice.serving.tls import Tls, TlsError, TlsFiles
from backoffice.store import DatabaseError, Store
from backoffice.web.context import Context, Options
from backoffice.web.logs import configure
from backoffice.web.server import BackOfficeServer

_spawning = get_context("spawn")  # a fork would share open databases, and Windows has none


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker is told."""

    database: str
    options: Options
    tls_files: TlsFiles | None = None


def start(job: Job, number: int, bound: socket.socket) -> Worker:
    """Start the worker of that number."""
    ours, theirs = _spawning.Pipe()
    process = _spawning.Process(target=work, args=(job, number, bound, theirs), name=f"worker-{number}")
    process.start()
    theirs.close()
    return Worker(process, ours, time.monotonic())


def work(job: Job, number: int, bound: socket.socket, line: Line) -> None:
    """Serve until told to stop."""
    configure(worker=number)
    try:
        store = Store.open(job.database, must_exist=True)
        tls = Tls(job.tls_files) if job.tls_files else None
    except (DatabaseError, TlsError) as error:
        structlog.get_logger().error("worker cannot start", reason=str(error))
        sys.exit(1)
    context = Context(store, replace(job.options, worker=number))
    server = BackOfficeServer(context, lambda: line.send(READY), tls)
    Thread(target=_obey, args=(line, context, server), name="orders", daemon=True).start()
    for stops in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stops, lambda *_: None)  # uvicorn stops on them and raises them again: by then all is done
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the supervisor passes it on
    server.run([bound])
    store.close()


def _obey(line: Line, context: Context, server: BackOfficeServer) -> None:
    try:
        while (word := line.recv()) != STOP:
            if word == RENEW:
                server.renew_certificate()
            else:
                context.answering = word
    except (EOFError, OSError):
        structlog.get_logger().error("supervisor gone")
    server.stop()
