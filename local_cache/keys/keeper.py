"""Finds the key of a profile, or makes the first one. Any slot opens; sign-in never does."""

from __future__ import annotations

import os
import secrets
from enum import StrEnum

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP
from local_cache.keys import passphrase as passphrases
from local_cache.keys import system_keyring
from local_cache.keys.slots import Slots, check_value, read_slots, write_slots
from local_cache.profile import Profile

_KEY_BYTES = 32


class Missing(StrEnum):
    """Why there is no key without asking somebody."""

    PASSPHRASE_TO_CHOOSE = "passphrase-to-choose"  # noqa: S105
    PASSPHRASE_NEEDED = "passphrase-needed"  # noqa: S105
    KEY_LOST = "key-lost"


class KeyLostError(DeskError):
    """Data without its key: it is kept as it is."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The key of this desk's data is gone. Nothing was deleted or overwritten. Call IT."
    )


class OtherProfileError(DeskError):
    """A demonstration was to be opened on a real desk's data, or the other way round: neither is touched."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "This profile belongs to another kind of desk: a demonstration and a real desk never share one. "
        "Nothing was changed. Start with the --server it was made for, or with another --profile.",
    )


class KeyKeeper:
    """The way to one profile's key. `demonstration_key` is given by `script/run` for the demonstration profile only."""

    def __init__(self, profile: Profile, demonstration_key: bytes | None) -> None:
        self._profile = profile
        self._demonstration_key = demonstration_key

    def find(self) -> bytes | Missing:
        """The key without asking anybody, making and storing the first one where a keyring takes it."""
        slots = read_slots(self._profile.slots)
        if slots is None:
            return self._first_key()
        if slots.demonstration != (self._demonstration_key is not None):
            raise OtherProfileError
        if slots.demonstration:
            return self._fitting(slots, self._demonstration_key)
        if slots.passphrase is not None:
            return Missing.PASSPHRASE_NEEDED
        return self._fitting(slots, system_keyring.fetch(slots.keyring)) if slots.keyring else Missing.KEY_LOST

    def unlock(self, passphrase: str) -> bytes:
        """The key behind the passphrase; the first passphrase given to an empty profile makes the key."""
        slots = read_slots(self._profile.slots)
        if slots is None:
            self._refuse_new_key_over_data()
            key = os.urandom(_KEY_BYTES)
            write_slots(self._profile.slots, Slots(check_value(key), passphrase=passphrases.wrap(key, passphrase)))
            return key
        if slots.passphrase is None:
            raise KeyLostError
        key = passphrases.unwrap(slots.passphrase, passphrase)
        if not slots.fits(key):
            raise passphrases.WrongPassphraseError
        return key

    def describe(self) -> str:
        """Where the key comes from, for `--doctor`."""
        slots = read_slots(self._profile.slots)
        if slots is None:
            return "none yet"
        if slots.demonstration:
            return "demonstration (from script/run)"
        return f"keyring ({slots.keyring.backend})" if slots.keyring else "passphrase"

    def _first_key(self) -> bytes | Missing:
        if self._profile.holds_data():
            return Missing.KEY_LOST
        if self._demonstration_key is not None:
            write_slots(self._profile.slots, Slots(check_value(self._demonstration_key), demonstration=True))
            return self._demonstration_key
        key = os.urandom(_KEY_BYTES)
        slot = system_keyring.store(f"desk-{secrets.token_hex(8)}", key)
        if slot is None:
            return Missing.PASSPHRASE_TO_CHOOSE
        write_slots(self._profile.slots, Slots(check_value(key), keyring=slot))
        return key

    def _refuse_new_key_over_data(self) -> None:
        if self._profile.holds_data():
            raise KeyLostError

    @staticmethod
    def _fitting(slots: Slots, key: bytes | None) -> bytes | Missing:
        return key if key is not None and slots.fits(key) else Missing.KEY_LOST
