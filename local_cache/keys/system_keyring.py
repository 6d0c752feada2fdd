"""The system's keyring: Secret Service, KWallet, Windows Credential Manager. Nothing that writes plain files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP
from local_cache.keys.slots import KeyringSlot

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Trunkline"
_TRUSTED = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.Windows",
    "keyring.backends.macOS",
)


class KeyringLockedError(DeskError):
    """The keyring is there but does not answer."""

    text = QT_TRANSLATE_NOOP(
        "errors", "This computer's keyring is locked. Nothing was changed. Unlock it, start Trunkline again."
    )


class KeyringChangedError(DeskError):
    """Another backend than the recorded one answers: no silent downgrade."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The keyring that keeps the desk's key ({backend}) is not here. Nothing was changed. Call IT."
    )


def store(entry: str, key: bytes) -> KeyringSlot | None:
    """Put the key into the keyring and read it back; None where there is no trusted keyring."""
    backend = _trusted_backend()
    if backend is None:
        return None
    with _keyring_errors():
        backend.set_password(SERVICE, entry, key.hex())
        if backend.get_password(SERVICE, entry) != key.hex():
            return None
    return KeyringSlot(_name(backend), entry)


def fetch(slot: KeyringSlot) -> bytes | None:
    """The key, or None where the keyring does not hold it any more."""
    backend = _trusted_backend()
    if backend is None or _name(backend) != slot.backend:
        raise KeyringChangedError(backend=slot.backend)
    with _keyring_errors():
        held = backend.get_password(SERVICE, slot.entry)
    try:
        return bytes.fromhex(held) if held else None
    except ValueError:
        return None


def _trusted_backend() -> KeyringBackend | None:
    """The trusted backend in force. It is used by itself: a chain might put the key into another one of its links."""
    import keyring  # noqa: PLC0415 - 110 ms that must not stand before the first paint
    from keyring.backends import chainer  # noqa: PLC0415

    backend = keyring.get_keyring()
    links = backend.backends if isinstance(backend, chainer.ChainerBackend) else [backend]
    return next((one for one in links if _name(one).startswith(_TRUSTED)), None)


def _name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


@contextmanager
def _keyring_errors() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # whatever a backend's own libraries raise, the keyring does not answer
        raise KeyringLockedError from error
