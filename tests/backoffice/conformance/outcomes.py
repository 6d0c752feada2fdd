"""What an examination found out about one operation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import httpx
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import JsonSchemaError

_REASON_LENGTH: Final = 160


@dataclass(slots=True)
class Outcome:
    """Which statuses an operation of an office answered with, why it refused, and what was wrong with its answers, each how often.

    It is reached once it did what it was asked; a list only counts if something is in it.
    """

    operation: str
    office: str
    statuses: Counter[int] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    is_reached: bool = False

    @property
    def fails(self) -> bool:
        """Whether it answered wrongly once, or never did what it was asked."""
        return bool(self.faults) or not self.is_reached

    @property
    def wrong(self) -> int:
        """How often it refused or answered wrongly."""
        return self.faults.total() + self.refusals.total()

    def note(self, answer: httpx.Response) -> None:
        """Take an answer into account."""
        self.statuses[answer.status_code] += 1
        if answer.is_success:
            self.is_reached = self.is_reached or answer.content != b"[]"
        else:
            self.refusals[answer.text[:_REASON_LENGTH]] += 1

    def blame(self, failure: Failure) -> None:
        """Take into account what a check found."""
        where = f" at /{'/'.join(map(str, failure.instance_path))}" if isinstance(failure, JsonSchemaError) else ""
        first, _, _ = failure.message.partition("\n")
        self.faults[f"{failure.title}{where}: {first}"[:_REASON_LENGTH]] += 1

    def told(self) -> str:
        """Everything on one line."""
        parts = [
            self._counted(self.faults) or ("" if self.is_reached else "never did it"),
            f"answered {dict(self.statuses)}",
        ]
        if not self.is_reached:
            parts.append(self._counted(self.refusals))
        return f"{self.operation} on {self.office}: {'; '.join(part for part in parts if part)}"

    @staticmethod
    def _counted(told: Counter[str]) -> str:
        return ", ".join(f"{count} × {words}" for words, count in told.most_common())
