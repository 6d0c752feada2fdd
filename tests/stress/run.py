"""One run: writers and followers beside servers that are killed, then everything that was seen is checked."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx

from app.core.clock import SystemClock
from app.core.permissions import permissions_of
from backoffice.people import People, Person
from backoffice.reading import Position
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING, Scope
from backoffice.store import Store
from backoffice.web.access import ANYBODY
from backoffice.web.cursors import cursor_of
from tests.stress.acts import TERRITORIES, beginning
from tests.stress.check import faults_in
from tests.stress.history import End, History, end_of
from tests.stress.processes import Follows, Writes
from tests.stress.records import FollowerOrder, WriterOrder, digest_of, name_of
from tests.stress.servers import BACK_OFFICE, Servers

_ASKED_AT_THE_END: Final = 300
_BRANCH: Final = Scope(frozenset({TERRITORIES[0]}))


@dataclass(frozen=True)
class Size:
    """How much of it: `writes` of all writers together, `kills` of servers among them."""

    writes: int = 50_000
    kills: int = 200
    writers: int = 16
    servers: int = 2


@dataclass(slots=True)
class Outcome:
    """What a run counted and found wrong."""

    seed: int
    size: Size
    answers: int = 0
    keys: int = 0
    replays: int = 0
    resent: int = 0
    tombstones: int = 0
    kills: int = 0
    pages: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        """One line; the faults are counted only."""
        return json.dumps({**asdict(self), "faults": len(self.faults)})


def run(database: str, folder: Path, seed: int, size: Size, program: Sequence[str] = BACK_OFFICE) -> Outcome:
    """Write, kill and follow on an empty database, then check. What was seen is left in the folder."""
    outcome, began = Outcome(seed, size), time.monotonic()
    shared = max(4, size.writes // 400)
    starts, token = _prepare(database, shared)
    with ExitStack() as stack:
        servers = stack.enter_context(closing(Servers(database, size.servers, folder, program)))
        all_of_it = Follows(FollowerOrder(servers.urls, seed, starts[0]), folder / "all")
        branch = Follows(FollowerOrder(servers.urls, seed + 1, starts[1], token), folder / "branch")
        each = size.writes // size.writers
        orders = [WriterOrder(servers.urls, seed, number, each, shared) for number in range(size.writers)]
        writes = Writes(orders, folder)
        for one in (all_of_it, branch, writes):
            stack.callback(one.close)
        outcome.kills = _kill_while(writes, servers, Random(seed), size)  # noqa: S311 - to be drawn again
        servers.wait()
        told, others = writes.end(), writes.problems()
        pulled, held = all_of_it.end()
        branch_pulled, branch_held = branch.end()
        others += [f"branch: {problem}" for page in branch_pulled for problem in page.problems]
        end = end_of(database)
        others += _asked(servers.urls[0], end, Random(seed))  # noqa: S311
        others += _unlike_snapshot(servers.urls[-1], token, branch_held.records)
        others += [f"a server ended with {code}" for code in servers.stop() if code]
    outcome.faults = faults_in(History(told, pulled, held, end, others))
    outcome.answers, outcome.keys = len(told), len(end.effects)
    outcome.replays = sum(one.is_replay for one in told)
    outcome.resent = sum(one.tries > 1 for one in told)
    outcome.tombstones, outcome.pages = len(end.tombstones), len(pulled)
    outcome.seconds = round(time.monotonic() - began, 1)
    return outcome


def _prepare(database: str, shared_tickets: int) -> tuple[list[str], str]:
    """Fill the database with what is there at the beginning; the first cursors of all and of a branch, and its token."""
    with closing(Store.open(database)) as store:
        store.load(beginning(shared_tickets))
        people, person = People(store, SystemClock()), Person("branch", "Branch", "supervisor")
        people.put(person, None, _BRANCH)
        with store.reading(EVERYTHING) as reader:
            beginning_of_all = Position(reader.position().epoch, 0)
        scopes = (ANYBODY.scope, replace(_BRANCH, reveals=permissions_of(person.role)))
        firsts = [cursor_of(beginning_of_all, scope.for_mirrors()) for scope in scopes]
        return firsts, people.grant(person, None).token


def _kill_while(writes: Writes, servers: Servers, chance: Random, size: Size) -> int:
    """Kill one server or all of them at random points, spread over the whole; how often."""
    kills = 0
    while kills < size.kills:
        left = writes.left / (size.kills - kills + 1)
        if not writes.wait_for(int(chance.uniform(0, 1.2) * left)):
            break
        time.sleep(chance.uniform(0, 0.01))  # anywhere between two answers
        every = range(size.servers)
        servers.kill(every if chance.random() < 0.25 else [chance.choice(every)])
        kills += 1
    return kills


def _asked(url: str, end: End, chance: Random) -> Iterator[str]:
    """Some of the records and of the keys, asked for one by one."""
    with httpx.Client(base_url=url, timeout=60) as client:
        for name in chance.sample(sorted(end.bodies), min(_ASKED_AT_THE_END, len(end.bodies))):
            collection, _, record_id = name.partition("/")
            answer = client.get(RESOURCES[collection].href(record_id, end.bodies[name]))
            found = (answer.headers["ETag"].strip('"').rpartition("-")[2], answer.json())
            if found != (str(end.revisions[name]), end.bodies[name]):
                yield f"{name} is answered otherwise than it is kept"
        for key in chance.sample(sorted(end.effects), min(_ASKED_AT_THE_END, len(end.effects))):
            known, kept = client.get(f"/desk/v1/commands/{key}").json(), end.effects[key]
            if (known["status"], name_of(known["collection"], known["id"]), known["revision"]) != (
                kept.status, kept.name, kept.revision
            ):  # fmt: skip
                yield f"{key} is told otherwise than it is kept"


def _unlike_snapshot(url: str, token: str, held: dict[str, tuple[int, str]]) -> Iterator[str]:
    """Where what a branch followed is not what a snapshot gives it."""
    headers = {"Authorization": f"Bearer {token}"}
    lines = httpx.get(f"{url}/desk/v1/snapshot", headers=headers, timeout=60).text.splitlines()
    rows: list[dict[str, Any]] = [row for line in lines if (row := json.loads(line))["kind"] == "row"]
    there = {name_of(row["collection"], row["id"]): (row["revision"], digest_of(row["body"])) for row in rows}
    for name in sorted(there.keys() | held.keys()):
        if there.get(name) != held.get(name):
            yield f"branch: {name} was followed to {held.get(name)}, and is {there.get(name)}"
