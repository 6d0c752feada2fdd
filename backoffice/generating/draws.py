"""Chance that is the same on every machine and Python version."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final, TypeVar

T = TypeVar("T")

_SEED_BITS: Final = 64


class Draw:
    """Chance for one thing at a time. Only `Random.random` is used: alone it is promised to stay the same."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = Random()  # noqa: S311 - demonstration data, nothing to protect
        self._next = self._random.random

    def restart(self, index: int) -> None:
        """Begin the chance of thing number `index`, whatever was drawn before."""
        self._random.seed(self._seed << _SEED_BITS | index)

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1."""
        return int(self._next() * limit)

    def between(self, lowest: int, highest: int) -> int:
        """A whole number from `lowest` to `highest`, both included."""
        return lowest + int(self._next() * (highest - lowest + 1))

    def chance(self, share: float) -> bool:
        """True in `share` of all cases."""
        return self._next() < share

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices; one that stands there twice comes twice as often."""
        return choices[int(self._next() * len(choices))]
