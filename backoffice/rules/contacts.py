"""Visits, calls and chats (TMF683): who took them, when they began and ended, and what came of them."""

from __future__ import annotations

from typing import Final

from app.core.clock import to_wire
from backoffice.rules.doings import ACTOR, DEPARTMENT, OUTCOME, done_by, refuse_backwards, timed
from backoffice.rules.port import Body, Records, Rule

_WHEN: Final = "interactionDate"
_START: Final = "startDateTime"
_END: Final = "endDateTime"
_TOUCHED: Final = (_WHEN, "status", ACTOR, DEPARTMENT, OUTCOME)
_ENDED: Final = ("completed", "cancelled")


def _opened(interaction: Body, records: Records) -> Body:
    return _told(interaction, interaction["creationDate"], records)


def _changed(before: Body, after: Body, records: Records) -> Body:
    if all(after.get(name) == before.get(name) for name in _TOUCHED) or not isinstance(after.get(_WHEN), dict):
        return after  # what a change did not touch is not its fault
    whose: Body = {name: before[name] for name in (ACTOR, DEPARTMENT) if name in before and name not in after}
    had = before.get(_WHEN)
    began = (had.get(_START) if isinstance(had, dict) else None) or before.get("creationDate") or to_wire(records.now)
    return _told({**after, **whose}, began, records)


def _told(interaction: Body, began: str, records: Records) -> Body:
    when = timed(interaction[_WHEN], _START, began)
    if interaction.get("status") in _ENDED or _END in when:
        when = timed(when, _END, to_wire(records.now))
    refuse_backwards(when, _START, _END)
    outcome = {OUTCOME: interaction["status"]} if interaction.get("status") in _ENDED else {}
    return done_by({**outcome, **interaction, _WHEN: when}, records)


INTERACTION: Final = Rule(_opened, _changed)
