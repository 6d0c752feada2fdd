"""A passphrase as a way to the key: Argon2id makes a wrapping key, AES-GCM wraps the desk's."""

from __future__ import annotations

import os
import unicodedata

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP
from local_cache.keys.slots import NONCE_BYTES, SALT_BYTES, PassphraseSlot

SHORTEST = 14
_PASSES, _MEMORY_KIB, _LANES = 3, 64 * 1024, 4  # RFC 9106, second recommended option
_KEY_BYTES = 32


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

    if len(unicodedata.normalize("NFC", passphrase)) < SHORTEST:
        raise ShortPassphraseError(shortest=str(SHORTEST))
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    slot = PassphraseSlot(salt.hex(), _PASSES, _MEMORY_KIB, _LANES, nonce.hex(), "")
    box = AESGCM(_wrapping_key(slot, passphrase)).encrypt(nonce, key, None)
    return PassphraseSlot(salt.hex(), _PASSES, _MEMORY_KIB, _LANES, nonce.hex(), box.hex())


def unwrap(slot: PassphraseSlot, passphrase: str) -> bytes:
    """The key. Raises WrongPassphraseError."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    wrapping = AESGCM(_wrapping_key(slot, passphrase))
    try:
        return wrapping.decrypt(bytes.fromhex(slot.nonce), bytes.fromhex(slot.box), None)
    except InvalidTag as error:
        raise WrongPassphraseError from error


def _wrapping_key(slot: PassphraseSlot, passphrase: str) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415

    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    salt = bytes.fromhex(slot.salt)
    return hash_secret_raw(typed, salt, slot.passes, slot.memory_kib, slot.lanes, _KEY_BYTES, Type.ID)
