"""Read-only views for analysis: what was done by whom, how long it took and how it ended (docs/analysis.md).

They are made of the declared columns, in which instants are sound: so a view can be read to its end, whatever a record holds.
Of what clients may fill with free text only codes are told, so that nothing personal is, beyond ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, MetaData

from backoffice.dialect import is_postgresql

_INTERACTION: Final = {
    "status": "status", "direction": "direction", "channel": "channel.id", "actor": "actor", "department": "department",
    "outcome": "outcome", "created_at": "creationDate", "started_at": "interactionDate.startDateTime",
    "ended_at": "interactionDate.endDateTime",
}  # fmt: skip
_STEP: Final = {
    "process": "processFlow.id", "step": "taskFlowSpecification", "state": "state", "mandatory": "isMandatory",
    "actor": "actor", "department": "department", "outcome": "outcome", "started_at": "startDate", "ended_at": "endDate",
}  # fmt: skip
_CODES: Final = frozenset({"status", "direction", "channel", "outcome", "state", "step", "kind"})
_VIEWS: Final = ("view_interaction", "view_process_step")
_PROCESS: Final = {"kind": "processFlowSpecification", "created_at": "processFlowDate"}


@dataclass(frozen=True, slots=True)
class _Words:
    """What the engines say differently: the seconds between two instants, and whether a value is a code.

    A code begins with a letter of ASCII, has no blanks and no number of a telephone in it.
    """

    seconds: Callable[[str, str], str]
    is_code: str


def make_views(_metadata: MetaData, connection: Connection, **_: Any) -> None:
    """Make the views in a new database."""
    words = _POSTGRESQL if is_postgresql(connection) else _SQLITE
    for name, query in zip(_VIEWS, (_interactions(words), _steps(words)), strict=True):
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {query}")


def drop_views(_metadata: MetaData, connection: Connection, **_: Any) -> None:
    """Let go of the tables, which PostgreSQL does not drop under a view."""
    for name in _VIEWS:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")


def _interactions(words: _Words) -> str:
    told = ", ".join(f"said.{name}" for name in _INTERACTION)
    return f"""
        WITH said AS ({_said("partyInteraction", _INTERACTION, words)}), owned AS ({_owned("partyInteraction")})
        SELECT document.id AS interaction, owned.customer, {told},
               {words.seconds("said.started_at", "said.ended_at")} AS duration_s
        FROM document LEFT JOIN said ON said."row" = document."row" LEFT JOIN owned ON owned."row" = document."row"
        WHERE document.collection = 'partyInteraction' AND NOT document.deleted"""  # noqa: S608 - of constants of this module


def _steps(words: _Words) -> str:
    told = ", ".join(f"said.{name}" for name in _STEP)
    return f"""
        WITH said AS ({_said("taskFlow", _STEP, words)}), flow AS ({_said("processFlow", _PROCESS, words)}),
             owned AS ({_owned("taskFlow")})
        SELECT document.id AS task, flow.kind AS process_kind, owned.customer, {told}, flow.created_at,
               {words.seconds("flow.created_at", "said.started_at")} AS waiting_s,
               {words.seconds("said.started_at", "said.ended_at")} AS duration_s
        FROM document LEFT JOIN said ON said."row" = document."row" LEFT JOIN owned ON owned."row" = document."row"
             LEFT JOIN document AS process
                  ON process.collection = 'processFlow' AND process.id = said.process AND NOT process.deleted
             LEFT JOIN flow ON flow."row" = process."row"
        WHERE document.collection = 'taskFlow' AND NOT document.deleted"""  # noqa: S608 - of constants of this module


def _said(collection: str, paths: Mapping[str, str], words: _Words) -> str:
    """The declared columns of a collection, one row for each of its documents."""
    columns = ", ".join(
        f"min(CASE WHEN declared.path = '{path}'{f' AND {words.is_code}' if name in _CODES else ''} THEN value END) AS {name}"
        for name, path in paths.items()
    )
    return f"""SELECT attribute."row", {columns} FROM attribute JOIN declared ON declared.number = attribute.declared
               WHERE declared.collection = '{collection}' GROUP BY attribute."row" """  # noqa: S608 - of constants of this module


def _owned(collection: str) -> str:
    """The customer to whom each document of a collection belongs; of several the first by id."""
    return f"""SELECT attribute."row", min(value) AS customer FROM attribute
               JOIN declared ON declared.number = attribute.declared
               JOIN belongs ON belongs.owner = 'customer/' || value AND belongs."row" = attribute."row"
               WHERE declared.collection = '{collection}' AND declared.path = 'relatedParty.id'
               GROUP BY attribute."row" """  # noqa: S608 - of constants of this module


def _sqlite_seconds(start: str, end: str) -> str:
    return f"round((julianday({end}) - julianday({start})) * 86400, 3)"


def _postgresql_seconds(start: str, end: str) -> str:
    return f"round(extract(epoch FROM {end}::timestamptz - {start}::timestamptz), 3)::float8"


_SQLITE: Final = _Words(
    _sqlite_seconds,
    "value GLOB '[A-Za-z]*' AND value NOT GLOB '*[^A-Za-z0-9_.-]*' AND length(value) <= 64 "
    "AND value NOT GLOB '*[0-9][0-9][0-9][0-9][0-9]*'",
)
_POSTGRESQL: Final = _Words(_postgresql_seconds, "value ~ '^[A-Za-z][A-Za-z0-9_.-]{0,63}$' AND value !~ '[0-9]{5}'")
