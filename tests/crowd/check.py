"""Finds whatever must not happen in what desks were told and what is at head office in the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from tests.crowd.looks import COPIED
from tests.crowd.records import Done, Returned
from tests.stress.history import End

NEEDS_YOU = ("refused", "conflict")


def faults_in(done: list[Done], back: Iterable[Returned], end: End) -> list[str]:
    """Everything that is wrong; nothing if all is well."""
    return [
        *end.faults,
        *_at_the_desks(done, {one.desk: one for one in back}, end),
        *_keys(done, end),
        *_marks(done, end),
        *_order(done, end),
    ]


def _at_the_desks(done: list[Done], back: dict[int, Returned], end: End) -> Iterator[str]:
    """Every act ended as it had to, what needs a person is shown, and every copy is what head office has."""
    by_desk = defaultdict(list)
    for one in done:
        by_desk[one.desk].append(one)
    wanted = {name: revision for name, revision in end.revisions.items() if name.partition("/")[0] in COPIED}
    for number, desk in back.items():
        yield from (f"desk {number}: {problem}" for problem in desk.problems)
        if list(desk.states) != [one.key for one in by_desk[number]]:
            yield f"desk {number} holds other acts than were done there, or in another order"
        for one in by_desk[number]:
            if (state := desk.states.get(one.key)) != one.expected:
                yield f"desk {number}: {one.kind} {one.key} on {one.entity} is {state}, and not {one.expected}"
        shown = sum(one.expected in NEEDS_YOU for one in by_desk[number])
        if (desk.needs_you, desk.waiting, desk.is_sound) != (shown, 0, True):
            yield f"desk {number} shows {desk.needs_you} of {shown} that need a person, {desk.waiting} waiting"
        if desk.held != wanted:
            unlike = [name for name in desk.held.keys() | wanted.keys() if desk.held.get(name) != wanted.get(name)]
            yield f"desk {number}: its copy differs from head office at {len(unlike)} records, such as {unlike[0]}"


def _keys(done: Iterable[Done], end: End) -> Iterator[str]:
    """Each confirmed act took effect under its key, and no other did."""
    wanted = {one.key for one in done if one.expected == "confirmed"}
    yield from (f"{key} took no effect" for key in wanted - end.effects.keys())
    yield from (f"{key} took effect, and had to be refused" for key in end.effects.keys() - wanted)


def _marks(done: Iterable[Done], end: End) -> Iterator[str]:
    """What each act leaves behind is there once, and nothing of an act that was refused."""
    found = Counter(_marks_in(end))
    for one in done:
        times = 1 if one.expected == "confirmed" else 0
        if found[one.text] != times:
            yield f"{one.kind} {one.key} ({one.text}) is there {found[one.text]} times, and not {times}"


def _marks_in(end: End) -> Iterator[str]:
    for ticket in end.of("troubleTicket").values():
        yield ticket["description"]
        yield from (note["text"] for note in ticket.get("note", ()))
    for problem in end.of("serviceProblem").values():
        yield from (party["id"] for party in problem.get("relatedParty", ()))


def _order(done: Iterable[Done], end: End) -> Iterator[str]:
    """What one desk did to one record took effect in the order in which it was done."""
    acts: dict[tuple[int, str, str], list[Done]] = defaultdict(list)
    for one in done:
        if one.key in end.effects:
            acts[one.desk, one.collection, one.entity].append(one)
    for (desk, collection, entity), theirs in acts.items():
        revisions = [end.effects[one.key].revision for one in theirs]
        if revisions != sorted(revisions):
            yield f"desk {desk}: acts on {collection}/{entity} took effect in the order {revisions}"
        said = [one.text for one in theirs if one.kind in ("own", "shared", "made")]
        if said and said != _said_by(desk, end, theirs[0], said):
            yield f"desk {desk}: notes on {collection}/{entity} stand in another order than they were made in"


def _said_by(desk: int, end: End, first: Done, said: list[str]) -> list[str]:
    """The notes of a desk on a record, as they stand there."""
    record: Any = end.bodies.get(end.effects[first.key].name, {})
    assert desk == first.desk
    return [note["text"] for note in record.get("note", ()) if note["text"] in set(said)]
