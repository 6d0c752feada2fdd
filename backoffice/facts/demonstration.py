"""Sources that make their answers up, always the same of the same question, and say that they do.

They speak as a real source would, in bytes, and fail as one does where they are told to: so they pass the tests that an
adapter to a real one has to pass.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar

import msgspec

from app.core.clock import Clock
from app.rules.folding import digits_in, folded
from backoffice.facts.decoding import decoded
from backoffice.facts.port import Fact, IdentityFact, NotAnsweredError, PortabilityFact, PowerFact

F = TypeVar("F", bound=Fact)
_OPERATORS: Final = ("Demonstration Mobile", "Demonstration Telecom", "Demonstration Unicom")
_FOR_EVER: Final = 3600.0


class Trouble(StrEnum):
    """How a source may fail."""

    NONE = "none"
    AWAY = "away"
    SILENT = "silent"
    SLOW = "slow"
    GARBLED = "garbled"


class MadeUp(Generic[F]):
    """Satisfies `port.Source`; `answer_to` makes the answer up from a number that belongs to the question."""

    is_demonstration = True

    def __init__(
        self, name: str, kind: type[F], answer_to: Callable[[str, int, datetime], dict[str, Any] | None], clock: Clock
    ) -> None:
        self.name = name
        self.trouble = Trouble.NONE
        self.slow_seconds = 0.05
        self._kind = kind
        self._answer_to = answer_to
        self._clock = clock

    async def look_up(self, key: str) -> F | None:
        """What is made up of it."""
        raw = await self._sent(key)
        return None if raw is None else decoded(raw, self._kind)

    async def _sent(self, key: str) -> bytes | None:
        if self.trouble is Trouble.AWAY:
            raise NotAnsweredError
        if self.trouble in (Trouble.SILENT, Trouble.SLOW):
            await asyncio.sleep(_FOR_EVER if self.trouble is Trouble.SILENT else self.slow_seconds)
        now = self._clock.now()
        answer = self._answer_to(key, int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]), now)
        raw = None if answer is None else msgspec.json.encode({"asOf": now, **answer})
        return b'{"asOf": "once"}' if self.trouble is Trouble.GARBLED else raw


def identity_authority(clock: Clock) -> MadeUp[IdentityFact]:
    """Nine in ten documents are valid; shorter ones than six signs are unknown."""
    return MadeUp("identity authority (demonstration)", IdentityFact, _identity, clock)


def clearing_house(clock: Clock) -> MadeUp[PortabilityFact]:
    """A third of all numbers was ported, one in twenty is on its way; shorter ones than six digits are unknown."""
    return MadeUp("portability clearing house (demonstration)", PortabilityFact, _portability, clock)


def power_grid(clock: Clock) -> MadeUp[PowerFact]:
    """At one place in ten the power is cut; every place is known."""
    return MadeUp("power grid (demonstration)", PowerFact, _power, clock)


def _identity(key: str, number: int, now: datetime) -> dict[str, Any] | None:
    if len(folded(key)) < 6:  # noqa: PLR2004 - see identity_authority
        return None
    valid = number % 10 != 0
    return {"valid": valid, "kind": "nationalId", "expires": now + timedelta(days=number % 3650 if valid else -30)}


def _portability(key: str, number: int, _now: datetime) -> dict[str, Any] | None:
    if len(digits_in(key)) < 6:  # noqa: PLR2004 - see clearing_house
        return None
    first = _OPERATORS[number % 3]
    serves = _OPERATORS[(number + 1) % 3] if number % 9 < 3 else first  # noqa: PLR2004 - a third
    return {"operator": serves, "originalOperator": first, "transferUnderWay": number % 20 == 0}


def _power(_key: str, number: int, now: datetime) -> dict[str, Any] | None:
    if number % 10:
        return {"cut": False}
    return {"cut": True, "since": now - timedelta(minutes=number % 300), "expectedUntil": now + timedelta(hours=2)}
