"""The line between a desk and head office: slow, cut, losing requests and answers, delivering some late or twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from random import Random
from typing import Any, TypeVar

from app.core.commands import Method, There
from app.core.errors import BackOfficeUnreachableError
from app.leases.model import Ask, Lease, Report, Told
from app.sync.errors import CursorExpiredError, GrantEndedError
from app.sync.model import (
    Acknowledged,
    Confirmed,
    Differs,
    Entry,
    FeedPage,
    Forgotten,
    Later,
    NeverArrived,
    NoGrant,
    NotKnown,
    Opened,
    Outcome,
    Profile,
    Refused,
    SnapshotPage,
    SnapshotStart,
)
from app.sync.ports import Grant
from tests.fakes.clock import NOON
from tests.simulation.lending import KEY, Answer
from tests.simulation.life import Life
from tests.simulation.office import NO_ANSWER, GoneError, Office, Reply, Request, UnauthorizedError, View

T = TypeVar("T")
A = TypeVar("A", Reply, Answer)
TIMEOUT_S = 10.0
SILENCE_S = 45.0


class Fate(Enum):
    """What becomes of one exchange."""

    WELL = "well"
    NO_LINE = "no line"
    REQUEST_LOST = "request lost"
    ANSWER_LOST = "answer lost"
    LATE = "late"
    TWICE = "twice"


@dataclass
class Weather:
    """How often what goes wrong, of a hundred exchanges."""

    chances: Mapping[Fate, float]

    def fate(self, draw: Random) -> Fate:
        """What becomes of the next exchange."""
        point = draw.random() * 100
        for fate, chance in self.chances.items():
            point -= chance
            if point < 0:
                return fate
        return Fate.WELL


FINE = Weather({})
ROUGH = Weather({Fate.NO_LINE: 4, Fate.REQUEST_LOST: 4, Fate.ANSWER_LOST: 8, Fate.LATE: 3, Fate.TWICE: 4})


class Host:
    """The machine that head office runs on. Whoever is talking to it when it stops hears nothing more."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.is_up = True
        self.generation = 0
        self._listeners: list[asyncio.Future[None]] = []

    def stop(self) -> None:
        """Down, for now."""
        self.is_up = False
        self.generation += 1
        self.changed()

    def start(self) -> None:
        """Up again."""
        self.is_up = True

    def changed(self) -> None:
        """Tell whoever listens."""
        waiting, self._listeners = self._listeners, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

    def news(self) -> asyncio.Future[None]:
        """Comes true when something changes."""
        future = asyncio.get_running_loop().create_future()
        self._listeners.append(future)
        return future

    def arrive(self, call: Callable[[], T]) -> T | None:
        """Do what a request asks; None where nobody is there to do it."""
        return call() if self.is_up else None


class Line:
    """Satisfies `HeadOffice` for one run of one desk, its `run`-th."""

    def __init__(self, life: Life, host: Host, device: str, view: View, draw: Random) -> None:
        self.weather = FINE
        self.is_cut = False
        self.run = 0
        self._life = life
        self._host = host
        self._device = device
        self._view = view
        self._draw = draw

    async def send(self, entry: Entry, entity_id: str, grant: Grant, acknowledged: Acknowledged) -> Outcome:
        request = self.request(entry, entity_id, grant, acknowledged)
        await self._life.turn("send")
        reply = await self._exchange(lambda: self._host.office.take(request))
        return reply if isinstance(reply, Later | NotKnown) else _outcome(reply, request.method)

    def request(self, entry: Entry, entity_id: str, grant: Grant, acknowledged: Acknowledged) -> Request:
        """What goes on the wire for a command."""
        command = entry.command
        return Request(
            grant.token, self._device, command.id, entry.sequence, acknowledged, command.method, command.collection,
            entity_id, command.body, command.base_tag, command.spends, command.author if command.adopted_by else "",
        )  # fmt: skip

    async def ask(self, entry: Entry, grant: Grant) -> Outcome:
        await self._life.turn("ask")
        reply = await self._exchange(
            lambda: self._host.office.ask(grant.token, self._device, entry.command.id, entry.sequence)
        )
        return reply if isinstance(reply, Later | NotKnown) else _told(reply)

    async def read(self, collection: str, entity_id: str, grant: Grant) -> There:
        return await self._read(lambda office: office.read(grant.token, (collection, entity_id)))

    async def snapshot(self, grant: Grant, after: str) -> AsyncGenerator[SnapshotStart | SnapshotPage, None]:
        generation = self._host.generation
        yield await self._read(lambda office: office.snapshot_start(grant.token, self._view))
        is_over = False
        while not is_over:
            if self._host.generation != generation:
                raise BackOfficeUnreachableError
            page = await self._read(partial(Office.snapshot_page, view=self._view, after=after))
            after, is_over = page.after, not page.after
            yield page

    async def profile(self, grant: Grant, customer: str) -> Profile:
        return await self._read(lambda office: office.profile(grant.token, customer))

    async def feed(self, grant: Grant, cursor: str, opened: Opened) -> FeedPage:
        view = replace(self._view, opened=frozenset(opened.customers))
        return await self._read(lambda office: office.feed(grant.token, view, cursor, opened.closing))

    async def events(self, grant: Grant, cursor: str) -> AsyncGenerator[None, None]:
        generation = self._host.generation
        office = await self._read(lambda office: office)
        if cursor != office.cursor_at(office.books.sequence):
            yield
        while True:
            news = self._host.news()
            await self._life.turn("listen")
            await news
            await self._life.turn("news")
            if self.is_cut or not self._host.is_up or self._host.generation != generation:
                await self._pause(SILENCE_S)
                raise BackOfficeUnreachableError
            if grant.token not in office.people:
                raise GrantEndedError
            yield

    # ---- LeaseOffice

    async def leases(self, token: str) -> Told | None:
        return await self._read(lambda office: office.leases(token, self._device, _office_time()))

    async def take(self, token: str, key: str, ask: Ask) -> Lease | None:
        assert key == KEY
        await self._life.turn("take")
        answer = await self._exchange(lambda: self._host.office.take_lease(token, ask, _office_time()))
        return _checked(answer, 201, 409).lease

    async def report(self, token: str, report: Report) -> frozenset[str]:
        await self._life.turn("report")
        answer = await self._exchange(lambda: self._host.office.report_lease(token, report))
        return _checked(answer, 200, 404).lost

    async def sign_in(self, user: str, password: str, device: str) -> Mapping[str, Any]:
        raise NotImplementedError

    async def _read(self, question: Callable[[Office], T]) -> T:
        """Ask something that changes nothing. Raises DeskError."""
        await self._life.turn("read")
        fate = self.weather.fate(self._draw)
        await self._pause(self._way())
        if self.is_cut or not self._host.is_up or fate not in (Fate.WELL, Fate.TWICE):
            await self._pause(TIMEOUT_S)
            raise BackOfficeUnreachableError
        try:
            return question(self._host.office)
        except GoneError as error:
            raise CursorExpiredError from error
        except UnauthorizedError as error:
            raise GrantEndedError from error

    async def _exchange(self, call: Callable[[], A]) -> A | Later | NotKnown:
        fate = self.weather.fate(self._draw)
        if self.is_cut or not self._host.is_up or fate is Fate.NO_LINE:
            await self._pause(self._way())
            return Later(line_is_cut=True)
        await self._pause(self._way())
        if fate is Fate.LATE:
            self._later(call)
        reply = None if fate in (Fate.LATE, Fate.REQUEST_LOST) else self._host.arrive(call)
        if fate is Fate.TWICE:
            self._later(call)
        if reply is None or reply.status == NO_ANSWER or fate is Fate.ANSWER_LOST or self.is_cut:
            await self._pause(TIMEOUT_S)
            return NotKnown(line_is_cut=True)
        await self._pause(self._way() if self._draw.random() < 0.97 else 120.0)  # a machine that slept, say
        return reply

    def _later(self, call: Callable[[], Reply | Answer]) -> None:
        delay = self._draw.choice((0.2, 5.0, 20.0, 120.0))
        asyncio.get_running_loop().call_later(delay, self._host.arrive, call)

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._life.turn("time")

    def _way(self) -> float:
        return 0.001 + self._draw.random() * 0.05


def _office_time() -> datetime:
    """Head office's clock, which is never wrong."""
    return NOON + timedelta(seconds=asyncio.get_running_loop().time())


def _checked(answer: Answer | Later | NotKnown, *expected: int) -> Answer:
    """The answer, as `app.tmf.leases` reads it. Raises DeskError."""
    if isinstance(answer, Later | NotKnown):
        raise BackOfficeUnreachableError
    if answer.status not in expected:
        raise GrantEndedError
    return answer


def _outcome(reply: Reply, method: Method) -> Outcome:
    """As `app.tmf.commands` reads an answer."""
    match reply.status:
        case 200:
            return Confirmed(reply.id, reply.revision, reply.body, reply.epoch)
        case 401:
            return NoGrant()
        case 409:
            return Forgotten()
        case 412:
            return Differs()
        case 404 if method is Method.CHANGE:
            return Differs(There())
        case 503:
            return Later(60.0)
        case _:
            return Refused("no")


def _told(reply: Reply) -> Outcome:
    match reply.status:
        case 200:
            return Confirmed(reply.id, reply.revision, epoch=reply.epoch)
        case 401:
            return NoGrant()
        case 410:
            return Forgotten()
        case _:
            return NeverArrived(reply.epoch)
