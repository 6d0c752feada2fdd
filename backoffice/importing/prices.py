"""Finds the price of each part from what customers pay for all of theirs together.

The monthly charge of the earlier customer file is additive: every part adds its price, give or take about a dollar. The
prices that fit best (least squares over all rows) lie within a few cents of whole dollars, which is what they must be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from backoffice.importing.reading import parse_number
from backoffice.importing.table import Row

_YES: Final = "yes"


@dataclass(frozen=True, slots=True)
class Part:
    """Something that has a price of its own: a row has it where `column` says `value`."""

    key: str
    name: str
    kind: str
    column: str
    value: str = _YES


PARTS: Final = (
    Part("phone", "Phone", "fixedVoice", "phoneservice"),
    Part("second-line", "Second line", "fixedVoice", "multiplelines"),
    Part("dsl-internet", "DSL internet", "broadband", "internetservice", "dsl"),
    Part("fiber-internet", "Fiber internet", "broadband", "internetservice", "fiber optic"),
    Part("online-security", "Online security", "addOn", "onlinesecurity"),
    Part("online-backup", "Online backup", "addOn", "onlinebackup"),
    Part("device-protection", "Device protection", "addOn", "deviceprotection"),
    Part("premium-tech-support", "Premium tech support", "addOn", "techsupport"),
    Part("streaming-tv", "Streaming TV", "tv", "streamingtv"),
    Part("streaming-movies", "Streaming movies", "tv", "streamingmovies"),
)
_CHARGE: Final = "monthlycharges"
_NOTHING: Final = 1e-6  # what is left of a zero after eliminating


class PriceFinder:
    """Takes rows in, then says what each part costs."""

    def __init__(self) -> None:
        size = len(PARTS)
        self._products = [[0.0] * size for _ in range(size)]
        self._sums = [0.0] * size

    def add(self, row: Row) -> None:
        """Take one customer into account, unless the charge cannot be read."""
        charge = parse_number(row[_CHARGE])
        if charge is None or charge < 0:
            return
        held = [place for place, part in enumerate(PARTS) if row[part.column].casefold() == part.value]
        for place in held:
            self._sums[place] += charge
            for other in held:
                self._products[place][other] += 1.0

    def prices(self) -> dict[str, int]:
        """Whole dollars a month by part, without those that the charges do not tell: held by nobody, or never apart."""
        rows = [[*products, total] for products, total in zip(self._products, self._sums, strict=True)]
        found = {part.key: price for part, price in zip(PARTS, _solved(rows), strict=True) if price is not None}
        return {key: round(price) for key, price in found.items() if round(price) > 0}


def _solved(rows: list[list[float]]) -> list[float | None]:
    """Gauss-Jordan elimination; None for an unknown that the equations do not tell, alone or apart from others."""
    size = len(rows)
    free = []
    for place in range(size):
        pivot = rows[place][place]
        if abs(pivot) < _NOTHING:
            free.append(place)
            continue
        for other in range(size):
            if other != place:
                factor = rows[other][place] / pivot
                rows[other] = [mine - factor * theirs for mine, theirs in zip(rows[other], rows[place], strict=True)]
    told = [place not in free and all(abs(rows[place][one]) < _NOTHING for one in free) for place in range(size)]
    return [rows[place][size] / rows[place][place] if told[place] else None for place in range(size)]
