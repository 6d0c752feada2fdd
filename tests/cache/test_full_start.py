"""A desk that starts, or is changed, on a full disk: what is wrong is said in the clerk's words, and works with room."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from app.bootstrap.places import Arguments, start_from
from app.bootstrap.workstation import LocalWorkstation
from app.core.errors import StorageFullError
from ui.workstation import Appearance, Opening

NO_ROOM = OSError(errno.ENOSPC, "No space left on device")


class Disk:
    """Whether there is room."""

    def __init__(self) -> None:
        self.is_full = True

    def write(self, *_: object) -> None:
        if self.is_full:
            raise NO_ROOM


async def test_a_log_that_cannot_be_begun_is_begun_at_the_second_try(tmp_path: Path) -> None:
    disk = Disk()
    start = start_from(Arguments(server="http://127.0.0.1:9", profile=tmp_path / "desk"))
    workstation = LocalWorkstation(start, on_opening=disk.write)
    with pytest.raises(StorageFullError):
        await workstation.open()
    disk.is_full = False
    assert isinstance(await workstation.open(), Opening)
    await workstation.close()


def test_a_look_that_does_not_fit_on_the_disk_lasts_until_the_end_of_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workstation = LocalWorkstation(start_from(Arguments(server="http://127.0.0.1:9", profile=tmp_path / "desk")))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", Disk().write)
        with pytest.raises(StorageFullError):
            workstation.remember(Appearance("en", "dark"))
    assert workstation.appearance == Appearance("en", "dark")
    workstation.remember(Appearance("en", "dark"))
    assert "dark" in (tmp_path / "desk" / "settings.json").read_text()
