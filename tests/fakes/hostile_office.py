"""A head office on a raw socket: sane by default, and anything at all where a test says so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

EPOCH = "e1"
Writer = asyncio.StreamWriter


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def place(self) -> str:
        """What is asked for: send, ask, snapshot, feed, events or sign-in."""
        if self.path.startswith("/tmf-api/"):
            return "send"
        return self.path.removeprefix("/desk/v1/").partition("?")[0].partition("/")[0].replace("commands", "ask")


Nasty = Callable[[Asked, Writer], Awaitable[None]]


def answer(body: object, status: str = "200 OK", media: str = "application/json", **headers: str) -> bytes:
    """A whole answer, correct as HTTP."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {"Content-Type": media, "Content-Length": str(len(content)), "Connection": "close", **headers}
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in named.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content


def says(content: bytes) -> Nasty:
    """Writes these bytes and hangs up."""

    async def nasty(_asked: Asked, writer: Writer) -> None:
        writer.write(content)
        await writer.drain()

    return nasty


def drips(head: bytes, piece: bytes, every: float) -> Nasty:
    """Writes the head, then the piece again and again, for ever."""

    async def nasty(_asked: Asked, writer: Writer) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(every)

    return nasty


async def hangs(_asked: Asked, _writer: Writer) -> None:
    """Never answers."""
    await asyncio.Event().wait()


@dataclass
class HostileOffice:
    """Speaks the desk protocol for trouble tickets. `nasty` overrides a place; `commits` says whether it still acts."""

    nasty: dict[str, Nasty] = field(default_factory=dict)
    commits: bool = True
    requests: list[Asked] = field(default_factory=list)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    keys: dict[str, tuple[str, int]] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _open: set[asyncio.Task[Any]] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def start(self) -> str:
        """Listen; returns the address."""
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Hang up on everybody."""
        assert self._server is not None
        self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    def sent(self, place: str) -> list[Asked]:
        """The requests for one place."""
        return [asked for asked in self.requests if asked.place == place]

    @property
    def cursor(self) -> str:
        """Where the feed stands."""
        return f"{EPOCH}.{len(self.log)}"

    async def _meet(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            asked = await _read(reader)
            self.requests.append(asked)
            with suppress(ConnectionError):
                await self._serve(asked, writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError):
            return  # whoever called has hung up, or we do
        finally:
            self._open.discard(task)
            writer.close()

    async def _serve(self, asked: Asked, writer: Writer) -> None:
        nasty = self.nasty.get(asked.place)
        if nasty is not None:
            if asked.place == "send" and self.commits:
                self._take(asked)
            await nasty(asked, writer)
        elif asked.place == "events":
            await self._events(asked, writer)
        else:
            writer.write(self.sane(asked))
            await writer.drain()

    def sane(self, asked: Asked) -> bytes:
        """The answer that the protocol asks for."""
        match asked.place:
            case "send":
                ticket, revision = self._take(asked)
                body = {**self.records[ticket], "id": ticket}
                return answer(body, "201 Created", ETag=f'"{EPOCH}-{revision}"')
            case "ask":
                key = asked.path.rpartition("/")[2].partition("?")[0]
                if key not in self.keys:
                    return answer({"code": "notFound", "reason": "No effect."}, "404 Not Found")
                ticket, revision = self.keys[key]
                told = {"key": key, "status": 201, "collection": "troubleTicket", "id": ticket, "revision": revision}
                return answer(told)
            case "snapshot":
                return answer(self._snapshot(), media="application/x-ndjson")
            case _:
                number = int(asked.path.partition("after=")[2].partition("&")[0].rpartition(".")[2])
                changes = [self._row(ticket) for ticket in self.log[number:]]
                return answer({"changes": changes, "cursor": self.cursor, "more": False})

    def _take(self, asked: Asked) -> tuple[str, int]:
        key = asked.headers["idempotency-key"]
        if key not in self.keys:
            ticket = f"T{len(self.records) + 1}"
            self.records[ticket] = json.loads(asked.body)
            self.log.append(ticket)
            self.keys[key] = (ticket, len(self.log))
            self._changed.set()
        return self.keys[key]

    def _row(self, ticket: str) -> dict[str, Any]:
        revision = self.log.index(ticket) + 1
        body = {**self.records[ticket], "id": ticket}
        return {"collection": "troubleTicket", "id": ticket, "revision": revision, "body": body}

    def _snapshot(self) -> bytes:
        lines: list[dict[str, Any]] = [
            {"kind": "start", "epoch": EPOCH, "cursor": self.cursor, "total": len(self.records)},
            *({"kind": "row", **self._row(ticket)} for ticket in self.records),
            {"kind": "end"},
        ]
        return b"".join(json.dumps(line).encode() + b"\n" for line in lines)

    async def _events(self, _asked: Asked, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: alive\n\n")
        while True:
            await writer.drain()
            await self._changed.wait()
            self._changed.clear()
            writer.write(f"id: {self.cursor}\nevent: changed\ndata: {{}}\n\n".encode())


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body)
