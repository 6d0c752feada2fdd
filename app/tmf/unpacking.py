"""The bytes of an answer, unpacked a bounded piece at a time: a small answer never becomes a large memory."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

import httpx

from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError

ACCEPTED = "gzip"
_PIECE = 64 * 1024
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_LONGEST_LINE = 1024 * 1024


async def unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body in small pieces, as it comes. Raises BackOfficeAnswerError for a packing that was not asked for."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", ACCEPTED):
        raise BackOfficeAnswerError
    unpacker = zlib.decompressobj(wbits=_GZIP_WINDOW) if packing == ACCEPTED else None
    async for chunk in response.aiter_raw():
        if unpacker is None:
            yield chunk
            continue
        for piece in _pieces(unpacker, chunk):
            yield piece
    if unpacker is not None and not unpacker.eof:
        raise BackOfficeUnreachableError


async def lines_of(response: httpx.Response) -> AsyncIterator[bytes]:
    """The lines of a stream as they come; one that never ends is nobody's answer."""
    held = bytearray()
    async for piece in unpacked(response):
        *lines, rest = piece.split(b"\n")
        for line in lines:
            held += line
            yield _bounded(held)
            held.clear()
        held += rest
        _bounded(held)


def _bounded(line: bytearray) -> bytes:
    if len(line) > _LONGEST_LINE:
        raise BackOfficeAnswerError
    return bytes(line)


def _pieces(unpacker: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
    piece = b" " * _PIECE
    while chunk or len(piece) == _PIECE:  # a full piece may have left something inside
        try:
            piece = unpacker.decompress(chunk, _PIECE)
        except zlib.error as error:
            raise BackOfficeAnswerError from error
        chunk = unpacker.unconsumed_tail
        yield piece
