"""The least that an ASGI application with a database can be: one SQL statement a request, by the driver itself.

It keeps what it must to be right under load: statements run on threads with a connection each, since they block. Reads take
a row of the back office's own table; writes go into a table of the same shape.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import psycopg
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from backoffice.web.server import listen

_READ: Final = "SELECT body FROM document WHERE collection = ? AND id = ?"
_WRITE: Final = (
    "INSERT INTO bare (row, collection, id, revision, territory, body, deleted) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS bare (row BIGINT PRIMARY KEY, collection TEXT NOT NULL, id TEXT NOT NULL,"
    " revision BIGINT NOT NULL UNIQUE, territory TEXT NOT NULL, body TEXT, deleted INTEGER NOT NULL,"
    " UNIQUE (collection, id))"
)


class Sqlite:
    """The driver of SQLite, with the pragmas of the back office."""

    threads = 1  # for writes: SQLite lets one in at a time

    def __init__(self, database: str) -> None:
        self._database = database
        self._here = threading.local()

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> Any:
        """Run one statement in a transaction of its own."""
        if not hasattr(self._here, "connection"):
            self._here.connection = sqlite3.connect(self._database, isolation_level=None, timeout=30)
            self._here.connection.execute("PRAGMA synchronous=FULL")
        return self._here.connection.execute(statement, values)


class Postgresql:
    """The driver of PostgreSQL."""

    threads = 6  # as many as the back office writes with

    def __init__(self, database: str) -> None:
        self._database = database.replace("+psycopg", "")
        self._here = threading.local()

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> Any:
        """Run one statement in a transaction of its own."""
        if not hasattr(self._here, "connection"):
            self._here.connection = psycopg.connect(self._database, autocommit=True)
        return self._here.connection.execute(statement.replace("?", "%s"), values)


class Bare:
    """GET /collection/id and POST /."""

    def __init__(self, driver: Sqlite | Postgresql) -> None:
        self._driver = driver
        self._writers = ThreadPoolExecutor(driver.threads)
        driver.execute(_TABLE)
        self._numbers = itertools.count(driver.execute("SELECT coalesce(max(row), 0) + 1 FROM bare").fetchone()[0])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET":
            row = await asyncio.to_thread(self._read, *scope["path"].strip("/").split("/"))
            await _answer(send, 200, row.encode())
            return
        body = (await receive())["body"]
        await asyncio.get_running_loop().run_in_executor(self._writers, self._write, body.decode())
        await _answer(send, 201, body)

    def _read(self, collection: str, record_id: str) -> str:
        body: str = self._driver.execute(_READ, (collection, record_id)).fetchone()[0]
        return body

    def _write(self, body: str) -> None:
        number = next(self._numbers)
        self._driver.execute(_WRITE, (number, "troubleTicket", f"bare-{number}", number, "", body, 0))


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Server(uvicorn.Server):
    """Says its port when it listens, as the back office does."""

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        print(json.dumps({"port": sockets[0].getsockname()[1]}), flush=True)


def main() -> None:
    """Serve until killed, with the settings of `backoffice.web.server`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    database: str = parser.parse_args().database
    app: ASGIApp = Bare(Postgresql(database) if "://" in database else Sqlite(database))
    options: dict[str, Any] = {"http": "h11", "ws": "none", "loop": "asyncio", "lifespan": "off"}
    quiet: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False, "proxy_headers": False}
    _Server(uvicorn.Config(app, timeout_keep_alive=75, **options, **quiet)).run([listen("127.0.0.1", 0)])


if __name__ == "__main__":
    main()
