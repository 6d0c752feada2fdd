"""What a desk's files hold, looked at from outside the program."""

from __future__ import annotations

from sqlalchemy import select

from local_cache import audit
from local_cache.journal import Journal
from local_cache.journal_schema import command
from local_cache.mirror import MirrorFile
from local_cache.mirror_store import POINTER
from local_cache.profile import Profile
from tests.contract.desks import KEY, REGION

COPIED = ("troubleTicket", "serviceProblem")  # what the acts are about


def states_in(journal: Journal) -> dict[str, str]:
    """How every act stands, in the order in which they were made."""
    with journal.reading() as connection:
        rows = connection.execute(select(command.c.id, command.c.state).order_by(command.c.sequence))
        return {row.id: row.state for row in rows}


def audit_is_whole(journal: Journal) -> bool:
    """Whether nothing is missing in the audit chain."""
    with journal.reading() as connection:
        return audit.first_break(connection) is None


def held_in(profile: Profile, journal: Journal) -> dict[str, int]:
    """The revision of every ticket and outage in the copy in use."""
    copy = MirrorFile(profile, int(journal.meta(POINTER)), KEY, REGION, only_look=True)
    try:
        with copy.reading() as connection:
            return {
                f"{name}/{row.id}": row.revision
                for name in COPIED
                for row in connection.exec_driver_sql(f'SELECT id, revision FROM "{name}"')
            }
    finally:
        copy.close()


def sequence_of(cursor: str) -> int:
    """Up to which change at head office a cursor has come."""
    return int(cursor.rpartition(".")[2] or 0)
