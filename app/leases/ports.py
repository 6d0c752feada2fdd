"""What leases need from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from app.leases.model import Ask, Lease, LeasedItem, LeaseKind, Report, Told, Wanted


class LeaseOffice(Protocol):
    """Head office's half. Raises DeskError where it does not answer, or not with sense."""

    async def leases(self, token: str) -> Told | None:
        """What is out to this desk; None where head office leases nothing."""
        ...

    async def take(self, token: str, key: str, ask: Ask) -> Lease | None:
        """The block, its signature checked with the office's key; None where there is none to be had now."""
        ...

    async def report(self, token: str, report: Report) -> frozenset[str]:
        """Tell what was given out; returns what this desk must not give out, since somebody else holds it."""
        ...


class LeaseStore(Protocol):
    """The journal's half. Every call that returns has reached the disk."""

    def heard(self, told: Told) -> str:
        """Take down what head office said; returns the key that its blocks are signed with, as it was told first."""
        ...

    def to_report(self, epoch: str) -> list[Report]:
        """What head office does not know in this epoch."""
        ...

    def reported(self, lease_id: str, epoch: str, lost: Iterable[str]) -> None:
        """Head office has taken a report."""
        ...

    def to_ask(self, wanted: Mapping[LeaseKind, Wanted]) -> list[Ask]:
        """The blocks to ask for; each is kept, and asked for until it has come."""
        ...

    def given(self, lease: Lease) -> None:
        """A block has come."""
        ...


class Shelf(Protocol):
    """What the window can give out."""

    async def free(self, kind: LeaseKind) -> list[LeasedItem]:
        """What may be given out now, in the order in which it should be."""
        ...
