"""Identifiers made at the desk."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_RANDOM_BITS = 74


def new_id(unix_ms: int | None = None) -> str:
    """Return a UUIDv7 (RFC 9562 §5.7): unique without asking anybody, and sorted by the time it was made."""
    milliseconds = time.time_ns() // 1_000_000 if unix_ms is None else unix_ms
    noise = secrets.randbits(_RANDOM_BITS)
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | (noise >> 62) << 64 | 0b10 << 62 | noise & (1 << 62) - 1
    return str(UUID(int=value))
