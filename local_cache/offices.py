"""The one back office this desk works for: outbox, grants and copy are that one's, and never become another's."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select

from app.session.model import OtherOfficeError
from app.sync.model import UNFINISHED
from local_cache import lease_rows
from local_cache.journal_schema import EARLIER_ACTS, OFFICE, clerk, command, effect
from local_cache.meta import read_meta, write_meta
from local_cache.mirror_store import forget_mirror

ADDRESS, KIND = "office_address", "office_kind"


def work_for(connection: Connection, office: str, address: str, kind: str = "") -> bool:
    """Belong to the back office that has just let somebody in; returns whether the desk has left another one for it.

    `kind` says what it is where it has no desk extension. Raises OtherOfficeError while the other one has not got
    everything that was done for it.
    """
    known = read_meta(connection, OFFICE)
    is_other = known not in ("", office)
    if is_other:
        _leave(connection)
    write_meta(connection, OFFICE, office)
    write_meta(connection, ADDRESS, address)
    write_meta(connection, KIND, kind)
    return is_other


def _leave(connection: Connection) -> None:
    """Let go of everyone and everything the other back office vouched for.

    What was done for it stays written down, and so do drafts: they are shown again once the desk works for it again.
    """
    unfinished = select(func.count()).select_from(command).where(command.c.state.in_(UNFINISHED))
    if count := connection.execute(unfinished).scalar_one():
        raise OtherOfficeError(count=str(count), address=read_meta(connection, ADDRESS))
    connection.execute(delete(clerk))
    connection.execute(delete(effect))
    newest = connection.execute(select(func.max(command.c.sequence))).scalar() or 0
    write_meta(connection, EARLIER_ACTS, str(newest))
    forget_mirror(connection)
    lease_rows.forget(connection)
