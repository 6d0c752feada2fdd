"""The desk as the window sees it. Light, since it stands before the first paint; `open` loads the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.core.changes import Changes
from app.core.clock import SystemClock
from app.settings import remember
from app.sync.status import SyncStatus
from ui.workstation import Appearance, Desk, Opening

if TYPE_CHECKING:
    from app.bootstrap.office import EmbeddedOffice
    from app.bootstrap.opened import OpenedDesk
    from app.bootstrap.places import Start
    from app.core.clock import Clock
    from app.core.errors import DeskError
    from app.core.permissions import Clerk


class LocalWorkstation:
    """Implements `ui.workstation.Workstation` for one desk on this machine. `on_opening` is called after the first paint."""

    def __init__(self, start: Start, clock: Clock | None = None, on_opening: Callable[[], None] = lambda: None) -> None:
        self._start = start
        self._on_opening = on_opening
        self._clock = clock or SystemClock()
        self._listeners: list[Callable[[SyncStatus], None]] = []
        self._status = SyncStatus()
        self._opened: OpenedDesk | None = None
        self._office: EmbeddedOffice | None = None
        self.changes = Changes()
        self.is_demonstration = start.is_demonstration
        self.desk_name = start.settings.text("desk_name")
        self.office_address = start.settings.text("server")
        self.last_user = ""
        self.opening_trouble: DeskError | None = None
        self.appearance = Appearance(start.settings.text("language"), start.settings.text("theme"))

    async def open(self) -> Opening:
        """Open the desk's files, if their key can be had without asking."""
        import asyncio  # noqa: PLC0415 - all imports here come after the first paint

        from app.bootstrap.office import EmbeddedOffice  # noqa: PLC0415
        from local_cache.disk import disk_errors  # noqa: PLC0415

        with disk_errors():
            self._on_opening()
            if self.is_demonstration and self._office is None:
                self._office = EmbeddedOffice(self._start)
                if not self._start.profile.journal.exists():
                    self._office.start()  # nothing can be shown before it answers
        if self._opened is not None:
            return Opening.OPEN  # a second try after a sign-in that failed: the files are open, and once is enough
        key = await asyncio.to_thread(_find_key, self._start)
        if isinstance(key, Opening):
            return key
        await self._open_with(key)
        return Opening.OPEN

    async def unlock(self, passphrase: str) -> None:
        """Open the files with this passphrase, or protect new ones with it."""
        import asyncio  # noqa: PLC0415

        from app.bootstrap.opened import unlock_key  # noqa: PLC0415

        await self._open_with(await asyncio.to_thread(unlock_key, self._start, passphrase))

    async def close(self) -> None:
        """End the helpers, close the files. Nothing that was saved depends on it."""
        opened, self._opened = self._opened, None
        office, self._office = self._office, None
        if opened is not None:
            await opened.close()
        if office is not None:
            await office.close()

    async def sign_in(self, user: str, secret: str) -> Desk:
        """Sign a person in: by password with the line, by desk PIN without."""
        desk = await self._desk().sign_in(user, secret)
        self.last_user = desk.clerk.id
        return desk

    async def sign_in_demonstration(self) -> Desk:
        """Sign the demonstration clerk in; at once where the desk knows them from before."""
        return await self._desk().sign_in_demonstration()

    async def set_pin(self, clerk: Clerk, pin: str) -> Clerk:
        """Set the desk PIN of the signed-in clerk."""
        return await self._desk().set_pin(clerk, pin)

    async def sign_out(self) -> None:
        """Nothing ends here but what the window lets go of: unsent acts go on with their author's own grant."""

    @property
    def status(self) -> SyncStatus:
        """The line and the outbox as last heard."""
        return self._status

    def on_status(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Call `listener` with each new status; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def refresh(self) -> None:
        """Pull now (F5)."""
        if self._opened is not None:
            self._opened.tell_sync("refresh")

    def remember(self, appearance: Appearance) -> None:
        """Keep how the clerk likes to see it. Raises DeskError where that lasts until the end of the day only."""
        from local_cache.disk import disk_errors  # noqa: PLC0415

        self.appearance = appearance
        with disk_errors():
            remember(self._start.own_settings, {"language": appearance.language, "theme": appearance.theme})

    def report_bug(self, error: BaseException) -> str:
        """Log a bug in full and return the incident number to show."""
        from app.bootstrap.logs import log_bug  # noqa: PLC0415

        return log_bug(error)

    async def _open_with(self, key: bytes) -> None:
        from app.bootstrap.opened import OpenedDesk  # noqa: PLC0415

        opened = OpenedDesk(
            self._start, self._clock, self.changes, self._heard_status, self.report_bug, self._office
        )  # fmt: skip
        try:
            self.last_user, self.opening_trouble = await opened.open(key)
        except BaseException:
            await opened.close()
            raise
        self._opened = opened

    def _desk(self) -> OpenedDesk:
        assert self._opened is not None, "open() comes first"  # noqa: S101 - an invariant
        return self._opened

    def _heard_status(self, status: SyncStatus) -> None:
        self._status = status
        for listener in tuple(self._listeners):
            listener(status)


def _find_key(start: Start) -> bytes | Opening:
    from app.bootstrap.opened import find_key  # noqa: PLC0415 - 0.5 s of imports, in this thread

    return find_key(start)
