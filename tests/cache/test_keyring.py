"""The key in a real Secret Service."""

from __future__ import annotations

import keyring
import pytest
import secretstorage

from local_cache.keys.keeper import KeyKeeper, Missing
from local_cache.keys.slots import read_slots
from local_cache.keys.system_keyring import SERVICE
from local_cache.profile import Profile
from tests.cache.desk_files import DeskFiles

pytestmark = pytest.mark.keyring


@pytest.fixture(autouse=True)
def secret_service() -> None:
    """Skip where no Secret Service answers; `script/test` starts one."""
    try:
        connection = secretstorage.dbus_init()
    except secretstorage.SecretStorageException as error:
        pytest.skip(f"no session bus: {error}")
    is_there = secretstorage.check_service_availability(connection)
    connection.close()
    if not is_there:
        pytest.skip("no Secret Service on the session bus")


def test_the_key_lies_in_the_secret_service_and_nowhere_else(profile: Profile) -> None:
    key = KeyKeeper(profile, None).find()
    assert isinstance(key, bytes)
    DeskFiles(profile, key).close()
    slots = read_slots(profile.slots)
    assert slots is not None
    assert slots.keyring is not None
    assert slots.keyring.backend == "keyring.backends.SecretService.Keyring"
    backend = keyring.core.load_keyring(slots.keyring.backend)
    assert backend.get_password(SERVICE, slots.keyring.entry) == key.hex()
    for path in profile.folder.iterdir():
        assert key not in path.read_bytes()
        assert key.hex().encode() not in path.read_bytes()
    assert KeyKeeper(profile, None).find() == key


def test_a_key_deleted_from_the_secret_service_is_lost_not_made_anew(profile: Profile) -> None:
    key = KeyKeeper(profile, None).find()
    assert isinstance(key, bytes)
    DeskFiles(profile, key).close()
    slots = read_slots(profile.slots)
    assert slots is not None
    assert slots.keyring is not None
    keyring.delete_password(SERVICE, slots.keyring.entry)
    assert KeyKeeper(profile, None).find() is Missing.KEY_LOST
