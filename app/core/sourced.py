"""Data with its origin and age: every panel says both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T]):
    """A value, the system it comes from and the instant up to which it is known to be complete."""

    value: T
    source: str
    as_of: datetime | None
