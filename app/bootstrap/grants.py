"""Grants belong to the back office that gave them: no other one ever sees them."""

from __future__ import annotations

import httpx
from sqlalchemy import update

from local_cache.journal import Journal
from local_cache.journal_schema import clerk
from local_cache.meta import write_meta

GIVEN_BY = "grants_given_by"
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def keep_grants_for(server: str, journal: Journal) -> None:
    """Forget every grant that another back office gave; people sign in again, their commands wait for that."""
    origin = origin_of(server)
    known = journal.meta(GIVEN_BY)
    if known == origin:
        return
    with journal.writing() as connection:
        if known:
            connection.execute(update(clerk).values(token=""))
        write_meta(connection, GIVEN_BY, origin)


def origin_of(server: str) -> str:
    """What makes two addresses the same back office; the embedded one has another port at every start."""
    url = httpx.URL(server)
    return f"{url.scheme}://{url.host}" if url.host in _THIS_MACHINE else f"{url.scheme}://{url.netloc.decode()}"
