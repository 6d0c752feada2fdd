"""A disk that fills up or breaks while the desk syncs, at any write: it is told, nothing is lost, and all goes on with room.

Stores, engine and HTTP are the real ones; only the disk under SQLite is not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.commands import Method
from app.core.errors import StorageError, StorageFullError
from app.sync import engine, sender
from app.sync.status import LineState
from tests.contract.desks import RealDesk
from tests.contract.survival import at_work
from tests.fakes.acts import command
from tests.fakes.hostile_office import HostileOffice
from tests.fakes.sqlite_disk import SqliteDisk, sqlite_on

FOR_EVER = 1_000_000
ONE_IN = 127  # a prime, so that all kinds of writes have their turn
SHOWN = (StorageFullError.text, StorageError.text)
ACT = command(1, method=Method.CREATE)


async def is_saved(desk: RealDesk) -> bool:
    """Whether the clerk reads "Saved"."""
    try:
        await desk.record(ACT)
    except (StorageFullError, StorageError):
        return False
    return True


async def syncs_on(folder: Path, disk: SqliteDisk, first: int) -> None:
    """From the write numbered `first` on, the disk takes nothing until somebody was told of it; 0: it takes everything."""
    office = HostileOffice()
    disk.times, told = FOR_EVER, False
    with sqlite_on(disk):
        async with at_work(folder, office, is_syncing=False) as desk:
            disk.done.clear()
            disk.first = first
            desk.engine.start()
            while not await is_saved(desk):
                told, disk.first = True, 0  # whoever asked was told, and makes room
            await desk.until(lambda: desk.status.trouble in SHOWN or is_at_rest(desk))
            told = told or desk.status.trouble in SHOWN
            disk.first = 0
            await desk.ended(ACT.id)
            await desk.holds("troubleTicket", "T1")
            await desk.until(lambda: is_at_rest(desk))
            assert told or all(is_by_the_way(one) for one in disk.refused), disk.refused
    assert len(office.records) == 1


def is_at_rest(desk: RealDesk) -> bool:
    """Whether the desk shows that all is well and done."""
    now = desk.status
    return (now.line, now.trouble, now.waiting, now.as_of is None) == (LineState.ONLINE, "", 0, False) and bool(
        desk.new_mirrors
    )


def is_by_the_way(operation: str) -> bool:
    """Whether SQLite only wanted to move a log into its file, which it does again later and need not tell."""
    return not operation.endswith("-wal")


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not wait."""
    for module in (engine, sender):
        monkeypatch.setattr(module, "DISK_REST_S", 0.05)


async def survives(folder: Path, every: int, *, is_full: bool) -> None:
    """From one write in so many on the disk takes nothing more, each time at a new desk."""
    sound = SqliteDisk(is_full)
    await syncs_on(folder / "sound", sound, 0)
    for first in range(1, len(sound.done) + 1, every):
        await syncs_on(folder / str(first), SqliteDisk(is_full), first)


@pytest.mark.parametrize("is_full", [True, pytest.param(False, marks=pytest.mark.whole)], ids=["full", "broken"])
async def test_syncing_goes_on_when_there_is_room_whatever_did_not_fit(tmp_path: Path, *, is_full: bool) -> None:
    await survives(tmp_path, ONE_IN, is_full=is_full)


@pytest.mark.whole
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("is_full", [True, False], ids=["full", "broken"])
async def test_it_does_so_from_every_single_write_on(tmp_path: Path, *, is_full: bool) -> None:
    await survives(tmp_path, 1, is_full=is_full)
