"""The desk as the window sees it: implements `ui.workstation.Workstation` on files, sync process and back office."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.bootstrap.link import SyncLink
from app.bootstrap.logs import log_bug, log_fact
from app.bootstrap.places import Start
from app.bootstrap.processes import Helper
from app.bootstrap.sign_in import DeskPinsByStore, HeadOfficeByLink
from app.core.changes import Changes
from app.core.clock import Clock, SystemClock
from app.core.errors import BackOfficeUnreachableError, DeskError
from app.core.permissions import Clerk
from app.session.usecases import SignIn
from app.settings import remember
from app.sync.events import DataChanged
from app.sync.status import SyncStatus
from ui.workstation import Appearance, Desk, Opening

if TYPE_CHECKING:  # heavy: imported by `open`, after the first paint
    from app.bootstrap.store import Store

DEMONSTRATION_CLERK = "demo"
_EVERYTHING = frozenset(
    {
        "individual",
        "organization",
        "customer",
        "billingAccount",
        "product",
        "service",
        "troubleTicket",
        "serviceProblem",
    }
)
_OFFICE_START_S = 60.0


class LocalWorkstation:
    """One desk on this machine."""

    def __init__(self, start: Start, clock: Clock | None = None) -> None:
        self._start = start
        self._clock = clock or SystemClock()
        self._listeners: list[Callable[[SyncStatus], None]] = []
        self._status = SyncStatus()
        self._store: Store | None = None
        self._link: SyncLink | None = None
        self._office: Helper | None = None
        self._office_at: asyncio.Future[str] | None = None
        self._secret = secrets.token_urlsafe(32)
        self._key = b""
        self.changes = Changes()
        self.is_demonstration = start.is_demonstration
        self.desk_name = start.settings.text("desk_name")
        self.last_user = ""
        self.opening_trouble: DeskError | None = None
        self.appearance = Appearance(start.settings.text("language"), start.settings.text("theme"))

    # ---- opening

    async def open(self) -> Opening:
        """Open the desk's files, if their key can be had without asking."""
        if self.is_demonstration:
            self._start_office()
        key = await asyncio.to_thread(self._find_key)
        if isinstance(key, Opening):
            return key
        await self._open_with(key)
        return Opening.OPEN

    async def unlock(self, passphrase: str) -> None:
        """Open the files with this passphrase, or protect new ones with it."""
        await self._open_with(await asyncio.to_thread(self._unlock, passphrase))

    async def close(self) -> None:
        """End the helpers, close the files. Nothing that was saved depends on it."""
        if self._link is not None:
            await self._link.close()
        if self._office is not None:
            office, self._office = self._office, None
            await office.end()
        if self._store is not None:
            await asyncio.to_thread(self._store.close)
            self._store = None

    def _find_key(self) -> bytes | Opening:
        from local_cache.keys.keeper import KeyKeeper  # noqa: PLC0415 - after the first paint

        self._start.profile.prepare()
        found = KeyKeeper(self._start.profile, self._start.demonstration_key).find()
        return found if isinstance(found, bytes) else Opening(found.value)

    def _unlock(self, passphrase: str) -> bytes:
        from local_cache.keys.keeper import KeyKeeper  # noqa: PLC0415

        return KeyKeeper(self._start.profile, self._start.demonstration_key).unlock(passphrase)

    async def _open_with(self, key: bytes) -> None:
        self._key = key
        loop = asyncio.get_running_loop()

        def on_recorded(collection: str) -> None:
            self._tell_sync("poke")
            self.changes.publish({collection, "outbox"})

        def on_damage() -> None:
            loop.call_soon_threadsafe(self._tell_sync, "rebuild")

        self._store = await asyncio.to_thread(self._open_store, on_recorded, on_damage)
        self.opening_trouble = self._store.salvaged.as_error() if self._store.salvaged else None
        self.last_user = await self._store.log.run(self._store.journal.meta, "last_user")
        if self.is_demonstration:
            assert self._office_at is not None  # noqa: S101 - started by open()
            self._office_at.add_done_callback(self._office_answered)
        else:
            self._start_link(self._start.settings.text("server"))

    def _open_store(self, on_recorded: Callable[[str], None], on_damage: Callable[[], None]) -> Store:
        from app.bootstrap.store import open_store  # noqa: PLC0415 - 0.5 s of imports, after the first paint

        region = self._start.settings.text("region")
        return open_store(self._start.profile, self._key, self._clock, on_recorded, on_damage, region)

    def _start_link(self, server: str) -> None:
        first = {
            "server": server,
            "profile": str(self._start.profile.folder),
            "key": self._key.hex(),
            "region": self._start.settings.text("region"),
            "log": str(self._start.log_folder),
        }
        self._link = SyncLink(first, self._start.log_folder, self._heard_status, self._heard_data)
        self._link.start()

    # ---- the embedded back office

    def _start_office(self) -> None:
        if self._office is not None:
            return
        folder = self._start.office_folder
        folder.mkdir(parents=True, exist_ok=True)
        customers = str(self._start.settings.number("demonstration_customers"))
        arguments = ["serve", "--embedded", "--database", str(folder / "office.db"), "--demonstration", customers]
        self._office_at = asyncio.get_running_loop().create_future()
        self._office = Helper("backoffice", "backoffice", arguments, {"secret": self._secret}, self._start.log_folder)
        self._office.listen(self._office_said, self._office_ended)

    def _office_said(self, line: str) -> None:
        said: dict[str, Any] = json.loads(line)
        if self._office_at is not None and not self._office_at.done() and "port" in said:
            self._office_at.set_result(f"http://127.0.0.1:{said['port']}")

    def _office_ended(self) -> None:
        if self._office is not None:
            log_fact("the embedded back office ended by itself")

    def _office_answered(self, address: asyncio.Future[str]) -> None:
        if not address.cancelled() and self._store is not None:
            self._start_link(address.result())

    # ---- signing in

    async def sign_in(self, user: str, secret: str) -> Desk:
        """Sign a person in: by password with the line, by desk PIN without."""
        return self._desk(await self._session().sign_in(user, secret))

    async def sign_in_demonstration(self) -> Desk:
        """Sign the demonstration clerk in; at once where the desk knows them from before."""
        store = self._opened()
        known = await store.log.run(store.clerks.find, DEMONSTRATION_CLERK)
        if known is not None:
            assert self._office_at is not None  # noqa: S101 - started by open()
            self._office_at.add_done_callback(lambda _: self._renew_demonstration())
            return self._desk(known)
        return self._desk(await self._sign_in_embedded())

    async def set_pin(self, clerk: Clerk, pin: str) -> Clerk:
        """Set the desk PIN of the signed-in clerk."""
        return await self._session().set_pin(clerk, pin)

    async def sign_out(self) -> None:
        """End the person's session here; their unsent acts go on with their own grant."""

    def _renew_demonstration(self) -> None:
        self._background = asyncio.get_running_loop().create_task(self._renew())

    async def _renew(self) -> None:
        try:
            await self._sign_in_embedded()
        except BackOfficeUnreachableError:
            log_fact("the embedded back office did not take the sign-in")

    async def _sign_in_embedded(self) -> Clerk:
        assert self._office_at is not None  # noqa: S101 - started by open()
        try:
            await asyncio.wait_for(asyncio.shield(self._office_at), _OFFICE_START_S)
        except TimeoutError as error:
            raise BackOfficeUnreachableError from error
        return await HeadOfficeByLink(self._opened(), self._link).sign_in_embedded(self._secret)

    def _session(self) -> SignIn:
        store = self._opened()
        return SignIn(HeadOfficeByLink(store, self._link), DeskPinsByStore(store))

    def _desk(self, clerk: Clerk) -> Desk:
        from app.bootstrap.desk import desk_for  # noqa: PLC0415 - after the first paint

        return desk_for(self._opened(), clerk, self._clock)

    def _opened(self) -> Store:
        assert self._store is not None, "open() comes first"  # noqa: S101
        return self._store

    # ---- status

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
        self._tell_sync("refresh")

    def remember(self, appearance: Appearance) -> None:
        """Keep how the clerk likes to see it."""
        self.appearance = appearance
        remember(self._start.own_settings, {"language": appearance.language, "theme": appearance.theme})

    def report_bug(self, error: BaseException) -> str:
        """Log a bug in full and return the incident number to show."""
        return log_bug(error)

    def _tell_sync(self, what: str) -> None:
        if self._link is not None:
            self._link.tell(what)

    def _heard_status(self, status: SyncStatus) -> None:
        self._status = status
        for listener in tuple(self._listeners):
            listener(status)

    def _heard_data(self, news: DataChanged) -> None:
        if news.is_new_mirror and self._store is not None:
            self._store.reader.switch()
        self.changes.publish(_EVERYTHING if news.is_new_mirror else news.collections)
