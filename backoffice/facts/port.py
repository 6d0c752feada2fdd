"""What is asked of others, and all that an adapter to one of them may do: answer, know nothing, or raise a FactError."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Protocol, TypeVar

import msgspec


class FactError(Exception):
    """There is no answer; `reason` says why, in a word that goes to whoever asked."""

    reason: ClassVar[str] = "unavailable"


class NotAnsweredError(FactError):
    """The source cannot be reached, or says that it cannot answer now."""


class TooSlowError(FactError):
    """The source did not answer in time."""

    reason = "timeout"


class MalformedAnswerError(FactError):
    """What came is no answer: nothing of it may be believed."""

    reason = "malformed"


class NotConnectedError(FactError):
    """This back office has no adapter to such a source."""

    reason = "notConnected"


class Fact(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What every answer says: as of when it is true."""

    as_of: datetime


class IdentityFact(Fact, frozen=True, kw_only=True, rename="camel"):
    """Of an identity document: whether it is valid, and until when. It says nothing of whom it belongs to."""

    valid: bool
    kind: str
    expires: datetime | None = None


class PortabilityFact(Fact, frozen=True, kw_only=True, rename="camel"):
    """Of a telephone number: who serves it, who had it first, and whether a transfer is under way."""

    operator: str
    original_operator: str
    transfer_under_way: bool


class PowerFact(Fact, frozen=True, kw_only=True, rename="camel"):
    """Of a place: whether the power is cut, since when, and until when the grid expects it."""

    cut: bool
    since: datetime | None = None
    expected_until: datetime | None = None


F_co = TypeVar("F_co", bound=Fact, covariant=True)


class Source(Protocol[F_co]):
    """An adapter. It keeps nothing of what it is asked, and can be cancelled at any time."""

    @property
    def name(self) -> str:
        """Who answers, as it is shown beside the answer."""
        ...

    @property
    def is_demonstration(self) -> bool:
        """Whether its answers are made up."""
        ...

    async def look_up(self, key: str) -> F_co | None:
        """What is known of this document, number or place; None if the source knows nothing of it. Raises FactError."""
        ...


IdentityAuthority = Source[IdentityFact]
PortabilityClearingHouse = Source[PortabilityFact]
PowerGrid = Source[PowerFact]
