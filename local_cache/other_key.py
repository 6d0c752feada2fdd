"""Tells data of another key from damaged data, by looking only: a salvage would put an empty journal in a good one's place.

Every page that SQLCipher writes ends in a seal made with the key, so a single page that was not damaged proves it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP
from local_cache import cipher
from local_cache.disk import disk_errors
from local_cache.profile import Profile
from local_cache.write_log import PAGE_SIZE, log_of, pages_in

_SEAL_BYTES = 64
_SEAL_SALT_MASK, _SEAL_ROUNDS, _SEAL_KEY_BYTES = 0x3A, 2, 32  # as SQLCipher 4 derives the key of its seals


class KeyOfOtherDataError(DeskError):
    """Nothing here fits the key, not even in part."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The key in this profile belongs to other data than what lies here. Nothing was changed or deleted. Call IT.",
    )


def refuse_key_of_other_data(profile: Profile, key: bytes) -> None:
    """Raise KeyOfOtherDataError where no file begins as this key's do, and it sealed no page of the journal."""
    with disk_errors():
        files = list(profile.folder.glob("*.db"))
        if any(cipher.begins_with(path, key) for path in files):
            return
        if any(cipher.begins_otherwise(path, key) for path in files) and not _sealed_any(profile.journal, key):
            raise KeyOfOtherDataError


def _sealed_any(journal: Path, key: bytes) -> bool:
    salt = bytes(byte ^ _SEAL_SALT_MASK for byte in cipher.salt_of(journal, key))
    seal_key = hashlib.pbkdf2_hmac("sha512", key, salt, _SEAL_ROUNDS, _SEAL_KEY_BYTES)
    return any(_is_sealed(page, number, seal_key) for number, page in _pages_of(journal))


def _is_sealed(page: bytes, number: int, seal_key: bytes) -> bool:
    sealed = page[cipher.SALT_BYTES :] if number == 1 else page
    seal = hmac.digest(seal_key, sealed[:-_SEAL_BYTES] + number.to_bytes(4, "little"), "sha512")
    return hmac.compare_digest(seal, sealed[-_SEAL_BYTES:])


def _pages_of(journal: Path) -> Iterator[tuple[int, bytes]]:
    """Every whole page in the file and in its log, with its number."""
    if journal.exists():
        with journal.open("rb") as file:
            for number, page in enumerate(iter(lambda: file.read(PAGE_SIZE), b""), start=1):
                if len(page) == PAGE_SIZE:
                    yield number, page
    if log_of(journal).exists():
        yield from pages_in(log_of(journal).read_bytes())
