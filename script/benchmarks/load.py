"""Keeps a server busy over some connections, at as little cost as can be: what is measured shall be the server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import cast

Requests = Callable[[bytes], bytes | None]  # the request that follows an answer; None: no more
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(slots=True)
class Load:
    """What came back within `seconds`: how long each answer took, and the bytes of the last one."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    last: bytes = b""

    @property
    def body(self) -> bytes:
        """The body of the last answer."""
        return self.last.partition(_END_OF_HEAD)[2]

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def ms_at(self, share: float) -> float:
        """The latency that this share of all answers did not exceed."""
        return sorted(self.latencies)[min(len(self.latencies) - 1, int(share * len(self.latencies)))] * 1000


def put_under_load(port: int, requests: Requests, seconds: float, connections: int) -> Load:
    """Send one request after the other on each connection, for so long or until there are no more.

    Raises RuntimeError for an answer that is no success.
    """
    return asyncio.run(_drive(port, requests, seconds, connections))


def each_of(requests: Iterator[bytes]) -> Requests:
    """Requests that do not depend on answers."""
    return lambda _answer: next(requests, None)


def request(method: str, target: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as it goes over the line; `Content_Type` stands for `Content-Type`."""
    named = {"Host": "localhost", **({"Content-Length": str(len(body))} if body else {}), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode() + body


async def _drive(port: int, requests: Requests, seconds: float, connections: int) -> Load:
    load, loop = Load(), asyncio.get_running_loop()
    began = time.perf_counter()
    clients = [_Client(requests, load, began + seconds) for _ in range(connections)]
    for client in clients:
        await loop.create_connection(partial(_itself, client), "127.0.0.1", port)
    await asyncio.gather(*(client.done for client in clients))
    load.seconds = time.perf_counter() - began
    return load


def _itself(client: _Client) -> _Client:
    return client


class _Client(asyncio.Protocol):
    """One connection: sends the next request when the last answer is complete."""

    def __init__(self, requests: Requests, load: Load, until: float) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests, self._load, self._until = requests, load, until
        self._got = bytearray()
        self._needed = 0
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._got += data
        if not self._needed and (head := self._got.find(_END_OF_HEAD)) >= 0:
            self._needed = head + len(_END_OF_HEAD) + _length(bytes(self._got[:head]))
        if self._needed and len(self._got) >= self._needed:
            self._take()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError(f"the server broke the line: {exc}"))

    def _take(self) -> None:
        self._load.latencies.append(time.perf_counter() - self._sent_at)
        if not self._got.startswith(b"HTTP/1.1 2"):
            self.done.set_exception(RuntimeError(bytes(self._got[:400]).decode(errors="replace")))
            self._transport.close()
            return
        self._load.last = bytes(self._got)
        self._got.clear()
        self._needed = 0
        self._next()

    def _next(self) -> None:
        wanted = self._requests(self._load.last) if time.perf_counter() < self._until else None
        if wanted is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(wanted)


def _length(head: bytes) -> int:
    lower = head.lower()
    place = lower.find(_LENGTH)
    return int(lower[place + len(_LENGTH) :].split(b"\r\n", 1)[0]) if place >= 0 else 0
