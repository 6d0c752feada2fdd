"""One key a desk: had through its slot, never made twice, never downgraded, never replaced over existing data."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import InitError

from app.core.errors import StorageFullError
from local_cache.keys import system_keyring
from local_cache.keys.keeper import KeyKeeper, KeyLostError, Missing, OtherProfileError
from local_cache.keys.passphrase import ShortPassphraseError, WrongPassphraseError
from local_cache.keys.slots import SlotsDamagedError
from local_cache.keys.system_keyring import KeyringChangedError, KeyringLockedError
from local_cache.profile import Profile
from tests.cache.desk_files import DeskFiles

PASSPHRASE = "correct horse battery"
DEMONSTRATION = bytes(32)
NONE = keyring.core.load_keyring("keyring.backends.fail.Keyring")


class SafeKeyring(KeyringBackend):
    """A keyring that passes for one of the trusted kind."""

    priority = -1.0  # only where a test asks for it
    held: dict[tuple[str, str], str]

    def __init__(self, trouble: Exception | None = None) -> None:
        self.held = {}
        self._trouble = trouble

    def get_password(self, service: str, username: str) -> str | None:
        if self._trouble:
            raise self._trouble
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self._trouble:
            raise self._trouble
        self.held[service, username] = password


class AnotherKeyring(SafeKeyring):
    """Trusted as well, but not the one that was recorded."""


@pytest.fixture(autouse=True)
def keyring_in_force() -> Iterator[None]:
    """No keyring, unless the test sets one."""
    before = keyring.get_keyring()
    keyring.set_keyring(NONE)
    yield
    keyring.set_keyring(before)


@pytest.fixture
def safe(monkeypatch: pytest.MonkeyPatch) -> SafeKeyring:
    """A trusted keyring in force."""
    monkeypatch.setattr(system_keyring, "_TRUSTED", (__name__,))
    backend = SafeKeyring()
    keyring.set_keyring(backend)
    return backend


def keeper(profile: Profile, demonstration: bytes | None = None) -> KeyKeeper:
    return KeyKeeper(profile, demonstration)


def make_data(profile: Profile, key: bytes) -> None:
    DeskFiles(profile, key).close()


def test_without_a_keyring_a_passphrase_is_asked_for_and_nothing_is_written(profile: Profile) -> None:
    assert keeper(profile).find() is Missing.PASSPHRASE_TO_CHOOSE
    assert list(profile.folder.iterdir()) == []


def test_the_passphrase_makes_the_key_once_and_opens_it_ever_after(profile: Profile) -> None:
    key = keeper(profile).unlock(PASSPHRASE)
    make_data(profile, key)
    assert keeper(profile).find() is Missing.PASSPHRASE_NEEDED
    assert keeper(profile).unlock(PASSPHRASE) == key
    assert keeper(profile).describe() == "passphrase"


def test_a_wrong_passphrase_opens_nothing_and_changes_nothing(profile: Profile) -> None:
    keeper(profile).unlock(PASSPHRASE)
    before = profile.slots.read_bytes()
    for wrong in ("", PASSPHRASE.upper(), PASSPHRASE + " ", "\ud800"):
        with pytest.raises(WrongPassphraseError):
            keeper(profile).unlock(wrong)
    assert profile.slots.read_bytes() == before


def test_a_passphrase_is_the_same_however_its_accents_were_typed(profile: Profile) -> None:
    composed = unicodedata.normalize("NFC", "Äpfel für Zoë, ça va")
    key = keeper(profile).unlock(composed)
    assert keeper(profile).unlock(unicodedata.normalize("NFD", composed)) == key


@pytest.mark.parametrize("short", ["", "thirteen char", unicodedata.normalize("NFD", "äöüäöüäöü")])
def test_a_short_passphrase_is_refused_and_nothing_is_written(profile: Profile, short: str) -> None:
    with pytest.raises(ShortPassphraseError):
        keeper(profile).unlock(short)
    assert list(profile.folder.iterdir()) == []


def test_a_keyring_takes_the_first_key_and_gives_it_back(profile: Profile, safe: SafeKeyring) -> None:
    key = keeper(profile).find()
    assert isinstance(key, bytes)
    make_data(profile, key)
    assert keeper(profile).find() == key
    assert list(safe.held.values()) == [key.hex()]
    assert key.hex() not in profile.slots.read_text()
    assert keeper(profile).describe().startswith("keyring (")


def test_a_key_lost_from_the_keyring_is_never_replaced(profile: Profile, safe: SafeKeyring) -> None:
    key = keeper(profile).find()
    assert isinstance(key, bytes)
    make_data(profile, key)
    before = {path.name: path.read_bytes() for path in profile.folder.iterdir()}
    (entry,) = safe.held
    for lost in ({}, {entry: "not hex"}, {entry: bytes(32).hex()}, {entry: "00"}):
        safe.held = lost
        assert keeper(profile).find() is Missing.KEY_LOST
        with pytest.raises(KeyLostError):
            keeper(profile).unlock(PASSPHRASE)
    assert {path.name: path.read_bytes() for path in profile.folder.iterdir()} == before


def test_another_or_no_keyring_than_the_recorded_one_is_no_way_in(profile: Profile, safe: SafeKeyring) -> None:
    keeper(profile).find()
    for other in (NONE, AnotherKeyring()):
        keyring.set_keyring(other)
        with pytest.raises(KeyringChangedError):
            keeper(profile).find()


@pytest.mark.usefixtures("safe")
@pytest.mark.parametrize("trouble", [InitError("locked"), OSError("the bus is gone"), RuntimeError("dismissed")])
def test_a_keyring_that_does_not_answer_is_no_reason_for_a_passphrase(profile: Profile, trouble: Exception) -> None:
    keyring.set_keyring(SafeKeyring(trouble))
    with pytest.raises(KeyringLockedError):
        keeper(profile).find()
    assert list(profile.folder.iterdir()) == []


def test_a_keyring_that_may_write_plain_files_is_not_used(profile: Profile) -> None:
    plain = SafeKeyring()  # not from a trusted module this time
    keyring.set_keyring(plain)
    assert keeper(profile).find() is Missing.PASSPHRASE_TO_CHOOSE
    assert plain.held == {}


@pytest.mark.parametrize("name", ["journal.db", "mirror-3.db", "journal-damaged-20260101-000000.db"])
def test_data_without_slots_never_gets_a_new_key(profile: Profile, safe: SafeKeyring, name: str) -> None:
    (profile.folder / name).write_bytes(b"\x55" * 4096)
    assert keeper(profile, DEMONSTRATION).find() is Missing.KEY_LOST
    with pytest.raises(KeyLostError):
        keeper(profile).unlock(PASSPHRASE)
    assert safe.held == {}
    assert not profile.slots.exists()


def test_a_demonstration_profile_opens_with_its_key_only(profile: Profile) -> None:
    assert keeper(profile, DEMONSTRATION).find() == DEMONSTRATION
    assert keeper(profile, DEMONSTRATION).find() == DEMONSTRATION
    assert keeper(profile, b"\x01" * 32).find() is Missing.KEY_LOST
    with pytest.raises(OtherProfileError):
        keeper(profile).find()
    assert keeper(profile).describe() == "demonstration (from script/run)"


def test_a_demonstration_never_opens_on_a_real_desks_data(profile: Profile) -> None:
    keeper(profile).unlock("correct horse battery")
    with pytest.raises(OtherProfileError):
        keeper(profile, DEMONSTRATION).find()


def damaged_slots(good: dict[str, Any]) -> list[str]:
    slot = good["passphrase"]
    broken: list[Any] = [
        {**good, "check": 5}, {**good, "check": "ab"}, {**good, "check": "zz" * 32},
        {**good, "passphrase": {**slot, "passes": "3"}}, {**good, "passphrase": {**slot, "memory_kib": 2**40}},
        {**good, "passphrase": {**slot, "lanes": 0}}, {**good, "passphrase": {**slot, "passes": 10**9}},
        {**good, "passphrase": {**slot, "salt": "ab"}}, {**good, "passphrase": {**slot, "box": slot["box"][:-2]}},
        {**good, "passphrase": []}, {**good, "keyring": {"backend": 1, "entry": "x"}}, {"check": good["check"]},
        [], "text", None, 5,
    ]  # fmt: skip
    whole = json.dumps(good)
    return [*map(json.dumps, broken), "", whole[:-1], whole[: len(whole) // 2], "\ud83d", "[" * 100_000]


def test_a_damaged_slots_file_is_said_to_be_damaged_and_left_alone(profile: Profile) -> None:
    keeper(profile).unlock(PASSPHRASE)
    for content in damaged_slots(json.loads(profile.slots.read_text())):
        profile.slots.write_bytes(content.encode("utf-8", "surrogatepass"))
        with pytest.raises(SlotsDamagedError):
            keeper(profile).find()
        with pytest.raises(SlotsDamagedError):
            keeper(profile).unlock(PASSPHRASE)
        assert profile.slots.read_bytes() == content.encode("utf-8", "surrogatepass")


def test_slots_that_do_not_fit_on_the_disk_leave_nothing_half_written(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_room)
        with pytest.raises(StorageFullError):
            keeper(profile).unlock(PASSPHRASE)
    assert list(profile.folder.iterdir()) == []
    assert keeper(profile).unlock(PASSPHRASE)


def test_only_the_owner_may_look_into_the_folder(tmp_path: Path) -> None:
    made = Profile(tmp_path / "a" / "desk")
    made.prepare()
    assert made.folder.stat().st_mode & 0o777 == 0o700
