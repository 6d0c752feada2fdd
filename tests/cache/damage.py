"""Desks that came to harm: what they hold, and how a test harms them."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import select

from local_cache.journal_schema import command
from local_cache.profile import Profile
from tests.cache.desk_files import DeskFiles
from tests.cache.records import filing

ACTS = 30
IN_THE_LOG = 5


def spoil(file: Path, *places: int) -> None:
    """Overwrite some bytes at each place."""
    with file.open("rb+") as opened:
        for place in places:
            opened.seek(place)
            opened.write(b"\x55" * 32)


def sequences(desk: DeskFiles) -> list[int]:
    """The device sequences of every act in the journal."""
    with desk.journal.reading() as connection:
        return list(connection.execute(select(command.c.sequence).order_by(command.c.sequence)).scalars())


def kept_in(profile: Profile) -> list[Path]:
    """The damaged journals that were kept, oldest first."""
    return sorted(profile.folder.glob("journal-damaged-*.db"))


def crashed(used: DeskFiles, acts: int = IN_THE_LOG, words: str = "") -> Profile:
    """The desk's folder as a kill leaves it, with so many acts in the log only."""
    used.open()
    for number in range(acts):
        used.record(filing(f"in the log {number} {words}"))
    left = Profile(used.profile.folder.with_name("left"))
    shutil.copytree(used.profile.folder, left.folder)
    used.close()
    return left


def snapshot(profile: Profile) -> dict[str, bytes]:
    """Every file of the desk but the shared memory of a database, which readers write too."""
    return {path.name: path.read_bytes() for path in profile.folder.iterdir() if not path.name.endswith("-shm")}
