"""The slots file: which ways lead to the key, and a check value that tells a right key from a wrong one."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP


class SlotsDamagedError(DeskError):
    """The slots file cannot be read; the data behind it is left alone."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The file that leads to the desk's key is damaged. Nothing was deleted. Call IT."
    )


@dataclass(frozen=True, slots=True)
class KeyringSlot:
    """The key lies in the system's keyring under `entry`, kept by that backend."""

    backend: str
    entry: str


@dataclass(frozen=True, slots=True)
class PassphraseSlot:
    """The key wrapped by a passphrase: Argon2id parameters, AES-GCM nonce and box, all hex."""

    salt: str
    passes: int
    memory_kib: int
    lanes: int
    nonce: str
    box: str


@dataclass(frozen=True, slots=True)
class Slots:
    """Everything the file holds; nothing in it is secret."""

    check: str
    keyring: KeyringSlot | None = None
    passphrase: PassphraseSlot | None = None
    demonstration: bool = False

    def fits(self, key: bytes) -> bool:
        """Whether this is the key the desk's files were made with."""
        return hmac.compare_digest(self.check, check_value(key))


def check_value(key: bytes) -> str:
    """A value that recognises the key and tells nothing about it."""
    return hmac.new(key, b"trunkline desk key", hashlib.sha256).hexdigest()


def read_slots(path: Path) -> Slots | None:
    """The slots, or None where there are none yet. Raises SlotsDamagedError."""
    try:
        held = json.loads(path.read_text("utf-8"))
        return Slots(
            check=held["check"],
            keyring=KeyringSlot(**held["keyring"]) if held.get("keyring") else None,
            passphrase=PassphraseSlot(**held["passphrase"]) if held.get("passphrase") else None,
            demonstration=bool(held.get("demonstration")),
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise SlotsDamagedError from error


def write_slots(path: Path, slots: Slots) -> None:
    """Write durably and all at once."""
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(slots), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the renaming survive a power cut, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
