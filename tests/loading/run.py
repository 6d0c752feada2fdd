"""One run: an operator is made and served, a desk loads its copy and is killed over and over, and both are compared."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx

from app.bootstrap.reducers import REDUCERS
from app.core.clock import SystemClock
from app.sync.errors import MirrorDiffersError
from backoffice.passwords import hashed
from backoffice.people import People, Person
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from local_cache import cipher
from local_cache.journal import Journal
from local_cache.mirror import MirrorFile
from local_cache.mirror_schema import COLLECTIONS
from local_cache.mirror_store import POINTER
from local_cache.profile import Profile
from tests.backoffice.processes import COMMAND, ROOT, serving
from tests.contract.desks import KEY, REGION
from tests.loading.desk import PASSWORD, USER

TICKETS: Final = "/tmf-api/troubleTicket/v4/troubleTicket"
_PAGE: Final = 2000
_SINGLE_CHANGES: Final = 20
_LONGEST_INDEXING_S: Final = 2.0
_CACHE_KB: Final = 1_000_000
HEALED: Final = "the desk found its copy wrong and built it again"
Row = tuple[str, int, str]  # id, revision, body


@dataclass
class Outcome:
    """What a run did and found; `faults` are sentences. Checksums are SHA-256 over every id, revision and body."""

    customers: int
    seed: int
    records: int = 0
    kills: int = 0
    changes: int = 0
    generate_s: float = 0.0
    load_s: float = 0.0
    peak_mb: int = 0
    server: str = ""
    desk: str = ""
    faults: list[str] = field(default_factory=list)

    def hear(self, told: Mapping[str, Any]) -> None:
        """A copy that had to be built again would hide what went wrong while it was loaded."""
        if told["trouble"] == MirrorDiffersError.text and HEALED not in self.faults:
            self.faults.append(HEALED)

    def as_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))


def run(
    database: str, folder: Path, customers: int, kills: int, seed: int, at_the_end: Callable[[Store], object] = id
) -> Outcome:
    """Do it; `at_the_end` is called before both sides are compared. Raises RuntimeError if a program does not run."""
    outcome, draw = Outcome(customers, seed), Random(seed)  # noqa: S311 - it has to be the same every time
    outcome.generate_s = _generated(database, customers)
    profile = Profile(folder / "desk")
    with closing(Store.open(database)) as store:
        _hire(store)
        with serving(database, log=folder / "office.log") as (_, url):
            _load(store, profile, url, _moments(draw, kills), outcome)
        at_the_end(store)
        _compare(store, profile, outcome)
    return outcome


def _generated(database: str, customers: int) -> float:
    began = time.perf_counter()
    command = [*COMMAND, "generate", "--database", database, "--customers", str(customers), "--seed", "1"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"generate failed: {made.stderr}")
    return round(time.perf_counter() - began, 1)


def _hire(store: Store) -> None:
    People(store, SystemClock()).put(Person(USER, "Mei", "supervisor"), hashed(PASSWORD))


def _moments(draw: Random, kills: int) -> list[float]:
    """Where a desk is killed: shares of the load that have come; from 1 on while it makes its indexes."""
    late = kills // 5
    early = sorted(draw.uniform(0.01, 0.99) for _ in range(kills - late))
    return [*early, *(1 + draw.random() for _ in range(late))]


def _load(store: Store, profile: Profile, url: str, moments: list[float], outcome: Outcome) -> None:
    """Let desks load one after the other; each goes on where the last was killed."""
    began = time.perf_counter()
    with httpx.Client(base_url=url, headers=_signed_in(url), timeout=60) as others:
        for moment in moments:
            with _desk(profile, url) as news:
                if _wait(news, moment, outcome):
                    outcome.kills += 1
            outcome.changes += _change(others)
    sequence = _sequence(store)
    with _desk(profile, url) as news:
        for told in news:
            outcome.hear(told)
            if told["cursor"].rpartition(".")[2] == str(sequence):
                outcome.peak_mb = told["peak_mb"]
                break
        else:
            outcome.faults.append("the desk never came in step")
    outcome.load_s = round(time.perf_counter() - began, 1)


@contextmanager
def _desk(profile: Profile, url: str) -> Iterator[Iterator[dict[str, Any]]]:
    """What a desk says until it is killed at the end of the block."""
    command = [sys.executable, "-m", "tests.loading.desk", str(profile.folder), url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            yield (json.loads(line) for line in process.stdout)
        finally:
            process.kill()


def _wait(news: Iterable[dict[str, Any]], moment: float, outcome: Outcome) -> bool:
    """Wait until so much has come; returns whether the desk was still loading then."""
    for told in news:
        outcome.hear(told)
        if told["cursor"]:
            return False
        gone = outcome.changes if moment >= 1 else 0  # counted at the start, and deleted since, as far as can be
        if told["total"] and told["loaded"] >= told["total"] * min(moment, 1.0) - gone:
            time.sleep(max(moment - 1, 0) * _LONGEST_INDEXING_S)
            return True
    return False


def _change(others: httpx.Client) -> int:
    """Somebody else changes and deletes tickets while the desk is away; returns how many."""
    found = others.get(TICKETS, params={"limit": _SINGLE_CHANGES, "sort": "-lastUpdate"}).raise_for_status().json()
    for number, one in enumerate(found):
        address = f"{TICKETS}/{one['id']}"
        answer = others.delete(address) if number % 4 == 0 else others.patch(address, json={"name": f"seen {number}"})
        answer.raise_for_status()
    return len(found)


def _signed_in(url: str) -> dict[str, str]:
    answer = httpx.post(f"{url}/desk/v1/sign-in", json={"user": USER, "password": PASSWORD}, timeout=60)
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['token']}"}


def _sequence(store: Store) -> int:
    with store.reading(EVERYTHING) as reader:
        return reader.position().sequence


def _compare(store: Store, profile: Profile, outcome: Outcome) -> None:
    """Every record on both sides, and the indexes against the records."""
    with closing(Journal(profile, KEY, REDUCERS, SystemClock())) as journal:
        journal.open()
        number = int(journal.meta(POINTER, "0"))
    with closing(cipher.look(profile.mirror(number), KEY)) as mirror:
        mirror.execute(
            f"PRAGMA cache_size = -{_CACHE_KB}"
        )  # rows are looked up all over the file: deciphered once is enough
        both: dict[str, list[str]] = {"server": [], "desk": []}
        for name in sorted(COLLECTIONS):
            there, count = _summed(_at_server(store, name))
            here, _ = _summed(mirror.execute(f'SELECT id, revision, body FROM "{name}" ORDER BY id'))
            outcome.records += count
            both["server"].append(there)
            both["desk"].append(here)
            if here != there:
                outcome.faults.append(f"{name}: the desk holds something else than head office")
        outcome.server, outcome.desk = (_joined(both[side]) for side in ("server", "desk"))
        if not cipher.is_whole(mirror):
            outcome.faults.append("the copy is damaged")
        customers = mirror.execute("SELECT count(*) FROM customer").fetchone()
        file = MirrorFile(profile, number, KEY, REGION)
        if file.state().checksum != file.checksum():
            outcome.faults.append("the copy's own checksum is not that of its rows")
        file.close()
        for index in ("name_index", "place_index"):
            if mirror.execute(f"SELECT count(*) FROM {index}_docsize").fetchone() != customers:
                outcome.faults.append(f"{index} does not match the customers")


def _at_server(store: Store, collection: str) -> Iterator[Row]:
    after = ""
    while True:
        with store.reading(EVERYTHING.for_mirrors()) as reader:
            page = reader.page_of_after(collection, after, _PAGE)
        if not page:
            return
        yield from ((one.id, one.revision, one.text or "") for one in page)
        after = page[-1].id


def _summed(rows: Iterable[Row]) -> tuple[str, int]:
    summed, count = hashlib.sha256(), 0
    for row in rows:
        summed.update(json.dumps(tuple(row)).encode())
        count += 1
    return summed.hexdigest(), count


def _joined(sums: list[str]) -> str:
    return hashlib.sha256("".join(sums).encode()).hexdigest()
