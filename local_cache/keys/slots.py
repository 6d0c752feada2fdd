"""The slots file: which ways lead to the key, and a check value that tells a right key from a wrong one."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP
from local_cache.disk import disk_errors, write_durably

T = TypeVar("T")
SALT_BYTES, NONCE_BYTES, BOX_BYTES = 16, 12, 48  # the box is the key with its tag
_CHECK_BYTES = 32
_MOST_PASSES, _MOST_LANES, _MOST_MEMORY_KIB = 16, 16, 1024 * 1024


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
            check=_hex(held, "check", _CHECK_BYTES),
            keyring=None if held["keyring"] is None else _keyring(held["keyring"]),
            passphrase=None if held["passphrase"] is None else _passphrase(held["passphrase"]),
            demonstration=held["demonstration"] is True,
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        raise SlotsDamagedError from error


def write_slots(path: Path, slots: Slots) -> None:
    """Write durably and all at once. Raises StorageError or StorageFullError."""
    with disk_errors():
        write_durably(path, json.dumps(asdict(slots), indent=1).encode())


def _keyring(held: Mapping[str, Any]) -> KeyringSlot:
    return KeyringSlot(_typed(held, "backend", str), _typed(held, "entry", str))


def _passphrase(held: Mapping[str, Any]) -> PassphraseSlot:
    passes, memory, lanes = (_typed(held, name, int) for name in ("passes", "memory_kib", "lanes"))
    if not (1 <= passes <= _MOST_PASSES and 1 <= lanes <= _MOST_LANES and 8 * lanes <= memory <= _MOST_MEMORY_KIB):
        raise ValueError("asks for absurd work")
    return PassphraseSlot(
        _hex(held, "salt", SALT_BYTES), passes, memory, lanes, _hex(held, "nonce", NONCE_BYTES), _hex(held, "box", BOX_BYTES)
    )  # fmt: skip


def _hex(held: Mapping[str, Any], name: str, length: int) -> str:
    value = _typed(held, name, str)
    if len(bytes.fromhex(value)) != length:
        raise ValueError(name)
    return value


def _typed(held: Mapping[str, Any], name: str, kind: type[T]) -> T:
    value = held[name]
    if not isinstance(value, kind):
        raise TypeError(name)
    return value
