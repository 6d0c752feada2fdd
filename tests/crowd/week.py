"""A week at a desk whose line is cut: every day somebody signs in by desk PIN and works."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.core.clock import SystemClock, to_wire
from app.session.model import OfflineGrantEndedError
from local_cache.command_log import JournalLog
from local_cache.journal import Journal
from local_cache.mirror_store import POINTER
from local_cache.pins import DeskClerks
from local_cache.profile import Profile
from local_cache.reader import Reader
from tests.contract.desks import KEY
from tests.crowd.acts import CROWD_REDUCERS, Plan, Planned
from tests.crowd.grounds import CHANGED, changed, kept
from tests.crowd.records import Done, user_of

AWAY, GRANTED = timedelta(days=7), timedelta(days=8)
PIN: Final = "918273"
_TAG = """
SELECT '"' || json_extract(m.value, '$.epoch') || '-' || t.revision || '"' FROM main."troubleTicket" t, main.meta m
WHERE m.name = 'state' AND t.id = ?
"""


class WeekAgo(SystemClock):
    """The machine's clock as it was a week ago, until `passed` says that more of that week is over."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def now(self) -> datetime:
        """What this desk takes for now."""
        return super().now() - AWAY + self.passed


class Week:
    """One desk with the window's half of it only."""

    def __init__(self, profile: Profile, desk: int, clock: WeekAgo) -> None:
        self._desk = desk
        self._user = user_of(desk)
        self._clock = clock
        self._journal = Journal(profile, KEY, CROWD_REDUCERS, clock)
        self._reader = Reader(profile, KEY, lambda: int(self._journal.meta(POINTER, "0")), lambda: None)
        self._log = JournalLog(self._journal, self._reader, lambda _: None)
        self._clerks = DeskClerks(self._journal, clock)
        self._done: list[Done] = []

    def close(self) -> None:
        """Close the files."""
        self._log.close()
        self._reader.close()
        self._journal.close()

    async def work(self, plan: Plan, acts: int) -> list[Done]:
        """Do so many acts in seven days, signed in by desk PIN. Raises DeskError where that should go and does not."""
        self._clerks.set_pin(self._user, PIN)
        tags = {ticket: await self._tag(ticket) for number in range(CHANGED) for ticket in self._exact(number)}
        first = plan.first(self._clock.now(), tags)
        for one in first[:acts]:
            await self._record(one)
        for number in range(acts - len(first)):
            self._clock.passed = AWAY * (number + 1) / (acts - len(first))
            await self._record(plan.next(self._clock.now()))
        self._clerks.check(self._user, PIN)
        self._ask_on_the_ninth_day()
        return self._done

    def _exact(self, number: int) -> tuple[str, str]:
        return changed(self._desk, number), kept(self._desk, number)

    async def _tag(self, ticket: str) -> str:
        return str(await self._reader.run(lambda one: one.exec_driver_sql(_TAG, (ticket,)).scalar_one()))

    async def _record(self, act: Planned) -> None:
        await self._log.record(act.command)
        done = Done(
            self._desk, len(self._done) + 1, act.command.id, act.kind, act.command.collection, act.command.entity_id,
            act.expected.value, act.text,
        )  # fmt: skip
        self._done.append(done)

    def _ask_on_the_ninth_day(self) -> None:
        """The grant was for eight days."""
        week, self._clock.passed = self._clock.passed, GRANTED
        try:
            self._clerks.check(self._user, PIN)
        except OfflineGrantEndedError:
            return
        finally:
            self._clock.passed = week
        raise AssertionError("the grant of eight days lasts longer")


def granted(answer: dict[str, object], now: datetime) -> dict[str, object]:
    """A sign-in answer whose grant is for eight days."""
    return {**answer, "offlineUntil": to_wire(now + GRANTED)}
