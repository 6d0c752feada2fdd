"""Numbers that look right and belong to nobody, each given out once.

- Mobile numbers begin with 154, a range that the Chinese number plan gives to no operator.
- Fixed lines begin with 0600, an area code that no place in China has.
- Identity numbers and company codes have an area that begins with 39: no province has it, the thirties end at 37. Their
  check signs are right, so that programs which verify them accept them.
- Account numbers have eight digits, tickets count on from T-8841.

Lower numbers of each kind are kept for the featured customers: what is given out here never meets them.
"""

from __future__ import annotations

from operator import mul
from typing import Final

_MOBILE_BASE: Final = 154_1000_0000  # 154 0xxx xxxx is for the featured customers
_MOBILE_ROOM: Final = 9_000_0000
_LANDLINE_ROOM: Final = 10_000_000
_ACCOUNT_BASE: Final = 10_000_000
_BROADBAND_BASE: Final = 30_000_000
_FIRST_TICKET: Final = 8841
_FEATURED: Final = (
    8  # customers; they take numbers in turn from what is reserved for them, all others have their own room
)
_RESERVED: Final = 100
_MOST_MOBILES: Final = 8  # of one customer
_MOST_ACCOUNTS: Final = 4
_MOST_TICKETS: Final = 2
_STEP: Final = 38_196_601  # shares no factor with 2, 3 and 5, so stepping through a room meets every number once

_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_ID_CHECKS: Final = "10X98765432"
_SAME_DAY: Final = 500  # people of one sex who share an area and a day of birth
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
_CREDIT_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # GB 32100
_CREDIT_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Numbers:
    """Gives out numbers of every kind; with the same seed always the same in the same order."""

    def __init__(self, seed: int) -> None:
        self._offset = seed
        self._mobiles = self._landlines = self._broadbands = self._accounts = 0
        self._people = self._companies = 0
        self._tickets = _FIRST_TICKET

    def begin(self, index: int) -> None:
        """Go on with the numbers of customer number `index`, whatever was given out before."""
        if index < _FEATURED:
            return
        self._mobiles = _RESERVED + index * _MOST_MOBILES
        self._accounts = _RESERVED + index * _MOST_ACCOUNTS
        self._tickets = _FIRST_TICKET + _RESERVED + index * _MOST_TICKETS
        self._landlines = self._broadbands = _RESERVED + index
        self._people = self._companies = index

    def mobile(self) -> str:
        """An 11-digit mobile number."""
        self._mobiles += 1
        return str(_MOBILE_BASE + (self._offset + self._mobiles * _STEP) % _MOBILE_ROOM)

    def landline(self) -> str:
        """A fixed-line number with its area code."""
        self._landlines += 1
        return f"0600{(self._offset + self._landlines * _STEP) % _LANDLINE_ROOM:07}"

    def broadband(self) -> str:
        """The number of a broadband line, which is no telephone number."""
        self._broadbands += 1
        return f"FB{_BROADBAND_BASE + self._broadbands}"

    def account(self) -> str:
        """An eight-digit account number; the first ones do not depend on the seed."""
        self._accounts += 1
        return str(_ACCOUNT_BASE + self._accounts)

    def ticket(self) -> str:
        """A ticket number, speakable."""
        self._tickets += 1
        return f"T-{self._tickets - 1}"

    def identity(self, birth_date: str, gender: str) -> str:
        """An 18-digit identity number for somebody born on `birth_date` (ISO 8601)."""
        area, turn = divmod(self._people, _SAME_DAY)
        self._people += 1
        sequence = 2 * turn + (gender == "male")
        digits = f"39{area % 10_000:04}{birth_date[:10].replace('-', '')}{sequence:03}"
        return digits + _ID_CHECKS[sum(map(mul, map(int, digits), _ID_WEIGHTS)) % 11]

    def company(self) -> str:
        """An 18-sign unified social credit code."""
        self._companies += 1
        body = f"{self._companies:08}"
        check = (11 - _weighted(body, _ORGANISATION_WEIGHTS) % 11) % 11
        signs = f"91390100{body}{'X' if check == 10 else check}"  # noqa: PLR2004 - the standard's own sign for ten
        return signs + _CREDIT_SIGNS[-_weighted(signs, _CREDIT_WEIGHTS) % 31]


def _weighted(signs: str, weights: tuple[int, ...]) -> int:
    return sum(_CREDIT_SIGNS.index(sign) * weight for sign, weight in zip(signs, weights, strict=True))
