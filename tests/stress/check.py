"""Finds in the history of a run whatever must not happen. Every line it gives is a fault of the back office."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from tests.stress.acts import FIRST_BALANCE
from tests.stress.history import End, History
from tests.stress.records import Held, Pulled, Told, digest_of

COLLECTIONS: Final = {
    "file": "troubleTicket", "note": "troubleTicket", "change": "troubleTicket", "delete": "troubleTicket",
    "topup": "topupBalance", "party": "individual", "rename": "individual", "move": "customer",
}  # fmt: skip
STATUS: Final = {"file": 201, "topup": 201, "party": 201, "delete": 204}
_MARKS: Final = {"change": "priority", "rename": "legalName", "move": "statusReason"}
_CHANGED_SINCE: Final = 412


def faults_in(history: History) -> list[str]:
    """Everything that is wrong; nothing if all is well."""
    told, end = history.told, history.end
    return [
        *history.others,
        *end.faults,
        *_answers(told),
        *_keys(told, end),
        *_made(told, end),
        *_notes(told, end),
        *_balances(told, end),
        *_marks(told, end),
        *_tombstones(told, end),
        *_missed(told, history.pulled),
        *(problem for page in history.pulled for problem in page.problems),
        *copy_faults(history.held, end),
    ]


def copy_faults(held: Held, end: End) -> Iterator[str]:
    """Where what a follower of everything holds is not what is there."""
    wanted = {name: (revision, digest_of(end.bodies[name])) for name, revision in end.revisions.items()}
    for name in sorted(wanted.keys() | held.records.keys()):
        if wanted.get(name) != held.records.get(name):
            yield f"{name} was followed to {held.records.get(name)}, and is {wanted.get(name)}"
    for name in sorted(end.tombstones.keys() ^ set(held.tombstones)):
        yield f"{name}: its tombstone was not followed"


def _effective(told: Iterable[Told]) -> dict[str, Told]:
    """One answer to each act that took effect, by key."""
    return {one.key: one for one in told if one.status < 400}


def _answers(told: Iterable[Told]) -> Iterator[str]:
    """All answers under one key are the same, and are those that the act may get."""
    first: dict[str, Told] = {}
    for one in told:
        known = first.setdefault(one.key, one)
        if (one.status, one.id, one.revision) != (known.status, known.id, known.revision) and one.status < 400:
            yield f"{one.key} ({one.kind}) was answered differently: {known} and {one}"
        if one.status != STATUS.get(one.kind, 200) and not (one.kind == "change" and one.status == _CHANGED_SINCE):
            yield f"{one.key} ({one.kind}) was answered {one.status}"


def _keys(told: list[Told], end: End) -> Iterator[str]:
    """What is remembered under each key is what was answered, and no two keys have one revision."""
    effective = _effective(told)
    for key, one in effective.items():
        known = end.effects.get(key)
        wanted = (one.status, f"{COLLECTIONS[one.kind]}/{one.id}", one.revision)
        if known is None or (known.status, known.name, known.revision) != wanted:
            yield f"{key} was answered {wanted}, and remembered as {known}"
    yield from (f"{key} is remembered, and nobody was told so" for key in end.effects.keys() - effective.keys())
    for revision, times in Counter(one.revision for one in effective.values()).items():
        if times > 1:
            yield f"{times} keys have the revision {revision}"


def _made(told: list[Told], end: End) -> Iterator[str]:
    """Each act that makes a record has made one, and one only."""
    effective, deleted = _effective(told), {one.target for one in told if one.kind == "delete"}
    for kind, attribute in (("file", "externalId"), ("party", "familyName"), ("topup", "description")):
        made = defaultdict(list)
        for record_id, body in end.of(COLLECTIONS[kind]).items():
            made[body.get(attribute)].append(record_id)
        for key, one in effective.items():
            if one.kind == kind and made.get(key, []) != ([] if one.id in deleted else [one.id]):
                yield f"{key} ({kind}) made {made.get(key)}, and was answered {one.id}"


def _notes(told: list[Told], end: End) -> Iterator[str]:
    """Each note stands once on its ticket, and no other does."""
    wanted = defaultdict(list)
    for key, one in _effective(told).items():
        if one.kind == "note":
            wanted[one.target].append(key)
    for ticket, body in end.of("troubleTicket").items():
        if sorted(wanted[ticket]) != sorted(note["id"] for note in body.get("note", [])):
            yield f"troubleTicket/{ticket} has other notes than were added"


def _balances(told: list[Told], end: End) -> Iterator[str]:
    """Each top-up has moved its bucket once."""
    wanted: Counter[str] = Counter()
    for one in _effective(told).values():
        wanted[one.target] += one.amount
    for bucket, body in end.of("bucket").items():
        if (left := body["remainingValue"]["amount"]) != FIRST_BALANCE + wanted[bucket]:
            yield f"bucket/{bucket} holds {left} instead of {FIRST_BALANCE + wanted[bucket]}"


def _marks(told: list[Told], end: End) -> Iterator[str]:
    """Of several changes the one with the highest revision stands; one that was refused never does."""
    last: dict[tuple[str, str], Told] = {}
    for one in sorted(_effective(told).values(), key=lambda one: one.revision):
        if one.kind in _MARKS:
            last[COLLECTIONS[one.kind], one.id] = one
    for (collection, record_id), one in last.items():
        body = end.of_one(collection, record_id)
        if body is not None and (found := body.get(_MARKS[one.kind])) != one.key:
            yield f"{collection}/{record_id} says {found}, and was last changed by {one.key}"


def _tombstones(told: list[Told], end: End) -> Iterator[str]:
    """What was deleted is, and nothing else."""
    wanted = {f"troubleTicket/{one.id}": one.revision for one in _effective(told).values() if one.kind == "delete"}
    if wanted != end.tombstones:
        for name in sorted(wanted.keys() | end.tombstones.keys()):
            if wanted.get(name) != end.tombstones.get(name):
                yield f"{name} was deleted at {wanted.get(name)}, and has a tombstone at {end.tombstones.get(name)}"


def _missed(told: list[Told], pulled: list[Pulled]) -> Iterator[str]:
    """Whenever a follower had caught up, it had seen every effect up to its cursor: no commit came late."""
    waiting = [(one.revision, f"{COLLECTIONS[one.kind]}/{one.id}") for one in _effective(told).values()]
    heapq.heapify(waiting)
    seen: dict[str, int] = {}
    for page in pulled:
        seen.update(page.changes)
        while not page.more and waiting and waiting[0][0] <= page.cursor:
            revision, name = heapq.heappop(waiting)
            if seen.get(name, 0) < revision:
                yield f"{name} at {revision} was missed: at {page.cursor} it was known at {seen.get(name)}"
    yield from (f"{name} at {revision} was never followed" for revision, name in waiting)
