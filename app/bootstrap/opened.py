"""The desk once its files are open: store, sync process and, in the demonstration, the embedded back office."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from app.bootstrap.desk import desk_for
from app.bootstrap.hall import HallByLink
from app.bootstrap.link import SyncLink
from app.bootstrap.logs import log_fact
from app.bootstrap.office import EmbeddedOffice
from app.bootstrap.places import Start
from app.bootstrap.sign_in import DeskPinsByStore, HeadOfficeByLink
from app.bootstrap.store import Store, open_store
from app.core.changes import NEW_COPY, Changes
from app.core.clock import Clock
from app.core.errors import BackOfficeUnreachableError, DeskError
from app.core.permissions import Clerk
from app.core.tasks import OnBug, TaskScope
from app.rules.phones import phone_keys
from app.session.usecases import SignIn
from app.sync.events import DataChanged
from app.sync.status import SyncStatus
from local_cache.disk import disk_errors
from local_cache.keys.keeper import KeyKeeper
from local_cache.mirror_schema import COLLECTIONS
from ui.workstation import Desk, Opening

DEMONSTRATION_CLERK = "demo"
FIRST_ANSWER_S = 0.5  # the copy of yesterday answers first; the other processes would take the processor from it


def find_key(start: Start) -> bytes | Opening:
    """The desk's key, or what has to be done to have it. Blocking. Raises DeskError."""
    with disk_errors():
        start.profile.prepare()
    found = KeyKeeper(start.profile, start.demonstration_key).find()
    return found if isinstance(found, bytes) else Opening(found.value)


def unlock_key(start: Start, passphrase: str) -> bytes:
    """The key behind the passphrase, or a first key protected by it. Blocking. Raises DeskError."""
    return KeyKeeper(start.profile, start.demonstration_key).unlock(passphrase)


class OpenedDesk:
    """Everything that lives as long as the files are open."""

    def __init__(
        self,
        start: Start,
        clock: Clock,
        changes: Changes,
        on_status: Callable[[SyncStatus], None],
        on_bug: OnBug,
        office: EmbeddedOffice | None,
    ) -> None:
        self._start = start
        self._clock = clock
        self._changes = changes
        self._on_status = on_status
        self._office = office
        self._tasks = TaskScope(on_bug)
        self._link: SyncLink | None = None
        self._syncing = asyncio.Event()
        self._is_wanted = asyncio.Event()  # somebody waits for head office
        self._had_files = start.profile.journal.exists()
        self._store: Store | None = None

    async def open(self, key: bytes) -> tuple[str, DeskError | None]:
        """Open the files and start to sync; returns who signed in last and what the clerk must be told."""
        loop = asyncio.get_running_loop()

        def on_recorded(collection: str) -> None:
            self.tell_sync("poke")
            self._tasks.start(self._keep_time())
            self._changes.publish({collection, "outbox"})

        def on_damage() -> None:
            loop.call_soon_threadsafe(self.tell_sync, "rebuild")

        region = self._start.settings.text("region")
        profile = self._start.profile
        self._store = await asyncio.to_thread(open_store, profile, key, self._clock, on_recorded, on_damage, region)
        self._tasks.start(self._start_sync(key))
        self._tasks.start(self._learn_numbers(region))
        last_user = await self._store.log.run(self._store.journal.meta, "last_user")
        return last_user, self._store.salvaged.as_error() if self._store.salvaged else None

    async def close(self) -> None:
        """End the sync process, close the files."""
        await self._tasks.close()
        if self._link is not None:
            await self._link.close()
        if self._store is not None:
            await asyncio.to_thread(self._store.close)

    async def sign_in(self, user: str, secret: str) -> Desk:
        """Sign a person in: by password with the line, by desk PIN without."""
        await self._want_sync()
        return self._desk(await self._session().sign_in(user, secret))

    async def sign_in_demonstration(self) -> Desk:
        """Sign the demonstration clerk in; at once where the desk knows them from before."""
        known = await self._opened.log.run(self._opened.clerks.find, DEMONSTRATION_CLERK)
        return self._desk(known or await self._sign_in_embedded())

    async def set_pin(self, clerk: Clerk, pin: str) -> Clerk:
        """Set the desk PIN of the signed-in clerk."""
        return await self._session().set_pin(clerk, pin)

    def tell_sync(self, what: str) -> None:
        """Tell the sync process something that needs no answer."""
        if self._link is not None:
            self._link.tell(what)

    async def _start_sync(self, key: bytes) -> None:
        if self._had_files:
            with suppress(TimeoutError):
                async with asyncio.timeout(FIRST_ANSWER_S):
                    await self._is_wanted.wait()
        if self._office is not None:
            self._office.start()
        try:
            server = await self._office.answering() if self._office else self._start.settings.text("server")
        except BackOfficeUnreachableError:
            log_fact("the embedded back office does not answer; the desk works on without it")
            return
        first = {
            "server": server,
            "profile": str(self._start.profile.folder),
            "key": key.hex(),
            "region": self._start.settings.text("region"),
            "home": self._start.settings.text("home"),
            "foreign_sign_in": self._start.settings.text("foreign_sign_in"),
            "log": str(self._start.log_folder),
            "secret": self._office.secret if self._office else "",
        }
        self._link = SyncLink(first, self._start.log_folder, self._on_status, self._heard_data)
        self._link.start()
        self._syncing.set()

    async def _learn_numbers(self, region: str) -> None:
        """What numbers look like takes a tenth of a second to load: not with the first number that is typed."""
        await asyncio.sleep(FIRST_ANSWER_S)
        await asyncio.to_thread(phone_keys, "00000", region)

    async def _want_sync(self) -> None:
        """Have the sync process at once; an embedded back office that does not answer is not waited for."""
        self._is_wanted.set()
        if self._office is None:
            await self._syncing.wait()

    async def _sign_in_embedded(self) -> Clerk:
        assert self._office is not None, "only the demonstration signs in so"  # noqa: S101 - an invariant
        self._is_wanted.set()
        await self._office.answering()
        await self._syncing.wait()
        return await HeadOfficeByLink(self._opened, self._link).sign_in_embedded(self._office.secret)

    def _session(self) -> SignIn:
        return SignIn(HeadOfficeByLink(self._opened, self._link), DeskPinsByStore(self._opened))

    def _desk(self, clerk: Clerk) -> Desk:
        return desk_for(self._opened, HallByLink(lambda: self._link), clerk, self._clock, self)

    async def fetch(self, customer_id: str) -> None:
        """Implements `app.customers.ports.FarCustomers`: the sync process brings them."""
        await self._want_sync()
        if self._link is None:
            raise BackOfficeUnreachableError
        await self._link.call("fetch", customer=customer_id)

    def looked_at(self, customer_id: str) -> None:
        """Somebody has the page of a customer before them; without a home everybody stays."""
        if self._link is not None and self._start.settings.text("home"):
            self._link.tell("looked-at", customer=customer_id)

    def _heard_data(self, news: DataChanged) -> None:
        if news.is_new_mirror:
            self._tasks.start(self._switch())
        else:
            self._changes.publish(news.collections)

    async def _keep_time(self) -> None:
        with suppress(DeskError):
            await self._opened.log.run(self._opened.clerks.keep_time)

    async def _switch(self) -> None:
        await asyncio.to_thread(self._opened.reader.switch)
        self._changes.publish({*COLLECTIONS, NEW_COPY})

    @property
    def _opened(self) -> Store:
        assert self._store is not None, "open() comes first"  # noqa: S101 - an invariant
        return self._store
