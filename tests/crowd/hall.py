"""Some desks as one process: `python -m tests.crowd.hall ORDER` reads a phase a line, and answers each with a line."""

from __future__ import annotations

import asyncio
import sys
import time

import msgspec

from tests.crowd.place import Place
from tests.crowd.records import Back, Copied, HallOrder, Morning, Week


async def _phase(places: list[Place], words: list[str]) -> msgspec.Struct:
    began = time.monotonic()
    match words:
        case ["copy"]:
            await asyncio.gather(*(one.copy() for one in places))
            return _copied(places, began)
        case ["work", acts]:
            return Week([done for one in places for done in await one.work(int(acts))])
        case ["return"]:
            await asyncio.gather(*(one.come_back() for one in places))
            return _copied(places, began)
        case ["settle", sequence]:
            return Back(list(await asyncio.gather(*(one.settle(int(sequence)) for one in places))))
        case ["start"]:
            return Morning(list(await asyncio.gather(*(one.start() for one in places))))
    raise ValueError(words)


def _copied(places: list[Place], began: float) -> Copied:
    return Copied(round(time.monotonic() - began, 1), sum(one.typed_again for one in places))


async def _serve(order: HallOrder) -> None:
    places = [Place(order, number) for number in order.desks]
    while line := await asyncio.to_thread(sys.stdin.readline):
        answer = await _phase(places, line.split())
        print(msgspec.json.encode(answer).decode(), flush=True)  # noqa: T201 - what the run reads


if __name__ == "__main__":
    asyncio.run(_serve(msgspec.json.decode(sys.argv[1], type=HallOrder)))
