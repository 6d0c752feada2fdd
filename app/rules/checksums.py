"""Checksums of copies: the same at desk and back office when both hold the same records at the same revisions.

Each record counts with the first eight bytes of the SHA-256 of `collection/id/revision`; the sum of all, modulo 2^64, does
not depend on their order.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

MODULUS: Final = 1 << 64


@dataclass(frozen=True, slots=True)
class Checksum:
    """How many records, and the sum of their digests."""

    count: int = 0
    total: int = 0

    def __add__(self, other: Checksum) -> Checksum:
        return Checksum(self.count + other.count, (self.total + other.total) % MODULUS)

    def __sub__(self, other: Checksum) -> Checksum:
        return Checksum(self.count - other.count, (self.total - other.total) % MODULUS)

    def as_json(self) -> dict[str, object]:
        """As the feed carries it."""
        return {"count": self.count, "sum": f"{self.total:016x}"}


def digest(collection: str, record_id: str, revision: int) -> int:
    """What one record counts."""
    return int.from_bytes(hashlib.sha256(f"{collection}/{record_id}/{revision}".encode()).digest()[:8])


def checksum_of(collection: str, record_id: str, revision: int) -> Checksum:
    """The checksum of one record."""
    return Checksum(1, digest(collection, record_id, revision))
