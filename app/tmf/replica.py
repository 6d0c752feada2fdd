"""Snapshot and feed as the mirror takes them: rows that were checked, in pages of bounded size."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Collection
from typing import Annotated

import msgspec

from app.core.errors import BackOfficeAnswerError
from app.rules.checksums import Checksum
from app.sync.model import Change, FeedPage, Profile, SnapshotPage, SnapshotStart
from app.tmf.decoding import decoded, object_in

_MOST_ROWS_A_PAGE = 10_000
_MOST_BYTES_A_PAGE = 64 * 1024 * 1024
_MOST_BYTES_A_ROW = 1024 * 1024
_MOST_ROWS = 100_000_000
_MOST_TERRITORIES = 100
_MOST_ROWS_OF_ONE = 50_000  # a customer

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]
Cursor = Annotated[str, msgspec.Meta(pattern="^[!-~]{1,500}$")]  # it goes into a header
Revision = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class _Row(msgspec.Struct, tag_field="kind", tag="row"):
    collection: Name
    id: Name
    revision: Revision
    body: msgspec.Raw


class _Start(msgspec.Struct, tag_field="kind", tag="start", rename={"unknown_home": "unknownHome"}):
    epoch: Name
    cursor: Cursor
    total: Annotated[int, msgspec.Meta(ge=0, le=_MOST_ROWS)]
    unknown_home: Annotated[list[Name], msgspec.Meta(max_length=_MOST_TERRITORIES)] = []


class _Page(msgspec.Struct, tag_field="kind", tag="page"):
    after: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


class _End(msgspec.Struct, tag_field="kind", tag="end"):
    pass


class _Changed(msgspec.Struct):
    collection: Name
    id: Name
    revision: Revision
    body: msgspec.Raw


class _Checksum(msgspec.Struct):
    count: Annotated[int, msgspec.Meta(ge=0, le=_MOST_ROWS)]
    sum: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    collections: list[str] | None = None


class _Record(msgspec.Struct):
    collection: Name
    id: Name


class _Feed(msgspec.Struct):
    changes: list[_Changed]
    cursor: Cursor
    more: bool
    checksum: _Checksum | None = None
    closed: list[_Record] | None = None


_Line = _Row | _Start | _Page | _End
_line: msgspec.json.Decoder[_Line] = msgspec.json.Decoder(_Line)
_feed = msgspec.json.Decoder(_Feed)


def feed_page(content: bytes, copied: Collection[str]) -> FeedPage:
    """A page of the feed; a checksum of other collections than those that are `copied` says nothing of this copy, such as
    that of an older back office, which tells everything. Raises BackOfficeAnswerError."""
    page = decoded(content, _feed)
    told = page.checksum
    is_of_this = told is not None and told.collections is not None and set(told.collections) == set(copied)
    checksum = Checksum(told.count, int(told.sum, 16)) if told and is_of_this else None
    closed = None if page.closed is None else tuple((one.collection, one.id) for one in page.closed)
    changes = tuple(_change(row) for row in page.changes)
    return FeedPage(changes, page.cursor, page.more, checksum, closed=closed)


async def snapshot_parts(lines: AsyncIterator[bytes]) -> AsyncGenerator[SnapshotStart | SnapshotPage, None]:
    """Snapshot lines gathered into pages, up to the end line. Raises BackOfficeAnswerError."""
    rows: list[Change] = []
    size = 0
    async for raw in lines:
        line = decoded(raw, _line)
        if isinstance(line, _Row):
            rows.append(_change(line))
            size += len(raw)
            if len(rows) > _MOST_ROWS_A_PAGE or size > _MOST_BYTES_A_PAGE:
                raise BackOfficeAnswerError
        elif isinstance(line, _Start):
            yield SnapshotStart(line.epoch, line.cursor, line.total, tuple(line.unknown_home))
        else:
            yield _page(rows, line)
            rows, size = [], 0


async def profile_in(parts: AsyncIterator[SnapshotStart | SnapshotPage]) -> Profile:
    """All records of one customer, from the same parts. Raises BackOfficeAnswerError."""
    rows: list[Change] = []
    epoch = ""
    async for part in parts:
        if isinstance(part, SnapshotStart):
            epoch = part.epoch
            continue
        rows += part.rows
        if len(rows) > _MOST_ROWS_OF_ONE:
            raise BackOfficeAnswerError
        if epoch and not part.after:
            return Profile(epoch, tuple(rows))
    raise BackOfficeAnswerError


def _page(rows: list[Change], line: _Page | _End) -> SnapshotPage:
    if isinstance(line, _End):
        return SnapshotPage(tuple(rows), "")
    if not rows:
        raise BackOfficeAnswerError  # it gives nothing and says there is more
    return SnapshotPage(tuple(rows), line.after)


def _change(row: _Row | _Changed) -> Change:
    text = bytes(row.body)
    if len(text) > _MOST_BYTES_A_ROW:
        raise BackOfficeAnswerError
    if text == b"null":
        return Change(row.collection, row.id, row.revision, None)
    object_in(text)
    return Change(row.collection, row.id, row.revision, text.decode())
