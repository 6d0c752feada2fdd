"""Money in integer minor units of one currency; no floating point anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_DECIMALS = dict.fromkeys(_NO_DECIMALS.split(), 0) | dict.fromkeys(_THREE_DECIMALS.split(), 3)
_DEFAULT_DECIMALS = 2
_MOST_DIGITS = 18  # of minor units; a larger amount is an error of its source


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, fen) and its ISO 4217 currency."""

    minor: int
    currency: str

    def __str__(self) -> str:
        decimals = _DECIMALS.get(self.currency, _DEFAULT_DECIMALS)
        return f"{Decimal(self.minor).scaleb(-decimals):,.{decimals}f}"


def money_from(value: object, currency: str) -> Money | None:
    """Read a wire amount; None where it is no sensible number or has no currency."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)) or not currency:
        return None
    try:
        scaled = Decimal(str(value)).scaleb(_DECIMALS.get(currency, _DEFAULT_DECIMALS))
        if not scaled.is_finite() or scaled.adjusted() >= _MOST_DIGITS:
            return None
        return Money(int(scaled.to_integral_value(ROUND_HALF_EVEN)), currency)
    except (ArithmeticError, ValueError):
        return None
