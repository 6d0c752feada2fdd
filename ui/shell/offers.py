"""What a page may tell the shell beside what every page can. A page that does not is as good as one that has nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from ui.shell.strip import HasStrip, StripState


@runtime_checkable
class OffersActs(Protocol):
    """A page that names what its keys do now, for the sheet of keys."""

    def acts(self) -> frozenset[str]:
        """The actions of the key table that `press` would take now."""
        ...


@runtime_checkable
class Loads(Protocol):
    """A page that reads before it is shown."""

    async def load(self) -> None:
        """Read what the page shows first. Raises DeskError where that cannot be."""
        ...


@runtime_checkable
class ShowsOne(Protocol):
    """A page of many acts that can be opened at one of them."""

    def show_act(self, command_id: str) -> None:
        """Pick the act with that id."""
        ...


@runtime_checkable
class HasBegun(Protocol):
    """A page of work that has a moment at which it began."""

    def begun_at(self) -> datetime:
        """When the work began."""
        ...


def offered_by(page: object) -> frozenset[str]:
    """The actions whose keys do something on this page."""
    return page.acts() if isinstance(page, OffersActs) else frozenset()


def strip_of(page: object) -> StripState | None:
    """Whom the page is about, if it is about somebody."""
    return page.strip() if isinstance(page, HasStrip) else None


def begun_at(page: object) -> datetime | None:
    """When the work on this page began, if it has such a moment."""
    return page.begun_at() if isinstance(page, HasBegun) else None


async def loaded(page: object) -> None:
    """Let the page read what it shows first. Raises DeskError where that cannot be."""
    if isinstance(page, Loads):
        await page.load()


def show_act(page: object, command_id: str) -> None:
    """Let the page pick the act with that id; nothing for an empty one."""
    if command_id and isinstance(page, ShowsOne):
        page.show_act(command_id)
