"""Visits, calls and chats (TMF683): who took them, when they began and ended, and what came of them."""

from __future__ import annotations

from typing import Final

from app.core.clock import to_wire
from backoffice.rules.doings import ACTOR, DEPARTMENT, OUTCOME, done_by, refuse_backwards, timed
from backoffice.rules.port import Body, Records, Rule

_WHEN: Final = "interactionDate"
_START: Final = "startDateTime"
_END: Final = "endDateTime"
_ENDED: Final = frozenset({"completed", "cancelled"})


def _opened(interaction: Body, records: Records) -> Body:
    return _told(interaction, interaction["creationDate"], records)


def _changed(before: Body, after: Body, records: Records) -> Body:
    whose: Body = {name: before[name] for name in (ACTOR, DEPARTMENT) if name in before and name not in after}
    began = before.get(_WHEN, {}).get(_START) or before.get("creationDate") or to_wire(records.now)
    return _told({**after, **whose}, began, records)


def _told(interaction: Body, began: str, records: Records) -> Body:
    when = timed(interaction[_WHEN], _START, began)
    if interaction["status"] in _ENDED or _END in when:
        when = timed(when, _END, to_wire(records.now))
    refuse_backwards(when, _START, _END)
    outcome = {OUTCOME: interaction["status"]} if interaction["status"] in _ENDED else {}
    return done_by({**outcome, **interaction, _WHEN: when}, records)


INTERACTION: Final = Rule(_opened, _changed)
