"""The folder that holds everything of one desk, and what its files are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_OWNER_ONLY = 0o700
_MIRROR = re.compile(r"mirror-(\d+)\.db")


@dataclass(frozen=True, slots=True)
class Profile:
    """One desk's folder."""

    folder: Path

    @property
    def journal(self) -> Path:
        """The precious file: commands, effects, grants, audit chain."""
        return self.folder / "journal.db"

    @property
    def slots(self) -> Path:
        """How the key can be had; holds no key in plain."""
        return self.folder / "keys.json"

    def mirror(self, number: int) -> Path:
        """The disposable replica with that number."""
        return self.folder / f"mirror-{number}.db"

    def mirrors(self) -> list[int]:
        """The numbers of the replicas on disk, oldest first."""
        names = (_MIRROR.fullmatch(path.name) for path in self.folder.glob("mirror-*.db"))
        return sorted(int(name[1]) for name in names if name)

    def holds_data(self) -> bool:
        """Whether anything here needs the key, damaged files that were kept included."""
        return any(self.folder.glob("*.db"))

    def prepare(self) -> None:
        """Make the folder, readable by its owner only."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(_OWNER_ONLY)
