"""A reader as a process: follows the feed while others write, keeps a copy, and says what was wrong with any page.

It ends when its standard input does, once it has caught up.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from random import Random
from typing import Any, Final

import httpx
import msgspec

from tests.stress.records import FollowerOrder, Held, Pulled, counted, digest_of, line_of, name_of

_REST: Final = 0.01
_LARGEST_PAGE: Final = 200
_MODULUS: Final = 1 << 64


class Copy:
    """What a reader knows, from nothing but the feed."""

    def __init__(self, cursor: str) -> None:
        self.cursor = cursor
        self._records: dict[str, tuple[int, str]] = {}
        self._tombstones: dict[str, int] = {}
        self._total = 0

    def apply(self, page: dict[str, Any]) -> Pulled:
        """Take a page in."""
        before, self.cursor = _number(self.cursor), page["cursor"]
        problems: list[str] = []
        changes = [(name_of(one["collection"], one["id"]), one["revision"], one) for one in page["changes"]]
        for name, revision, change in changes:
            problems += self._wrong(name, revision, before, change)
            before = max(before, revision)
            self._take(name, revision, change)
        if page["more"] and before != _number(self.cursor):
            problems.append(f"the cursor {self.cursor} is not the last change of a page that is not the last")
        if not page["more"]:
            problems += self._wrong_sum(page["checksum"])
        return Pulled(_number(self.cursor), page["more"], [(name, number) for name, number, _ in changes], problems)

    def held(self) -> Held:
        """Everything, at the end."""
        return Held(self._records, sorted(self._tombstones))

    def _wrong(self, name: str, revision: int, before: int, change: dict[str, Any]) -> Iterator[str]:
        if not before < revision <= _number(self.cursor):
            yield f"{name} at {revision} comes after {before}, up to {self.cursor}"
        if revision <= self._records.get(name, (0, ""))[0]:
            yield f"{name} goes back to {revision}"
        if name in self._tombstones:
            yield f"{name} at {revision} comes back from the dead"
        if change["body"] is not None and change["body"]["id"] != change["id"]:
            yield f"{name} has the body of another"

    def _take(self, name: str, revision: int, change: dict[str, Any]) -> None:
        if name in self._records:
            self._total -= counted(name, self._records.pop(name)[0])
        if change["body"] is not None:
            self._records[name] = (revision, digest_of(change["body"]))
            self._total += counted(name, revision)
        elif not change.get("left"):
            self._tombstones[name] = revision

    def _wrong_sum(self, told: dict[str, Any]) -> list[str]:
        mine = {"count": len(self._records), "sum": f"{self._total % _MODULUS:016x}"}
        return [] if told == mine else [f"at {self.cursor} the checksum is {told}, and {mine} of what was followed"]


class Follower:
    """Pulls into a copy."""

    def __init__(self, order: FollowerOrder) -> None:
        self._urls = order.urls
        self._random = Random(f"{order.seed}/follower")  # noqa: S311 - to be drawn again
        headers = {"Authorization": f"Bearer {order.token}"} if order.token else {}
        self._client = httpx.Client(timeout=60, headers=headers)
        self.copy = Copy(order.cursor)

    def follow(self, ends: threading.Event) -> Iterator[Pulled]:
        """Pull until the end was announced and nothing more came afterwards."""
        with self._client:
            while True:
                is_last = ends.is_set()
                page = self._page()
                if page is not None:
                    yield self.copy.apply(page)
                if page is None or not page["more"]:
                    if is_last and page is not None:
                        return
                    time.sleep(_REST)

    def _page(self) -> dict[str, Any] | None:
        """The next page; None if the server is away. Anything but a page is an error."""
        asked: dict[str, str | int] = {"after": self.copy.cursor, "limit": self._random.randint(1, _LARGEST_PAGE)}
        try:
            answer = self._client.get(f"{self._random.choice(self._urls)}/desk/v1/feed", params=asked)
        except httpx.TransportError:
            return None
        answer.raise_for_status()
        page: dict[str, Any] = msgspec.json.decode(answer.content)
        return page


def _number(cursor: str) -> int:
    return int(cursor.rpartition(".")[2])


def _tell_when_input_ends(ends: threading.Event) -> None:
    sys.stdin.read()
    ends.set()


def main(words: list[str]) -> int:
    """Follow, a line for each page, and at the end a line with everything."""
    follower = Follower(msgspec.json.decode(words[0], type=FollowerOrder))
    ends = threading.Event()
    threading.Thread(target=_tell_when_input_ends, args=(ends,), daemon=True).start()
    for pulled in follower.follow(ends):
        print(line_of(pulled), flush=True)  # noqa: T201 - what the run reads
    print(line_of(follower.copy.held()), flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
