"""Money in integer minor units of one currency; no floating point anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

_DECIMALS = {"JPY": 0, "KRW": 0}
_DEFAULT_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, fen) and its ISO 4217 currency."""

    minor: int
    currency: str

    def __str__(self) -> str:
        decimals = _DECIMALS.get(self.currency, _DEFAULT_DECIMALS)
        return f"{Decimal(self.minor).scaleb(-decimals):,.{decimals}f}"


def money_from(value: object, currency: str) -> Money | None:
    """Read a wire amount; None where it is no finite number or has no currency."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)) or not currency:
        return None
    try:
        scaled = Decimal(str(value)).scaleb(_DECIMALS.get(currency, _DEFAULT_DECIMALS))
        return Money(int(scaled.to_integral_value(ROUND_HALF_EVEN)), currency)
    except (InvalidOperation, ValueError, OverflowError):
        return None
