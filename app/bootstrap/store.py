"""The desk's files, opened for the window."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from app.bootstrap.reducers import REDUCERS
from app.core.clock import Clock
from app.core.errors import DeskError
from app.rules.deadlines import SHIPPED_LIMITS, Limits, limits_from
from app.settings import SettingError
from local_cache.command_log import JournalLog
from local_cache.journal import Journal
from local_cache.mirror_store import POINTER
from local_cache.pins import DeskClerks
from local_cache.profile import Profile
from local_cache.reader import Reader
from local_cache.salvage import open_journal
from local_cache.salvage_report import Salvage, note_told


@dataclass(frozen=True, slots=True)
class Store:
    """Everything the window reads and records with."""

    journal: Journal
    reader: Reader
    log: JournalLog
    clerks: DeskClerks
    region: str
    limits: Limits
    salvaged: Salvage | None

    def close(self) -> None:
        """Finish what is being written, close the files. A salvage counts as told from now on, not after a kill."""
        if self.salvaged is not None:
            with suppress(DeskError):  # a disk too full to note it: then it is said once more
                note_told(self.journal, self.salvaged)
        with suppress(DeskError):
            self.clerks.keep_time()
        self.log.close()
        self.reader.close()
        self.journal.close()


def open_store(
    profile: Profile,
    key: bytes,
    clock: Clock,
    on_recorded: Callable[[str], None],
    on_damage: Callable[[], None],
    region: str,
) -> Store:
    """Open the journal, salvaging a damaged one. Blocking. Raises DeskError."""
    limits = regulators_limits()
    journal, salvaged = open_journal(profile, key, REDUCERS, clock)
    reader = Reader(profile, key, lambda: int(journal.meta(POINTER, "0")), on_damage)
    log, clerks = JournalLog(journal, reader, on_recorded), DeskClerks(journal, clock)
    return Store(journal, reader, log, clerks, region, limits, salvaged)


def regulators_limits() -> Limits:
    """The regulators' limits, which whoever runs the desk may have replaced."""
    try:
        return limits_from(SHIPPED_LIMITS)
    except (ValueError, OSError) as error:
        raise SettingError(key="limit", file=SHIPPED_LIMITS.name) from error
