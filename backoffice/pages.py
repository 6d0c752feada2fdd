"""Documents a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from backoffice.documents import StoredDocument


class Page(list[StoredDocument]):
    """Documents in their order; `has_more` tells whether others follow, though not how many."""

    def __init__(self, documents: Iterable[StoredDocument] = (), *, has_more: bool = False) -> None:
        super().__init__(documents)
        self.has_more = has_more


def up_to(limit: int, documents: Sequence[StoredDocument]) -> Page:
    """So many of what was found, when one more was looked for."""
    return Page(documents[:limit], has_more=len(documents) > limit)


def merged(pages: Sequence[Page], limit: int) -> Page:
    """What several questions found, by revision: as far as all of them know, and cut nowhere within a revision."""
    ends = [page[-1].revision for page in pages if page.has_more]
    rows = sorted(chain(*pages), key=_by_revision)
    known = [one for one in rows if not ends or one.revision <= min(ends)]
    end = _whole(known, limit)
    return Page(known[:end], has_more=bool(ends) or end < len(known))


def whole_revisions(page: Page, rest: Iterable[StoredDocument]) -> Page:
    """A page of what may share revisions: none of them is there by half. `rest` is all of its last one."""
    if not page.has_more:
        return page
    last = page[-1].revision
    earlier = [one for one in page if one.revision < last]
    return Page(earlier or rest, has_more=True)


def _whole(rows: Sequence[StoredDocument], limit: int) -> int:
    """How many of the rows make up to `limit`, or one whole revision at least."""
    if len(rows) <= limit:
        return len(rows)
    cut = rows[limit].revision
    before = sum(1 for one in rows[:limit] if one.revision < cut)
    return before or sum(1 for one in rows if one.revision <= cut)


def _by_revision(document: StoredDocument) -> int:
    return document.revision
