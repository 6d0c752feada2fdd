"""One pass over everything that a foreign server lists, a page at a time, and over what it does not list any more."""

from __future__ import annotations

from collections.abc import Sequence

from app.sync.ports import Grant
from app.tmf.foreign.content import Read
from app.tmf.foreign.lists import ROWS_A_PAGE, Lists, Page
from app.tmf.foreign.ports import Memory
from app.tmf.foreign.seen import Seen

_EXPECTED = 250_000  # records of a collection whose number is not told
_ASKED_AT_ONCE = 50


class Sweep:
    """Goes on where it was when a step fails. `step` gives what was read; comparing it is somebody else's job.

    A record that no page showed may have slipped through while the list shifted, so it counts as deleted only once its
    own address says so.
    """

    def __init__(self, lists: Lists, memory: Memory, collections: Sequence[str]) -> None:
        self._lists = lists
        self._memory = memory
        self._left = list(collections)
        self._list = _Listing()

    @property
    def is_done(self) -> bool:
        """Whether every collection was gone through."""
        return not self._left

    async def step(self, grant: Grant) -> Sequence[Read]:
        """Read the next page, or the next records that no page showed."""
        collection = self._left[0]
        if self._list.is_read:
            return await self._ask_for_missing(grant, collection)
        page = await self._lists.page(grant, collection, self._list.offset)
        if page is None:  # says nothing of what it held: nothing is deleted
            self._next()
            return ()
        self._list.take(page)
        return page.reads

    async def _ask_for_missing(self, grant: Grant, collection: str) -> Sequence[Read]:
        held = await self._memory.ids(collection, self._list.checked, ROWS_A_PAGE)
        missing = [identity for identity in held if not self._list.showed(identity)][:_ASKED_AT_ONCE]
        reads = [await self._lists.record(grant, collection, identity) for identity in missing]
        if len(missing) == _ASKED_AT_ONCE:
            self._list.checked = missing[-1]
        elif held:
            self._list.checked = held[-1]
        else:
            self._next()
        return reads

    def _next(self) -> None:
        self._left.pop(0)
        self._list = _Listing()


class _Listing:
    """How far one list was read, and then how far the copy was compared with it."""

    def __init__(self) -> None:
        self.offset = 0
        self.is_read = False
        self.checked = ""
        self._seen: Seen | None = None
        self._first = ""

    def take(self, page: Page) -> None:
        """Note what a page shows."""
        if self._seen is None:
            self._seen = Seen(page.total or _EXPECTED)
        for read in page.reads:
            self._seen.add(read.id)
        self.is_read = ends(page, self.offset, self._first)
        self.offset += len(page.reads)
        self._first = page.reads[0].id if page.reads else ""

    def showed(self, identity: str) -> bool:
        """Whether a page showed it."""
        return self._seen is not None and identity in self._seen


def ends(page: Page, offset: int, first_before: str) -> bool:
    """Whether a list has no further page; a server that always answers with the same one does not know paging."""
    if not page.reads or page.reads[0].id == first_before:
        return True
    return page.total is not None and offset + len(page.reads) >= page.total
