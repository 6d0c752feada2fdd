"""Asks a source within a time limit: whoever waits at the counter gets an answer, if only that there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from app.core.clock import Clock
from backoffice.facts.decoding import in_utc
from backoffice.facts.demonstration import clearing_house, identity_authority, power_grid
from backoffice.facts.port import (
    Fact,
    FactError,
    IdentityAuthority,
    MalformedAnswerError,
    NotConnectedError,
    PortabilityClearingHouse,
    PowerGrid,
    Source,
    TooSlowError,
)

LIMIT_SECONDS: Final = 2.0
_CLOCKS_MAY_DIFFER: Final = timedelta(minutes=10)
_UNKNOWN: Final = "notFound"


@dataclass(frozen=True, slots=True)
class Sources:
    """Who is asked for what; None where nobody is connected."""

    identity: IdentityAuthority | None = None
    portability: PortabilityClearingHouse | None = None
    power: PowerGrid | None = None

    def by_kind(self) -> Mapping[str, Source[Fact] | None]:
        """The sources by what they are asked for."""
        return {"identity": self.identity, "portability": self.portability, "power": self.power}


def demonstration(clock: Clock) -> Sources:
    """Sources that make everything up."""
    return Sources(identity_authority(clock), clearing_house(clock), power_grid(clock))


async def asked(source: Source[Fact] | None, key: str, clock: Clock, seconds: float = LIMIT_SECONDS) -> dict[str, Any]:
    """What is known, with its source and as of when; or that nothing is, and why. Never raises, never takes longer."""
    told = {} if source is None else {"source": source.name, "demonstration": source.is_demonstration}
    try:
        fact = await _in_time(source, key, seconds)
        if fact is None:
            return {"known": False, "reason": _UNKNOWN, **told}
        if fact.as_of > clock.now() + _CLOCKS_MAY_DIFFER:
            raise MalformedAnswerError
        return {"known": True, **told, **in_utc(fact)}
    except FactError as error:
        return {"known": False, "reason": error.reason, **told}


async def _in_time(source: Source[Fact] | None, key: str, seconds: float) -> Fact | None:
    if source is None:
        raise NotConnectedError
    try:
        async with asyncio.timeout(seconds):
            return await source.look_up(key)
    except TimeoutError as error:
        raise TooSlowError from error
