"""Where the desk can sign in again by itself, an ended grant costs nobody a word, and is never asked for in a circle."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from app.core.errors import BackOfficeUnreachableError, DeskError
from app.sync.errors import GrantEndedError, OfficeReplacedError
from app.sync.events import StatusChanged
from app.sync.model import CommandState
from app.sync.ports import Grant
from app.sync.puller import SAFETY_PULL_S
from app.sync.status import Held, LineState
from tests.fakes.acts import AUTHOR, command
from tests.fakes.virtual_time import in_virtual_time, until
from tests.sync.desks import EngineDesk, holding, running

HOUR = 3_600.0
ONCE_A_REST = HOUR / SAFETY_PULL_S + 2


@dataclass
class Renewal:
    """Signs in again at a head office in memory."""

    error: DeskError | None = None
    gives_good_grants: bool = True
    tries: int = 0
    now: int = 0
    most_at_once: int = 0
    hold: asyncio.Event | None = None
    desk: EngineDesk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = EngineDesk(sign_in_again=self.sign_in)

    async def sign_in(self) -> str:
        self.tries += 1
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        try:
            if self.hold:
                await self.hold.wait()
            if self.error:
                raise self.error
        finally:
            self.now -= 1
        token = f"renewed-{self.tries}"
        self.desk.journal.grants.append(Grant(AUTHOR, token))
        if self.gives_good_grants:
            self.desk.office.tokens = {token}
        return AUTHOR


def held_at_any_time(desk: EngineDesk) -> set[tuple[Held, ...]]:
    return {event.status.held for event in desk.said if isinstance(event, StatusChanged)}


@in_virtual_time
async def test_a_grant_that_ends_while_the_desk_works_is_renewed_without_a_word() -> None:
    renewal = Renewal()
    desk = renewal.desk
    async with running(desk):
        await desk.online()
        desk.office.tokens.clear()
        desk.journal.record(command(1))
        desk.engine.poke()
        assert await until(lambda: desk.journal.state("command-1") is CommandState.CONFIRMED) < 1
        await until(lambda: holding(desk) and desk.status.waiting == 0)
    assert renewal.tries == 1
    assert desk.lines == [LineState.ONLINE]
    assert (held_at_any_time(desk), desk.troubles, desk.bugs) == ({()}, {""}, [])


@in_virtual_time
async def test_a_desk_that_was_off_for_long_signs_in_by_itself() -> None:
    renewal = Renewal()
    renewal.desk.office.tokens.clear()
    async with running(renewal.desk) as desk:
        await desk.online()
        assert LineState.SIGN_IN_NEEDED not in desk.lines
    assert renewal.tries == 1


@in_virtual_time
async def test_it_is_renewed_after_five_quiet_minutes_too() -> None:
    renewal = Renewal()
    async with running(renewal.desk) as desk:
        await desk.online()
        desk.office.tokens.clear()
        assert await until(lambda: renewal.tries == 1) <= SAFETY_PULL_S + 1
        assert LineState.SIGN_IN_NEEDED not in desk.lines


@pytest.mark.parametrize(
    ("error", "trouble"), [(GrantEndedError(), ""), (OfficeReplacedError(), OfficeReplacedError.text)]
)
@in_virtual_time
async def test_a_refusal_is_told_with_what_waits_for_it_and_not_repeated_in_haste(
    error: DeskError, trouble: str
) -> None:
    renewal = Renewal(error)
    desk = renewal.desk
    desk.office.tokens.clear()
    desk.journal.record(command(1))
    async with running(desk):
        await until(lambda: desk.status.line is LineState.SIGN_IN_NEEDED and desk.status.trouble == trouble)
        await until(lambda: desk.status.held == (Held(AUTHOR, "Mei", 1),))
        await asyncio.sleep(HOUR)
        assert renewal.tries < ONCE_A_REST
        renewal.error = None
        desk.engine.refresh()
        assert await until(lambda: desk.journal.state("command-1") is CommandState.CONFIRMED) < 1
        await until(lambda: (desk.status.held, desk.status.trouble) == ((), ""))


@in_virtual_time
async def test_grants_that_are_given_and_never_accepted_are_not_asked_for_in_a_circle() -> None:
    renewal = Renewal(gives_good_grants=False)
    desk = renewal.desk
    desk.office.tokens.clear()
    desk.journal.record(command(1), command(2))
    async with running(desk):
        await until(lambda: desk.status.line is LineState.SIGN_IN_NEEDED)
        await asyncio.sleep(HOUR)
    assert renewal.tries < ONCE_A_REST
    assert desk.office.counted["send"] < 4 * ONCE_A_REST


@in_virtual_time
async def test_a_line_that_is_cut_meanwhile_is_tried_slower_and_slower_until_it_is_back() -> None:
    renewal = Renewal(BackOfficeUnreachableError())
    desk = renewal.desk
    desk.office.tokens.clear()
    async with running(desk):
        await until(lambda: desk.status.line is LineState.CUT)
        await asyncio.sleep(HOUR)
        assert renewal.tries < 300
        renewal.error = None
        await until(lambda: desk.status.line is LineState.ONLINE)
        assert LineState.SIGN_IN_NEEDED not in desk.lines


@in_virtual_time
async def test_however_many_want_it_there_is_one_try_at_a_time() -> None:
    renewal = Renewal(hold=asyncio.Event())
    desk = renewal.desk
    desk.office.tokens.clear()
    desk.journal.record(*(command(number) for number in range(1, 10)))
    async with running(desk):
        await until(lambda: renewal.tries == 1)
        for _ in range(100):
            desk.engine.poke()
            desk.engine.refresh()
            await asyncio.sleep(0.1)
        assert renewal.hold is not None
        renewal.hold.set()
        await until(lambda: desk.status.waiting == 0 and holding(desk))
    assert (renewal.tries, renewal.most_at_once) == (1, 1)
    assert held_at_any_time(desk) == {()}
