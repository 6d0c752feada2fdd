"""What the window needs from the rest of the desk; `app.bootstrap` provides it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # this stands before the first paint, what it names need not
    from app.complaints.usecases import ComplaintDesk
    from app.core.changes import Changes
    from app.core.errors import DeskError
    from app.core.permissions import Clerk
    from app.customer360.overview import CustomerOverview
    from app.customers.usecases import FindCustomers
    from app.drafts.usecases import BegunWork
    from app.sync.adoption import Adoption
    from app.sync.status import Outstanding, SyncStatus


@dataclass(frozen=True, slots=True)
class Desk:
    """The use cases of one signed-in clerk."""

    clerk: Clerk
    find: FindCustomers
    overview: CustomerOverview
    complaints: ComplaintDesk
    outstanding: Outstanding
    adoption: Adoption
    begun: BegunWork


class Opening(StrEnum):
    """What stands between the program's start and the sign-in page."""

    OPEN = "open"
    PASSPHRASE_TO_CHOOSE = "passphrase-to-choose"  # noqa: S105 - no keyring here: explain, then let one be chosen
    PASSPHRASE_NEEDED = "passphrase-needed"  # noqa: S105
    KEY_LOST = "key-lost"  # data is here, its key is not: never make a new one


@dataclass(frozen=True, slots=True)
class Appearance:
    """What the clerk sees with: `language` `en` or `zh_CN`, `theme` `light` or `dark`."""

    language: str
    theme: str


class Workstation(Protocol):
    """The desk before and around a signed-in clerk. Awaitables raise DeskError only.

    `office_address` is empty where the back office is the demonstration's own. `opening_trouble` is what the clerk must
    be told once the files are open, such as a salvaged journal.
    """

    appearance: Appearance
    changes: Changes
    is_demonstration: bool
    desk_name: str
    office_address: str
    last_user: str
    opening_trouble: DeskError | None

    @property
    def status(self) -> SyncStatus:
        """The line and the outbox as last heard."""
        ...

    def on_status(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Call `listener` with each new status; the returned function ends that."""
        ...

    async def open(self) -> Opening:
        """Open the desk's files, if their key can be had without asking."""
        ...

    async def unlock(self, passphrase: str) -> None:
        """Open the files with this passphrase, or protect new ones with it."""
        ...

    async def sign_in(self, user: str, secret: str) -> Desk:
        """Sign a person in: by password with the line, by desk PIN without."""
        ...

    async def sign_in_demonstration(self) -> Desk:
        """Sign the demonstration clerk in; only where `is_demonstration`."""
        ...

    async def set_pin(self, clerk: Clerk, pin: str) -> Clerk:
        """Set the desk PIN of the signed-in clerk."""
        ...

    async def sign_out(self) -> None:
        """End the person's session here; their unsent acts go on with their own grant."""
        ...

    def refresh(self) -> None:
        """Pull now (F5)."""
        ...

    def remember(self, appearance: Appearance) -> None:
        """Keep how the clerk likes to see it. Raises DeskError where that lasts until the end of the day only."""
        ...

    async def close(self) -> None:
        """End the helpers and close the files; nothing that was saved depends on it."""
        ...

    def report_bug(self, error: BaseException) -> str:
        """Log a bug in full and return the incident number to show."""
        ...
