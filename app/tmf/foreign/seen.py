"""Remembers which ids a sweep has met, in few bits for each."""

from __future__ import annotations

from hashlib import blake2b
from secrets import token_bytes

_BITS_EACH = 32
_FEWEST, _MOST = 1 << 16, 1 << 27  # bits: 8 KiB to 16 MiB
_PROBES = 8


class Seen:
    """Never forgets an id it was given; takes fewer than one in 100,000 others for one of those, each time another."""

    def __init__(self, expected: int) -> None:
        self._size = min(max(expected * _BITS_EACH, _FEWEST), _MOST)
        self._bits = bytearray(self._size // 8 + 1)
        self._salt = token_bytes(16)

    def add(self, identity: str) -> None:
        """Remember it."""
        for place in self._places(identity):
            self._bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, identity: str) -> bool:
        return all(self._bits[place >> 3] >> (place & 7) & 1 for place in self._places(identity))

    def _places(self, identity: str) -> list[int]:
        digest = blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8 * _PROBES, salt=self._salt).digest()
        return [int.from_bytes(digest[at : at + 8]) % self._size for at in range(0, 8 * _PROBES, 8)]
