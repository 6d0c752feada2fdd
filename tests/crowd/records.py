"""What the processes of a run tell each other: lines of JSON."""

from __future__ import annotations

import msgspec


class HallOrder(msgspec.Struct):
    """The desks of one process, by their numbers, and where they find head office and their files."""

    url: str
    folder: str
    desks: list[int]
    seed: int


class Done(msgspec.Struct):
    """An act as its desk recorded it. `expected` is the state in which it has to end, `text` what it leaves behind."""

    desk: int
    sequence: int
    key: str
    kind: str
    collection: str
    entity: str
    expected: str
    text: str


class Week(msgspec.Struct):
    """What was done at the desks of a hall while there was no line."""

    done: list[Done]


class Returned(msgspec.Struct):
    """A desk that is back: how every act ended there, how many it shows, and whether its files are sound."""

    desk: int
    seconds: float
    states: dict[str, str]
    needs_you: int
    waiting: int
    is_sound: bool
    held: dict[str, int]  # the revision of each ticket and outage in its copy
    problems: list[str]


class Back(msgspec.Struct):
    """All desks of a hall, back."""

    desks: list[Returned]


class Started(msgspec.Struct):
    """A desk that was started: when its first search was answered, and when it was in step, in seconds."""

    desk: int
    searched: float
    in_step: float
    hits: int
    problems: list[str]


class Morning(msgspec.Struct):
    """All desks of a hall, started."""

    desks: list[Started]


class Copied(msgspec.Struct):
    """All desks of a hall have done it. `typed_again` is how often head office did not answer a sign-in in time."""

    seconds: float
    typed_again: int


def user_of(desk: int) -> str:
    """Who works at a desk."""
    return f"clerk-{desk}"
