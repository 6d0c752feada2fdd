"""The desk around a clerk, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.complaints.usecases import ComplaintDesk
from app.core.changes import Changes
from app.core.errors import DeskError
from app.core.permissions import Clerk
from app.customer360.overview import CustomerOverview
from app.customers.usecases import FindCustomers
from app.drafts.usecases import BegunWork
from app.rules.deadlines import SHIPPED_LIMITS, limits_from
from app.session.model import MIN_PIN_DIGITS, SignInRefusedError, WeakPinError
from app.sync.adoption import Adoption
from app.sync.status import LineState, SyncStatus
from tests.fakes.gate import Gate
from tests.fakes.people import branch
from tests.fakes.store import FakeStore
from ui.workstation import Appearance, Desk, Opening

CLERK = Clerk("wang", "王示例", "clerk", has_pin=True)
BOSS = Clerk("boss", "王主任", "supervisor", has_pin=True)
PASSWORD = "right password"


class FakeWorkstation:
    """Satisfies `Workstation`. Gate names beside the store's: open, unlock, sign-in, set-pin, sign-out."""

    def __init__(
        self,
        store: FakeStore | None = None,
        *,
        opening: Opening = Opening.OPEN,
        clerk: Clerk = CLERK,
        is_demonstration: bool = False,
    ) -> None:
        self.store = store or branch()
        self.opening = opening
        self.clerk = clerk
        self.is_demonstration = is_demonstration
        self.appearance = Appearance("en", "light")
        self.desk_name = "7"
        self.office_address = "https://office.example.net"
        self.last_user = clerk.id
        self.opening_trouble: DeskError | None = None
        self.passphrase = ""
        self.pin = ""
        self.refreshed = 0
        self.is_signed_in = False
        self.is_closed = False
        self.bugs: list[BaseException] = []
        self._status = SyncStatus(LineState.ONLINE, as_of=self.store.clock.now())
        self._listeners: list[Callable[[SyncStatus], None]] = []

    @property
    def changes(self) -> Changes:
        """The store's own changes."""
        return self.store.changes

    @changes.setter
    def changes(self, changes: Changes) -> None:
        self.store.changes = changes

    @property
    def gate(self) -> Gate:
        """The store's gate, shared."""
        return self.store.gate

    @property
    def status(self) -> SyncStatus:
        """What was last told."""
        return self._status

    def tell(self, status: SyncStatus) -> None:
        """Let the line or the outbox change."""
        self._status = status
        for listener in tuple(self._listeners):
            listener(status)

    def on_status(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Call `listener` with what is told from now on."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def open(self) -> Opening:
        """Answer what the test chose."""
        await self.gate.go("open")
        return self.opening

    async def unlock(self, passphrase: str) -> None:
        """Keep the passphrase for the test to see."""
        await self.gate.go("unlock")
        self.passphrase = passphrase

    async def sign_in(self, user: str, secret: str) -> Desk:
        """Accept the one password of the one clerk."""
        await self.gate.go("sign-in")
        if user.strip() != self.clerk.id or secret != PASSWORD:
            raise SignInRefusedError
        self.last_user = self.clerk.id
        return self._signed_in()

    async def sign_in_demonstration(self) -> Desk:
        """Sign the clerk in without asking."""
        await self.gate.go("sign-in")
        return self._signed_in()

    async def set_pin(self, clerk: Clerk, pin: str) -> Clerk:
        """Keep the PIN for the test to see, under the product's own rule."""
        await self.gate.go("set-pin")
        if len(pin) < MIN_PIN_DIGITS or not pin.isdigit():
            raise WeakPinError(digits=str(MIN_PIN_DIGITS))
        self.pin = pin
        self.clerk = replace(clerk, has_pin=True)
        return self.clerk

    async def sign_out(self) -> None:
        """End the session."""
        await self.gate.go("sign-out")
        self.is_signed_in = False

    async def close(self) -> None:
        """Remember that the window asked for the end."""
        self.is_closed = True

    def refresh(self) -> None:
        """Count the wish."""
        self.refreshed += 1

    def remember(self, appearance: Appearance) -> None:
        """Keep it."""
        self.appearance = appearance

    def report_bug(self, error: BaseException) -> str:
        """Keep the bug, so that a test can show that there was none."""
        self.bugs.append(error)
        return f"B-{len(self.bugs)}"

    def _signed_in(self) -> Desk:
        self.is_signed_in = True
        return desk_on(self.store, self.clerk)


def desk_on(store: FakeStore, clerk: Clerk = CLERK) -> Desk:
    """Return the real use cases over the store."""
    return Desk(
        clerk=clerk,
        find=FindCustomers(store),
        overview=CustomerOverview(store, store, store, store, store),
        complaints=ComplaintDesk(store, store, store, store.clock, clerk, limits_from(SHIPPED_LIMITS), "CN"),
        outstanding=store,
        adoption=Adoption(store, clerk),
        begun=BegunWork(store, store, clerk),
    )
