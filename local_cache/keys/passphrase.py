"""A passphrase as a way to the key: Argon2id makes a wrapping key, AES-GCM wraps the desk's."""

from __future__ import annotations

import os
import unicodedata

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP
from local_cache.keys.slots import PassphraseSlot

SHORTEST = 14
_PASSES, _MEMORY_KIB, _LANES = 3, 64 * 1024, 4  # RFC 9106, second recommended option
_MOST_MEMORY_KIB, _MOST_PASSES = 1024 * 1024, 16
_KEY_BYTES, _SALT_BYTES, _NONCE_BYTES = 32, 16, 12


class ShortPassphraseError(DeskError):
    """Too short to protect anything."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The passphrase needs at least {shortest} characters. Nothing was written. Choose another."
    )


class WrongPassphraseError(DeskError):
    """Not the passphrase of this desk."""

    text = QT_TRANSLATE_NOOP("errors", "That is not this desk's passphrase. Nothing was changed. Try again.")


def wrap(key: bytes, passphrase: str) -> PassphraseSlot:
    """Wrap the key. Raises ShortPassphraseError."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - not before the first paint

    if len(passphrase) < SHORTEST:
        raise ShortPassphraseError(shortest=str(SHORTEST))
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    slot = PassphraseSlot(salt.hex(), _PASSES, _MEMORY_KIB, _LANES, nonce.hex(), "")
    box = AESGCM(_wrapping_key(slot, passphrase)).encrypt(nonce, key, None)
    return PassphraseSlot(salt.hex(), _PASSES, _MEMORY_KIB, _LANES, nonce.hex(), box.hex())


def unwrap(slot: PassphraseSlot, passphrase: str) -> bytes:
    """The key. Raises WrongPassphraseError."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        wrapping = AESGCM(_wrapping_key(slot, passphrase))
        return wrapping.decrypt(bytes.fromhex(slot.nonce), bytes.fromhex(slot.box), None)
    except (InvalidTag, ValueError) as error:
        raise WrongPassphraseError from error


def _wrapping_key(slot: PassphraseSlot, passphrase: str) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415

    if slot.memory_kib > _MOST_MEMORY_KIB or slot.passes > _MOST_PASSES:
        raise ValueError("a slots file that asks for absurd work is damaged")
    return hash_secret_raw(
        unicodedata.normalize("NFC", passphrase).encode(), bytes.fromhex(slot.salt), slot.passes, slot.memory_kib,
        slot.lanes, _KEY_BYTES, Type.ID,
    )  # fmt: skip
