"""One writer as a process: sends its acts, some twice at once, some in two processes, some over a line that was broken before."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Final

import msgspec

from tests.stress.acts import KINDS, SHARED_KINDS, Act, Plan
from tests.stress.records import Told, WriterOrder, line_of
from tests.stress.sending import IMPATIENT, PATIENT, Sender

_SHARED_EVERY: Final = 8  # one act in so many is sent by a second process too
_WAYS: Final = {"plain": 70, "twice at once": 10, "again": 6, "impatiently": 6, "after sabotage": 8}


class Writer:
    """Two senders and what they send."""

    def __init__(self, order: WriterOrder) -> None:
        self._order = order
        self._random = Random(f"{order.seed}/{order.number}/ways")  # noqa: S311 - to be drawn again
        self._pair = f"{order.seed}-pair{order.number // 2}"
        self._own = Plan(f"{order.seed}/{order.number}", order.shared_tickets, KINDS)
        self._shared = Plan(self._pair, order.shared_tickets, SHARED_KINDS)
        self._senders = [Sender(order.urls, f"{order.seed}/{order.number}/{one}") for one in range(2)]
        self._threads = ThreadPoolExecutor(2)

    def close(self) -> None:
        """Let go of everything."""
        self._threads.shutdown()
        for sender in self._senders:
            sender.close()

    def write(self) -> Iterator[Told]:
        """All answers to all acts."""
        for step in range(self._order.writes):
            if step % _SHARED_EVERY == 0:
                yield from self._deliver(self._shared.next(f"{self._pair}-{step}"))
                continue
            act = self._own.next(f"{self._order.seed}-{self._order.number}-{step}")
            told = self._deliver(act)
            self._own.learn(act, told[0].id)
            yield from told

    def _deliver(self, act: Act) -> list[Told]:
        """One of the ways in which acts arrive; every answer."""
        one, other = self._senders
        tag = one.tag_of(act.path) if act.is_exact else None
        way = self._random.choices(list(_WAYS), list(_WAYS.values()))[0]
        if way == "twice at once":
            both = [self._threads.submit(sender.send, act, tag) for sender in self._senders]
            return [each.result() for each in both]
        if way == "after sabotage":
            other.sabotage(act)
        told = [one.send(act, tag, IMPATIENT if way == "impatiently" else PATIENT)]
        return [*told, other.send(act, tag)] if way == "again" and told[0].status < 400 else told


def main(words: list[str]) -> int:
    """Write what the order says, a line for each answer."""
    writer = Writer(msgspec.json.decode(words[0], type=WriterOrder))
    try:
        for told in writer.write():
            print(line_of(told), flush=True)  # noqa: T201 - what the run reads
    finally:
        writer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
