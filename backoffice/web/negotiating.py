"""Whether a client takes JSON, as its Accept header says (RFC 9110)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from starlette.requests import Request

from backoffice.errors import NotAcceptableError

_RANGES: Final = ("*/*", "application/*", "application/json")  # the later, the more it has to say


def demand_json_is_taken(request: Request) -> None:
    """Raise NotAcceptableError where JSON is nothing that the client takes."""
    if not takes_json(",".join(request.headers.getlist("accept"))):
        raise NotAcceptableError


def takes_json(header: str) -> bool:
    """Whether JSON is among what is taken; the narrowest range that means it decides. No header takes everything."""
    if not header.strip(" ,"):
        return True
    meant = sorted((_RANGES.index(name), quality) for name, quality in _ranges(header) if name in _RANGES)
    return bool(meant) and meant[-1][1] > 0


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    for one in header.lower().split(","):
        name, *parameters = (part.strip() for part in one.split(";"))
        weights = [part.partition("=")[2].strip() for part in parameters if part.partition("=")[0].strip() == "q"]
        yield name, _number(weights[0]) if weights else 1.0


def _number(text: str) -> float:
    """A weight; one that cannot be read weighs in full."""
    try:
        return float(text)
    except ValueError:
        return 1.0
