"""Amounts with a unit, as buckets and stocks keep them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from backoffice.rules.parts import as_json, number
from backoffice.rules.port import Body

OUT_OF_BOUNDS: Final = "An amount is at most 10^15 and has no more than six decimals."
_LARGEST: Final = Decimal(10**15)
_FINEST: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of a unit; an empty unit fits every other."""

    amount: Decimal
    units: str = ""

    @classmethod
    def read(cls, value: Any, unit_name: str = "units", amount_name: str = "amount") -> Quantity | None:
        """A quantity as TM Forum writes it; None if it is none. Money has `unit` and `value`."""
        if not isinstance(value, dict) or (amount := number(value.get(amount_name))) is None:
            return None
        units = value.get(unit_name)
        return cls(amount, units if isinstance(units, str) else "")

    @classmethod
    def money(cls, value: Any) -> Quantity | None:
        """An amount of money; None if it is none."""
        return cls.read(value, "unit", "value")

    @property
    def is_within_bounds(self) -> bool:
        """Whether it may be asked for."""
        return abs(self.amount) <= _LARGEST and self.amount % _FINEST == 0

    @property
    def is_kept_exactly(self) -> bool:
        """Whether JSON, as others read it, holds it to the last digit."""
        return number(as_json(self.amount)) == self.amount

    def fits(self, other: Quantity) -> bool:
        """Whether the two count the same thing."""
        return not self.units or not other.units or self.units == other.units

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.amount + other.amount, self.units or other.units)

    def __neg__(self) -> Quantity:
        return Quantity(-self.amount, self.units)

    def written(self) -> Body:
        """As TM Forum writes quantities."""
        return {"amount": as_json(self.amount), **({"units": self.units} if self.units else {})}

    def written_as_money(self) -> Body:
        """As TM Forum writes money."""
        return {"value": as_json(self.amount), **({"unit": self.units} if self.units else {})}
