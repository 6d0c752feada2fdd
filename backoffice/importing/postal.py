"""American postal codes, and the areas that they are sorted by: these are the territories of imported customers."""

from __future__ import annotations

import re
from typing import Final

_CODE: Final = re.compile(r"\d{5}", re.ASCII)
_AREA_DIGITS: Final = 3


def is_postal_code(text: str) -> bool:
    """Whether this is a ZIP code of five digits."""
    return _CODE.fullmatch(text) is not None


def postal_area(code: str) -> str:
    """The area that a ZIP code lies in, by its first three digits: 90210 lies in `US-902`. Empty if it is no ZIP code."""
    return f"US-{code[:_AREA_DIGITS]}" if is_postal_code(code) else ""
