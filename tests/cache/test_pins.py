"""Without a line, a desk PIN lets in whom head office has let in before, and nobody who guesses."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import argon2
import pytest
from sqlalchemy import select

from app.core.clock import to_wire
from app.core.errors import BackOfficeAnswerError
from app.session.model import OfflineGrantEndedError, PinRemovedError, TooManyTriesError, WrongPinError
from app.sync.model import Confirmed
from app.sync.ports import Grant
from local_cache.journal_schema import LAST_USER, audit
from local_cache.outbox_store import JournalOutbox
from local_cache.pins import FREE_TRIES, MOST_TRIES, DeskClerks
from tests.cache.desk_files import DeskFiles
from tests.cache.records import filing, ticket
from tests.fakes.clock import NOON, FakeClock

PIN = "918273"


@pytest.fixture
def clock(desk: DeskFiles) -> FakeClock:
    """The desk's clock."""
    assert isinstance(desk.clock, FakeClock)
    return desk.clock


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that take no time worth mentioning: how long a guess takes is not what is tested here."""
    monkeypatch.setattr(argon2, "PasswordHasher", partial(argon2.PasswordHasher, 1, 8, 1))


@pytest.fixture
def clerks(desk: DeskFiles) -> DeskClerks:
    """A desk that knows one clerk, who has a PIN."""
    known = DeskClerks(desk.journal, desk.clock)
    known.signed_in(answer())
    known.set_pin("mei", PIN)
    return known


def answer(number: int = 1, **user: object) -> dict[str, object]:
    """What head office answers to a sign-in."""
    person = {"id": "mei", "name": "Mei", "role": "clerk", **user}
    return {"user": person, "token": f"token-{number}", "offlineUntil": to_wire(NOON + timedelta(days=7))}


def acts_in(desk: DeskFiles) -> list[str]:
    """What the audit chain says was done, oldest first."""
    with desk.journal.reading() as connection:
        return list(connection.execute(select(audit.c.act).order_by(audit.c.sequence)).scalars())


def killed(*_: object) -> bool:
    """Stands where the PIN is compared, in a process that is killed there."""
    raise KeyboardInterrupt


def test_the_right_pin_lets_in_until_the_grant_ends(clerks: DeskClerks, clock: FakeClock) -> None:
    clerk = clerks.check("mei", PIN)
    assert (clerk.name, clerk.role, clerk.has_pin) == ("Mei", "clerk", True)
    clock.move(timedelta(days=7))
    with pytest.raises(OfflineGrantEndedError):
        clerks.check("mei", PIN)


def test_a_wrong_pin_an_unknown_person_and_one_without_a_pin_are_told_the_same(clerks: DeskClerks) -> None:
    clerks.signed_in(answer(id="li"))
    for user, pin in (("mei", "000000"), ("mei", ""), ("nobody", PIN), ("li", PIN), ("li", "")):
        with pytest.raises(WrongPinError):
            clerks.check(user, pin)


def test_guessing_takes_longer_each_time_and_a_right_pin_ends_that(clerks: DeskClerks, clock: FakeClock) -> None:
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongPinError):
            clerks.check("mei", "000000")
    for seconds in (5, 10, 20):
        with pytest.raises(TooManyTriesError):
            clerks.check("mei", PIN)
        clock.move(timedelta(seconds=seconds))
        with pytest.raises(WrongPinError):
            clerks.check("mei", "000000")
    clock.move(timedelta(seconds=40))
    assert clerks.check("mei", PIN).id == "mei"
    with pytest.raises(WrongPinError):
        clerks.check("mei", "000000")


def test_ten_wrong_pins_in_a_row_remove_it_whatever_the_clock_says(
    clerks: DeskClerks, clock: FakeClock, desk: DeskFiles
) -> None:
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(WrongPinError):
            clerks.check("mei", "000000")
        clock.move(timedelta(days=1))
    with pytest.raises(PinRemovedError) as told:
        clerks.check("mei", "000000")
    assert f" {MOST_TRIES} times" in str(told.value)
    assert acts_in(desk)[-2:] == ["tried a desk PIN", "lost the desk PIN"]
    with pytest.raises(WrongPinError):
        clerks.check("mei", PIN)
    clock.put(-timedelta(days=9))
    assert not clerks.signed_in(answer(2)).has_pin
    clerks.set_pin("mei", PIN)
    assert clerks.check("mei", PIN).id == "mei"
    assert desk.broken_at() is None


def test_kills_do_not_make_more_tries_of_ten(
    clerks: DeskClerks, clock: FakeClock, desk: DeskFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(MOST_TRIES):
        with monkeypatch.context() as patch:
            patch.setattr("local_cache.pins._fits", killed)
            with pytest.raises(KeyboardInterrupt):
                clerks.check("mei", "000000")
        clock.move(timedelta(days=1))
    with pytest.raises(PinRemovedError):
        clerks.check("mei", PIN)
    assert acts_in(desk)[-1] == "lost the desk PIN"


def test_the_tenth_try_lets_in_with_the_right_pin(clerks: DeskClerks, clock: FakeClock) -> None:
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(WrongPinError):
            clerks.check("mei", "000000")
        clock.move(timedelta(hours=1))
    assert clerks.check("mei", PIN).id == "mei"


@pytest.mark.parametrize("way", ["password", "new PIN"])
def test_signing_in_with_the_line_ends_the_count_too(clerks: DeskClerks, clock: FakeClock, way: str) -> None:
    for _ in range(2):
        for _ in range(MOST_TRIES - 1):
            with pytest.raises(WrongPinError):
                clerks.check("mei", "000000")
            clock.move(timedelta(hours=1))
        if way == "password":
            clerks.signed_in(answer(2))
        else:
            clerks.set_pin("mei", PIN)
    assert clerks.check("mei", PIN).id == "mei"


def test_a_right_pin_ends_the_count(clerks: DeskClerks, clock: FakeClock) -> None:
    for _ in range(3):
        for _ in range(MOST_TRIES - 1):
            with pytest.raises(WrongPinError):
                clerks.check("mei", "000000")
            clock.move(timedelta(hours=1))
        assert clerks.check("mei", PIN).id == "mei"


def test_a_kill_while_a_pin_is_checked_does_not_make_the_try_free(
    clerks: DeskClerks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("local_cache.pins._fits", killed)
        for _ in range(FREE_TRIES):
            with pytest.raises(KeyboardInterrupt):
                clerks.check("mei", "000000")
    with pytest.raises(TooManyTriesError):
        clerks.check("mei", PIN)


def test_a_new_grant_keeps_the_pin_and_is_the_one_to_read_with(
    clerks: DeskClerks, desk: DeskFiles, clock: FakeClock
) -> None:
    clock.move(timedelta(minutes=1))
    assert clerks.signed_in(answer(2)).has_pin
    grant = desk.outbox.grant_of("mei")
    assert grant is not None
    assert grant.token == "token-2"
    assert desk.outbox.latest_grant() == grant
    assert desk.outbox.grant_of("nobody") is None
    assert desk.journal.meta(LAST_USER) == "mei"
    assert clerks.find("nobody") is None
    assert desk.broken_at() is None


@pytest.mark.parametrize(
    "bad",
    [
        {}, {"user": "mei"}, {**answer(), "offlineUntil": 5}, {**answer(), "offlineUntil": "soon"}, answer(id=""),
        {**answer(), "token": ""}, {**answer(), "user": None}, {**answer(), "token": ["x"]},
    ],
)  # fmt: skip
def test_a_sign_in_answer_that_makes_no_sense_is_refused(desk: DeskFiles, bad: dict[str, object]) -> None:
    with pytest.raises(BackOfficeAnswerError):
        DeskClerks(desk.journal, desk.clock).signed_in(bad)
    assert desk.outbox.latest_grant() is None


WORKING_DAY = timedelta(hours=30)  # long ones: each costs a PIN to be compared


def test_a_clock_put_back_every_morning_gives_nobody_more_days_without_the_line(
    desk: DeskFiles, clerks: DeskClerks, clock: FakeClock
) -> None:
    days = 0
    while days < 30:
        today = DeskClerks(desk.journal, clock)  # the desk was off for the night
        try:
            today.check("mei", PIN)
        except OfflineGrantEndedError:
            break
        clock.move(WORKING_DAY)
        today.keep_time()
        clock.put(-WORKING_DAY)
        days += 1
    assert days == 7 * 24 // 30 + 1


def test_what_was_done_says_how_late_it_is_whatever_the_clock_says(
    desk: DeskFiles, clerks: DeskClerks, clock: FakeClock
) -> None:
    clock.move(timedelta(days=7))
    desk.confirm(recorded(desk), Confirmed("T1", 1, ticket("T1")))
    clock.put(-timedelta(days=7))
    with pytest.raises(OfflineGrantEndedError):
        DeskClerks(desk.journal, clock).check("mei", PIN)


def test_a_clock_that_ran_ahead_does_no_harm_after_a_sign_in_with_the_line(
    desk: DeskFiles, clerks: DeskClerks, clock: FakeClock
) -> None:
    clock.put(timedelta(days=400))
    with pytest.raises(OfflineGrantEndedError):
        clerks.check("mei", PIN)
    clock.put(-timedelta(days=400))
    with pytest.raises(OfflineGrantEndedError):
        clerks.check("mei", PIN)
    DeskClerks(desk.sync_journal, clock).signed_in(answer(2))
    assert clerks.check("mei", PIN).id == "mei"


def test_the_grant_to_read_with_is_that_of_whoever_signed_in_last_also_after_the_clock_was_put_back(
    desk: DeskFiles, clerks: DeskClerks, clock: FakeClock
) -> None:
    clock.put(-timedelta(hours=2))
    clerks.signed_in(answer(2, id="li"))
    assert JournalOutbox(desk.journal, clock).latest_grant() == Grant("li", "token-2")


def recorded(desk: DeskFiles) -> str:
    """An act's id."""
    act = filing()
    desk.record(act)
    return act.id
