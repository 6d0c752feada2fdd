"""What the store holds: TM Forum resources as JSON documents, each with a place in the one sequence of changes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import msgspec

Body = dict[str, Any]
_log = logging.getLogger(__name__)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True, slots=True)
class Document:
    """One resource as it is loaded in bulk; `body` holds its attributes as TM Forum names them."""

    collection: str
    id: str
    body: Body


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One resource at a revision; `text` is its body as JSON, None once it is deleted.

    `row` is its number in the tables, the revision at which it was made; 0 where it is not known. `has_left` says that it is
    not deleted but out of the reader's view.
    """

    collection: str
    id: str
    revision: int
    text: str | None
    territory: str = ""
    row: int = 0
    has_left: bool = False

    @property
    def body(self) -> Body:
        """The attributes; empty once deleted."""
        return {} if self.text is None else from_json(self.text)


def to_json(value: object) -> str:
    """Write `value` as compact JSON."""
    return _encoder.encode(value).decode()


def address_in(text: str) -> str:
    """Of a body as JSON only which one it is and where."""
    body = from_json(text)
    return to_json({name: body[name] for name in ("id", "href") if name in body})


def readable(collection: str, document_id: str, text: str) -> Body | None:
    """The body, or None where it cannot be read. The log says so: one record must keep no back office from starting."""
    try:
        return from_json(text)
    except msgspec.DecodeError:
        _log.warning("%s/%s cannot be read and is left out", collection, document_id)
        return None


def from_json(text: str | bytes) -> Body:
    """Read a JSON object. Raises msgspec.DecodeError."""
    return _decoder.decode(text)
