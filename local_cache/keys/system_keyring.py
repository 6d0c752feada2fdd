"""The system's keyring: Secret Service, KWallet, Windows Credential Manager. Nothing that writes plain files."""

from __future__ import annotations

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP
from local_cache.keys.slots import KeyringSlot

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


def backend_name() -> str:
    """The trusted backend in force, or empty where there is none."""
    import keyring  # noqa: PLC0415 - 110 ms that must not stand before the first paint
    from keyring.backends import chainer  # noqa: PLC0415

    backend = keyring.get_keyring()
    candidates = backend.backends if isinstance(backend, chainer.ChainerBackend) else [backend]
    names = (f"{type(one).__module__}.{type(one).__qualname__}" for one in candidates)
    return next((name for name in names if name.startswith(_TRUSTED)), "")


def store(entry: str, key: bytes) -> KeyringSlot | None:
    """Put the key into the keyring and read it back; None where there is no trusted keyring."""
    import keyring  # noqa: PLC0415
    import keyring.errors  # noqa: PLC0415

    backend = backend_name()
    if not backend:
        return None
    try:
        keyring.set_password(SERVICE, entry, key.hex())
        if keyring.get_password(SERVICE, entry) != key.hex():
            return None
    except keyring.errors.KeyringError as error:
        raise KeyringLockedError from error
    return KeyringSlot(backend, entry)


def fetch(slot: KeyringSlot) -> bytes | None:
    """The key, or None where the keyring does not hold it any more."""
    import keyring  # noqa: PLC0415
    import keyring.errors  # noqa: PLC0415

    if backend_name() != slot.backend:
        raise KeyringChangedError(backend=slot.backend)
    try:
        held = keyring.get_password(SERVICE, slot.entry)
    except keyring.errors.KeyringError as error:
        raise KeyringLockedError from error
    return bytes.fromhex(held) if held else None
