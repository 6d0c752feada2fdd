"""One simulation: everything that happens is drawn from its seed."""

from __future__ import annotations

import asyncio
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from app.core.commands import Command, Spend
from app.sync.model import MOVING, NEEDS_A_PERSON
from app.sync.overlay import Seen, tag_of
from app.sync.ports import Grant
from app.sync.puller import SAFETY_PULL_S
from tests.simulation import acts
from tests.simulation.desk import WANTED, Desk
from tests.simulation.life import BrokenError
from tests.simulation.line import FINE, ROUGH, Host
from tests.simulation.loop import SimulatedLoop
from tests.simulation.office import INDEX, SUPERVISORS, TICKET, Books, Done, Office, Person, View
from tests.simulation.watch import Watch

PEOPLE = ("mei", "li", "tom")
TERRITORIES = ("east", "west")
CUSTOMERS = ("C1", "C2", "C3")
DESKS = 3
HAPPENINGS = 120
_LONGEST_END_S = 4 * 3_600.0
_LOOK_S = 5.0


@dataclass
class Result:
    """How a simulation ended: `fault` is empty where every invariant held. `trace` is the same for the same history."""

    seed: int
    fault: str
    steps: int
    trace: int
    happened: Counter[str]
    seconds: float
    log: list[str] = field(default_factory=list)


class World:
    """Desks, a head office, people, and whatever befalls them. `keeps_log`: for a look at one seed."""

    office_kind: type[Office] = Office
    desk_kind: type[Desk] = Desk

    def __init__(self, seed: int, *, keeps_log: bool = False) -> None:
        self.seed = seed
        self.draw = Random(seed)  # noqa: S311 - it has to be the same every time
        self.steps = 0
        self.trace = 0
        self.happened: Counter[str] = Counter()
        self.log: list[str] | None = [] if keeps_log else None
        self._backup: Books | None = None
        self._made = 0
        self._forms: list[tuple[Desk, Command]] = []
        self._fault = ""
        self._epochs = 1
        self._clock = 0.0

    def run(self) -> Result:
        """Simulate, and look whether every invariant held."""
        loop = SimulatedLoop()
        asyncio.set_event_loop(loop)
        self._loop = loop
        try:
            loop.run_until_complete(self._live())
        except BrokenError as error:
            self._fault = self._fault or str(error)
        finally:
            self._fault = self._fault or self._broken
            self._clock = loop.time()
            self._bury(loop)
        return Result(self.seed, self._fault, self.steps, self.trace, self.happened, self._clock, self.log or [])

    # ---- what happens

    async def _live(self) -> None:
        self._broken = ""
        self.office = self.office_kind(self._changed, self._effect)
        self.host = Host(self.office)
        self.watch = Watch(self.office)
        self.desks = [self.make_desk(number) for number in range(DESKS)]
        for customer in CUSTOMERS:
            self.office.put((INDEX, customer), {"id": customer, "note": []}, self.draw.choice(TERRITORIES))
        for _ in range(6):
            self._others_file()
        for desk in self.desks:
            self._sign_in(desk)
            desk.start()
        for _ in range(HAPPENINGS):
            await asyncio.sleep(self.draw.expovariate(1 / self.draw.choice((0.05, 1.0, 20.0))))
            self._stop_if_broken()
            self._happen()
        await self._calm_down()
        self.watch.at_rest(self.desks)

    def make_desk(self, number: int) -> Desk:
        """A desk of the hall; they take turns at the territories, and the last one has there its home."""
        view = View(TERRITORIES[number % len(TERRITORIES)], has_home=number == DESKS - 1)
        return self.desk_kind(
            f"desk-{number + 1}", view, self.host, self.draw, self._step, self._store_called, self._died,
            self._bug,
        )  # fmt: skip

    def _happen(self) -> None:
        name = self.draw.choices(_NAMES, _WEIGHTS)[0]
        self.happened[name] += 1
        self._step(name)
        getattr(self, f"_{name}")()

    def _clerk_acts(self) -> None:
        desk = self.draw.choice(self.desks)
        author = self.draw.choice(PEOPLE[:2] if self.draw.random() < 0.8 else PEOPLE)
        if author not in desk.journal.grants:
            return
        self._made += 1
        name, words = f"{desk.name}/{self._made}", "refuse" if self.draw.random() < 0.06 else "please"
        known = desk.known()
        if not known or self.draw.random() < 0.25:
            customer = self.draw.choice(CUSTOMERS)
            self._record(desk, acts.filed(name, author, customer, words), None)
            return
        entity = self.draw.choice(known)
        if (seen := desk.seen(*entity)) is None:
            return
        customer = seen.body.get("customer", "")
        if self.draw.random() < 0.6:
            self._decide(desk, acts.noted(name, author, entity[1], customer, words), seen)
            return
        fields = self.draw.sample(acts.FIELDS, self.draw.choice((1, 1, 2)))
        form = acts.set_to(name, author, entity[1], customer, words, fields, seen, tag_of(seen, desk.journal.epoch))
        self._forms.append((desk, form))
        if self.draw.random() < 0.7:  # else it stays open while others work
            self._save_form()

    def _save_form(self) -> None:
        desk, form = self._forms.pop(self.draw.randrange(len(self._forms)))
        if (now := desk.seen(form.collection, form.entity_id)) is not None:
            self._decide(desk, form, now)

    def _decide(self, desk: Desk, act: Command, seen: Seen) -> None:
        """Between what the window has read and what it records, another copy may come into use."""
        epoch = desk.journal.epoch
        if self.draw.random() < 0.8:
            self._record(desk, act, seen, epoch)
        else:
            self._loop.call_later(self.draw.choice((0.05, 5.0)), self._record, desk, act, seen, epoch)

    def _record(self, desk: Desk, act: Command, seen: Seen | None, epoch: str = "") -> None:
        if self.draw.random() < 0.5 and (chosen := desk.choice(kind := self.draw.choice(list(WANTED)))):
            act = replace(act, spends=(Spend(kind, chosen.id),))
            self.happened["given_out" if desk.journal.shelf.may_spend(act) else "too_late"] += 1
            if not desk.journal.shelf.may_spend(act):
                return
        self.watch.accept(desk, act)
        desk.record(act, seen, epoch)

    def _somebody_decides(self) -> None:
        desk = self.draw.choice(self.desks)
        waiting = [key for key in desk.journal.open if desk.journal.rows[key].state in NEEDS_A_PERSON]
        if waiting:
            self._rule_on(desk, self.draw.choice(waiting))

    def _rule_on(self, desk: Desk, key: str) -> None:
        there = desk.journal.rows[key].there
        if self.draw.random() < 0.5 or there is None or not desk.journal.send_on_top(key):
            desk.journal.set_aside(key)
        else:
            self.watch.saw(key, there.body)
        if desk.is_alive:
            desk.engine.poke()

    def _somebody_adopts(self) -> None:
        """A supervisor who is signed in stands for what waits for a sign-in."""
        desk, boss = self.draw.choice(self.desks), self.draw.choice(SUPERVISORS)
        if boss not in desk.journal.grants:
            return
        good = {name for name, grant in desk.journal.grants.items() if grant.token in self.office.people}
        held = [key for key in desk.journal.open if desk.journal.rows[key].command.sender not in good]
        if held and desk.journal.adopt(key := self.draw.choice(held), boss):
            self.watch.adopts(key, boss)
            if desk.is_alive:
                desk.engine.poke()

    def _others_file(self) -> None:
        self._made += 1
        body = {"id": f"X{self._made}", "customer": self.draw.choice(CUSTOMERS), "note": []}
        self.office.put((TICKET, f"X{self._made}"), body, self.draw.choice(TERRITORIES))

    def _others_change(self) -> None:
        if living := [(key, one) for key, one in self.office.books.documents.items() if one.body is not None]:
            key, one = self.draw.choice(living)
            self._made += 1
            assert one.body is not None
            name, words = self.draw.choice((*acts.FIELDS, "note")), f"others/{self._made}"
            news: Any = [*one.body["note"], {"by": words, "said": "others"}] if name == "note" else words
            self.office.put(key, {**one.body, name: news}, one.territory)

    def _others_delete(self) -> None:
        if living := [(key, one) for key, one in self.office.books.documents.items() if one.body is not None]:
            key, one = self.draw.choice(living)
            self.office.put(key, None, one.territory)

    def _others_move(self) -> None:
        if living := [(key, one) for key, one in self.office.books.documents.items() if one.body is not None]:
            key, one = self.draw.choice(living)
            self.office.put(key, one.body, self.draw.choice(TERRITORIES))

    def _others_hand_over(self) -> None:
        """A record comes to belong to another customer."""
        if living := [(key, one) for key, one in self.office.books.documents.items() if one.body and key[0] == TICKET]:
            key, one = self.draw.choice(living)
            assert one.body is not None
            self.office.put(key, {**one.body, "customer": self.draw.choice(CUSTOMERS)}, one.territory)

    def _clerk_opens(self) -> None:
        desk = self.desks[-1]
        if desk.is_alive:
            self._loop.create_task(desk.opens(self.draw.choice(CUSTOMERS)))

    def _kill(self) -> None:
        desk = self.draw.choice(self.desks)
        if desk.is_alive:
            desk.life.fuse = self.draw.randint(1, 30)

    def _line_changes(self) -> None:
        desk = self.draw.choice(self.desks)
        desk.is_cut = not desk.is_cut
        self._weather_of(desk)

    def _weather_changes(self) -> None:
        desk = self.draw.choice(self.desks)
        desk.weather = ROUGH if desk.weather is FINE else FINE
        self._weather_of(desk)

    def _weather_of(self, desk: Desk) -> None:
        if desk.is_alive:
            desk.to_line()
        self.host.changed()

    def _office_changes(self) -> None:
        if self.host.is_up:
            self.host.stop()
        else:
            self.host.start()

    def _disk_fails(self) -> None:
        self.draw.choice(self.desks).disk_fails = self.draw.randint(1, 6)

    def _clock_jumps(self) -> None:
        self.draw.choice(self.desks).clock.is_off_by += timedelta(seconds=self.draw.choice((-600, 600, -7_200)))

    def _grant_ends(self) -> None:
        if self.office.people:
            del self.office.people[self.draw.choice(list(self.office.people))]

    def _somebody_signs_in(self) -> None:
        if self.host.is_up:
            self._sign_in(self.draw.choice(self.desks))

    def _somebody_asks(self) -> None:
        desk = self.draw.choice(self.desks)
        if desk.is_alive:
            desk.engine.refresh()

    def _backup_is_made(self) -> None:
        self._backup = self.office.books.copied()

    def _backup_is_restored(self) -> None:
        if self._backup is not None:
            self.host.stop()
            self.restore(self._backup)
            self.watch.restored()
            self.host.start()

    def restore(self, backup: Books) -> None:
        """Head office goes back to a backup."""
        self.office.restore(backup, f"e{self._next_epoch()}")

    def _next_epoch(self) -> int:
        self._epochs += 1
        return self._epochs

    def _leases_are_opened(self) -> None:
        """A person has asked every hall, and lets numbers be given out again."""
        if self._have_all_reported():
            self.office.lender.ledger.is_closed = False

    def _have_all_reported(self) -> bool:
        epoch = self.office.epoch
        return not any(one.is_due(epoch) for desk in self.desks for one in desk.journal.shelf.holdings())

    def _sign_in(self, desk: Desk, *names: str) -> None:
        for author in names or (self.draw.choice(PEOPLE),):
            self._made += 1
            token = f"token-{self._made}"
            self.office.people[token] = Person(author, desk.view.territory, desk.view.has_home)
            desk.sign_in(Grant(author, token))

    # ---- the end

    async def _calm_down(self) -> None:
        """Everything works again: let it come to rest. Raises BrokenError where it does not."""
        self.host.start()
        for desk in self.desks:
            desk.disk_fails, desk.is_cut, desk.weather = 0, False, FINE
            if desk.is_alive:
                desk.life.fuse = None
                desk.to_line()
            self._sign_in(desk, *PEOPLE)
        self.host.changed()
        until = self._loop.time() + _LONGEST_END_S
        while not all(self._is_quiet(desk) for desk in self.desks):
            self._leases_are_opened()
            if self._loop.time() > until:
                break  # what did not end is found by the look at it
            await asyncio.sleep(_LOOK_S)
            self._stop_if_broken()
        await asyncio.sleep(
            SAFETY_PULL_S + 2 * _LOOK_S
        )  # what was set aside just now leaves the screen with the next pull
        self._stop_if_broken()

    def _is_quiet(self, desk: Desk) -> bool:
        used = desk.mirror.used
        is_in_step = used is not None and used.state.cursor == self.office.cursor_at(self.office.books.sequence)
        moving = any(desk.journal.rows[key].state in MOVING for key in desk.journal.open)
        is_settled = not desk.journal.resting()  # what is left over goes with the next pull, in five minutes at most
        return desk.is_alive and is_in_step and not self._held_back(desk) and not moving and is_settled

    def _held_back(self, desk: Desk) -> bool:
        """Acts that wait behind one which needs a person: somebody decides on it now."""
        for key in list(desk.journal.open):
            if desk.journal.rows[key].state in NEEDS_A_PERSON:
                self._rule_on(desk, key)
                return True
        return False

    # ---- what is heard

    def _step(self, what: str) -> None:
        self.steps += 1
        line = f"{self._loop.time():.4f} {what}"
        self.trace = zlib.crc32(line.encode(), self.trace)
        if self.log is not None:
            self.log.append(line)

    def _changed(self) -> None:
        if hasattr(self, "host"):
            self.host.changed()

    def _effect(self, done: Done) -> None:
        self._heed(lambda: self.watch.effect(done))

    def _store_called(self, desk: Desk, call: str) -> None:
        self._heed(lambda: self.watch.store_called(desk, call))

    def _heed(self, look: Callable[[], None]) -> None:
        """Keep the first fault; nothing of the product's may catch it."""
        try:
            look()
        except BrokenError as error:
            if not self._broken:
                self._step(f"BROKEN {error}")
            self._broken = self._broken or str(error)

    def _stop_if_broken(self) -> None:
        if self._broken:
            raise BrokenError(self._broken)

    def _bug(self, error: BaseException) -> None:
        self._broken = self._broken or (str(error) if isinstance(error, BrokenError) else f"13: a bug: {error!r}")

    def _died(self, desk: Desk) -> None:
        self._loop.call_later(self.draw.choice((0.1, 3.0, 60.0)), desk.start)

    def _bury(self, loop: SimulatedLoop) -> None:
        """Nobody lives on."""
        for desk in getattr(self, "desks", ()):
            for life in desk.lives:
                life.is_over = True
                life.bury()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()
        asyncio.set_event_loop(None)


_HAPPENINGS = {
    "clerk_acts": 40, "somebody_decides": 4, "others_file": 4, "others_change": 12, "others_delete": 3, "others_move": 3,
    "others_hand_over": 3, "clerk_opens": 8,
    "kill": 9, "line_changes": 8, "weather_changes": 4, "office_changes": 4, "disk_fails": 3, "clock_jumps": 1,
    "grant_ends": 2, "somebody_adopts": 3, "somebody_signs_in": 5, "somebody_asks": 2, "backup_is_made": 1,
    "backup_is_restored": 1, "leases_are_opened": 4,
}  # fmt: skip
_NAMES, _WEIGHTS = list(_HAPPENINGS), list(_HAPPENINGS.values())
