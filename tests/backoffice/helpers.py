"""A back office that listens in a thread, and the bodies that tests send to it."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Sequence
from typing import Any, TypeVar

import httpx

from app.core.clock import Clock, SystemClock
from backoffice.people import People, Person
from backoffice.store import Store
from backoffice.web.context import Context, Options
from backoffice.web.gathering import Gathering
from backoffice.web.server import BackOfficeServer, listen

W = TypeVar("W")
R = TypeVar("R")
TICKETS = "/tmf-api/troubleTicket/v4/troubleTicket"
CUSTOMERS = "/tmf-api/customerManagement/v4/customer"
PROBLEMS = "/tmf-api/serviceProblemManagement/v4/serviceProblem"
FAULTS = "/test/v1/faults"
_NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # a client would read a whole file of them
_START_SECONDS = 20
_STOP_SECONDS = 10


class RunningServer:
    """One back office on a free port; several may share a database."""

    def __init__(self, database: str, options: Options, clock: Clock | None = None) -> None:
        self.database = database
        self.clock = clock or SystemClock()
        self.store = Store.open(database, self.clock)
        self.people = People(self.store, self.clock)
        self._listens = threading.Event()
        self._socket = listen("127.0.0.1", 0)
        self._server = BackOfficeServer(Context(self.store, options, self.clock), self._listens.set)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))
        self._clients: list[httpx.Client] = []

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        assert self._listens.wait(_START_SECONDS)

    def stop_server(self) -> None:
        """Stop to serve, whoever is still connected."""
        self._server.stop()
        self._thread.join(_STOP_SECONDS)
        assert not self._thread.is_alive()

    def stop(self) -> None:
        """Close every client, then the server, then the database."""
        for client in self._clients:
            client.close()
        self.stop_server()
        self.store.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def client(self, role: str | None = None, device: str | None = None) -> httpx.Client:
        """A client with a token of that role, of a registered desk if there is a device; no role, no token."""
        return self.client_with(None if role is None else self.token(role, device))

    def client_with(self, token: str | None) -> httpx.Client:
        """A client with this token."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        client = httpx.Client(base_url=self.url, headers=headers, timeout=30, verify=_NO_AUTHORITIES)
        self._clients.append(client)
        return client

    def token(self, role: str, device: str | None = None) -> str:
        """A token of somebody in that role."""
        person = Person(f"some-{role}", f"Some {role}", role)
        if self.people.find(person.id) is None:
            self.people.put(person, None)
        return self.people.grant(person, device).token


def ticket(**attributes: Any) -> dict[str, Any]:
    """A complaint as a desk sends it."""
    return {"description": "No signal since noon", "severity": "major", "ticketType": "complaint", **attributes}


def customer(**attributes: Any) -> dict[str, Any]:
    """A customer with what is required."""
    return {"name": "王小明", "engagedParty": {"id": "P1"}, "status": "active", **attributes}


def all_at_once(gathering: Gathering[W, R], works: Sequence[W]) -> list[R | BaseException]:
    """What becomes of pieces of work that all wait when a thread comes by."""

    async def gathered() -> list[R | BaseException]:
        return await asyncio.gather(*(gathering.add(work) for work in works), return_exceptions=True)

    return asyncio.run(gathered())
