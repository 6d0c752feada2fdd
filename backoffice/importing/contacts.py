"""Makes up names, telephone numbers and mail addresses for customers whose source has none. Nobody has them.

The numbers lie in area codes with a 9 in the middle (290, 390, … 990). The North American plan keeps these back until
it needs longer numbers and gives them to nobody, so no such number can ring. Mail addresses end in `example.com`, which
is reserved for examples. Everything follows from the seed and the customer's id alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

_AREA_CODES: Final = ("290", "390", "490", "590", "690", "790", "890", "990")
_EXCHANGES: Final = 800  # 200 to 999
_LINES: Final = 10_000
_GIVEN: Final = (
    *(
        "Ardis",
        "Bexley",
        "Corin",
        "Delphy",
        "Emlyn",
        "Farrin",
        "Garnet",
        "Hollis",
        "Ilsey",
        "Jorry",
        "Kestrel",
        "Linnet",
    ),
    *("Marlo", "Nevin", "Orrin", "Perrin", "Quillan", "Rowan", "Sorrel", "Tamsin", "Umber", "Verity", "Wren", "Yarrow"),
)
_FAMILY: Final = (
    *("Alderbrook", "Birchfell", "Cloverdale", "Dunmarsh", "Elmstow", "Fernhollow", "Greenmere", "Hazelcombe"),
    *("Ivybridge", "Junipershaw", "Kelpworth", "Larkspurn", "Mossgrove", "Nettlebank", "Oakenrill", "Pinemarch"),
    *("Quarryfen", "Reedwater", "Saltmeadow", "Thistlewick", "Underleaf", "Vinterfold", "Willowby", "Yewhurst"),
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Under what name, number and mail address somebody is found; empty is what is not known. `full` where it is in one."""

    given: str
    family: str
    phone: str
    email: str
    full: str = ""
    is_made_up: bool = True

    @property
    def name(self) -> str:
        """The whole name."""
        return self.full or f"{self.given} {self.family}".strip()


class ContactMaker:
    """Makes up the same contact for the same customer whenever the seed is the same."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def contact_of(self, customer_id: str) -> Contact:
        """A contact that belongs to nobody."""
        draw = _Draw(f"{self._seed}:{customer_id}")
        given, family = _GIVEN[draw.below(len(_GIVEN))], _FAMILY[draw.below(len(_FAMILY))]
        area = _AREA_CODES[draw.below(len(_AREA_CODES))]
        phone = f"+1{area}{200 + draw.below(_EXCHANGES)}{draw.below(_LINES):04}"
        return Contact(given, family, phone, f"{given}.{family}.{phone[-4:]}@example.com".casefold())


class _Draw:
    """Numbers that follow from a text, the same on every machine and version."""

    def __init__(self, text: str) -> None:
        self._left = int.from_bytes(blake2b(text.encode(), digest_size=16).digest())

    def below(self, limit: int) -> int:
        self._left, number = divmod(self._left, limit)
        return number
