"""No name, number, text, token or PIN stands in any file of the profile, and nothing is ever written plain."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.core.clock import to_wire
from app.core.commands import Command, There
from app.session.model import MIN_PIN_DIGITS
from app.sync.model import CommandState, Confirmed
from app.sync.outbox import Transition
from local_cache import cipher
from local_cache.cipher import NotEncryptedError
from local_cache.journal_schema import command
from local_cache.pins import DeskClerks
from local_cache.profile import Profile
from tests.cache.desk_files import KEY, DeskFiles
from tests.cache.records import change, customer, draft_for, filing, individual, ticket
from tests.fakes.acts import setting

NAME, HAN, NUMBER, DOCUMENT = "Canarina Vogelsang", "金丝雀甲乙", "13877665544", "39010119770707777X"
TEXT, TOKEN, PIN, REASON = "the canary sang at noon", "canary-token-9f8e7d6c5b4a", "918273", "canary refused"
PUK = "83920174"
CANARIES = [PUK, NAME, HAN, NUMBER, DOCUMENT, TEXT, TOKEN, REASON, KEY.hex()]
Row = dict[str, Any]


def use(desk: DeskFiles) -> None:
    """Fill every file with canaries, by every way in which something is written."""
    desk.build([change("customer", 1, customer("C1", f"{NAME} {HAN}", [NUMBER], "P1"))])
    desk.feed(change("individual", 2, individual("P1", DOCUMENT)))
    clerks = DeskClerks(desk.journal, desk.clock)
    person = {"id": "mei", "name": NAME, "role": "clerk"}
    clerks.signed_in({"user": person, "token": TOKEN, "offlineUntil": to_wire(desk.clock.now())})
    clerks.set_pin("mei", PIN)
    for number in range(5):
        act = filing(f"{TEXT} {number}")
        desk.record(act)
        desk.confirm(act.id, Confirmed(f"T{number}", number + 3, ticket(f"T{number}", notes=[TEXT, HAN])))
    refused = filing(TEXT)
    desk.record(refused)
    desk.mark(refused.id, CommandState.REFUSED, reason=REASON)
    differ(desk)
    begun = filing()
    desk.keep(draft_for(begun, TEXT))
    desk.keep(replace(draft_for(begun, f"{TEXT} {HAN}"), customer_name=NAME))
    desk.tickets()


def differ(desk: DeskFiles) -> Command:
    """An act is compared with a record that holds, at an office that shows too much, a canary."""
    told = {**ticket("T0"), "description": PUK}
    act = replace(setting(9, "T0", told, '"e1-3"', status="held"), id="differing")
    desk.record(act)
    desk.outbox.mark(Transition(act.id, CommandState.CONFLICT, there=There(told, 9, "e1")))
    return act


def spellings(canary: str) -> set[bytes]:
    """The canary in every spelling a file might hold it in."""
    texts = {canary, canary.casefold(), json.dumps(canary)[1:-1]}
    return {text.encode(code) for text in texts for code in ("utf-8", "utf-16-le", "utf-16-be")}


def assert_nothing_is_plain(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    for path in files:
        content = path.read_bytes()
        assert not content.startswith(b"SQLite format 3"), path.name
        for canary in CANARIES:
            assert not [one for one in spellings(canary) if one in content], f"{canary} in {path.name}"


def test_no_file_of_a_used_desk_holds_a_canary_open_closed_or_salvaged(desk: DeskFiles, profile: Profile) -> None:
    use(desk)
    assert (profile.folder / "journal.db-wal").exists()
    assert_nothing_is_plain(profile.folder)
    desk.close()
    assert_nothing_is_plain(profile.folder)
    with profile.journal.open("rb+") as file:
        file.write(b"\x55" * 64)
    desk.open()
    assert desk.salvaged is not None
    assert_nothing_is_plain(profile.folder)


@pytest.mark.parametrize("rests", ["set aside", "confirmed"])
def test_what_an_act_was_compared_with_goes_as_the_act_comes_to_rest(desk: DeskFiles, rests: str) -> None:
    desk.build([change("troubleTicket", 3, ticket("T0"))])
    act = differ(desk)
    assert PUK in told_of(desk, act)
    if rests == "confirmed":
        desk.confirm(act.id, Confirmed("T0", 10, ticket("T0")))
    else:
        desk.set_aside(act.id)
    assert PUK not in told_of(desk, act)


def told_of(desk: DeskFiles, act: Command) -> str:
    """All that the journal holds of an act."""
    with desk.journal.reading() as connection:
        return str(connection.execute(select(command).where(command.c.id == act.id)).one())


def test_the_pin_is_kept_as_a_hash_only_even_inside(desk: DeskFiles) -> None:
    use(desk)
    with desk.journal.reading() as connection:
        held = connection.exec_driver_sql("SELECT pin_hash FROM clerk").scalar_one()
    assert len(PIN) >= MIN_PIN_DIGITS
    assert held.startswith("$argon2id$")
    assert PIN not in held


def plain_file(path: Path) -> bytes:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE stranger (words TEXT)")
    connection.commit()
    connection.close()
    return path.read_bytes()


def test_a_plain_journal_is_refused_and_nothing_is_written(profile: Profile) -> None:
    before = plain_file(profile.journal)
    with pytest.raises(NotEncryptedError):
        DeskFiles(profile)
    assert profile.journal.read_bytes() == before
    assert [path.name for path in profile.folder.iterdir()] == ["journal.db"]


def test_a_plain_mirror_is_refused_and_nothing_is_written(desk: DeskFiles, profile: Profile) -> None:
    desk.build([])
    desk.close()
    before = plain_file_instead_of(profile.mirror(1))
    desk.open()
    with pytest.raises(NotEncryptedError):
        desk.mirror.state()
    with pytest.raises(NotEncryptedError):
        desk.ask(lambda one: one.exec_driver_sql("SELECT 1").scalar())
    assert profile.mirror(1).read_bytes() == before


def plain_file_instead_of(path: Path) -> bytes:
    path.unlink()
    return plain_file(path)


def test_a_journal_exchanged_for_a_plain_one_is_not_attached(desk: DeskFiles, profile: Profile) -> None:
    desk.build([])
    desk.close()
    plain_file_instead_of(profile.journal)
    connection = cipher.connect(profile.mirror(1), KEY, full_sync=False)
    with pytest.raises(NotEncryptedError):
        cipher.attach(connection, profile.journal, KEY, "journal")
    connection.close()


def test_a_driver_that_cannot_encrypt_is_refused_before_anything_is_written(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "driver", sqlite3)
    with pytest.raises(NotEncryptedError):
        cipher.connect(profile.journal, KEY, full_sync=True)
    assert not profile.journal.exists() or not profile.journal.stat().st_size


async def test_nothing_of_a_customer_is_in_the_words_of_storage_errors(profile: Profile) -> None:
    desk = DeskFiles(profile)
    desk.journal.close()
    profile.journal.write_bytes(b"\x55" * 8192)
    answers = await asyncio.gather(desk.log.record(filing(TEXT)), return_exceptions=True)
    assert TEXT not in f"{answers[0]!r} {answers[0]}"
    assert isinstance(answers[0], Exception)
    desk.close()
