"""The keeper of parked drafts looks when there is something to look after, and no sooner than head office said."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from app.complaints.drafts import is_known
from app.core.drafts import Draft
from app.drafts.model import NoHallError
from app.drafts.ports import HallOffice, ParkingStore
from app.sync.errors import BusyError
from app.sync.keeping import Keeper
from app.sync.parking import Parking
from app.sync.status import LineState
from tests.fakes.virtual_time import until
from tests.sync.desks import EngineDesk, running

NEVER_S = 1e9


class Store:
    """Nothing is on its way; it counts how often that was asked."""

    def __init__(self) -> None:
        self.looked = 0

    def secret(self) -> bytes:
        return bytes(32)

    def on_the_way(self) -> tuple[Draft, ...]:
        self.looked += 1
        return ()


class Office:
    """Knows no hall."""

    def __init__(self) -> None:
        self.told = 0

    async def tell_key(self, _token: str, _key: str) -> None:
        self.told += 1
        raise NoHallError


def parking(store: Store, office: Office) -> Parking:
    return Parking(
        cast(ParkingStore, store), cast(HallOffice, office), lambda _secret: "key", is_known, every_s=NEVER_S
    )


async def test_what_is_recorded_a_sign_in_and_a_line_that_comes_back_wake_it() -> None:
    store, office = Store(), Office()
    desk = EngineDesk(parking=parking(store, office))
    async with running(desk):
        await desk.online()
        await until(lambda: store.looked > 0)
        for wake in (desk.engine.poke, lambda: desk.engine.signed_in("mei")):
            store.looked = 0
            wake()
            await until(lambda: store.looked > 0)
        desk.office.is_cut = True
        await until(lambda: desk.status.line is LineState.CUT)
        store.looked = 0
        desk.office.is_cut = False
        await until(lambda: desk.status.line is LineState.ONLINE and store.looked > 0)
        assert office.told <= 1  # where there is no hall that is said once for each sign-in
    assert not desk.bugs


class Busy(Keeper):
    """Is told to come back later, once."""

    def __init__(self) -> None:
        super().__init__(every_s=60.0)
        self.at: list[float] = []

    async def _look(self) -> None:
        self.at.append(asyncio.get_running_loop().time())
        if len(self.at) == 1:
            raise BusyError(0.05)


async def test_a_busy_head_office_is_asked_no_sooner_than_it_said_whoever_wakes_it() -> None:
    keeper = Busy()
    looking = asyncio.ensure_future(keeper.run())
    while len(keeper.at) < 2:
        keeper.wake()
        await asyncio.sleep(0.001)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert keeper.at[1] - keeper.at[0] >= 0.05
