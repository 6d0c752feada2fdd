"""The lines of Home: acts, what is begun, and what is parked at the hall."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.core.certainty import Certainty
from app.core.commands import Pending
from app.core.drafts import Draft, Place
from app.drafts.model import ParkedDraft
from ui.home.view_model import needs_a_person
from ui.theme.tokens import Level
from ui.widgets.ages import age, clock_time
from ui.widgets.certainty import certainty_cell
from ui.widgets.rows import Cell, Column, Row
from ui.words import act_customer, act_sentence, held_words, parked_sentence, reason_in_words, way_words

COLUMNS = (Column(116), Column(), Column(160), Column(64, is_right=True))
_CERTAINTY = {
    Place.WAITS: Certainty.WAITING,
    Place.PARKING: Certainty.SENDING,
    Place.FETCHING: Certainty.SENDING,
}


def row_of(one: Pending | Draft | ParkedDraft, awaited: str, now: datetime) -> Row:
    """The line; `awaited` names who has to sign in before an act can go on."""
    if isinstance(one, Draft):
        return _draft(one, now)
    return _parked(one, now) if isinstance(one, ParkedDraft) else _act(one, awaited, now)


def _act(act: Pending, awaited: str, now: datetime) -> Row:
    level = Level.ACT if needs_a_person(act) else Level.PLAIN
    parts = (act_sentence(act.command), reason_in_words(act.reason), held_words(awaited))
    cells = (
        certainty_cell(act.certainty),
        Cell(" · ".join(part for part in parts if part), level),
        Cell(act_customer(act.command), Level.MUTED),
        Cell(age(act.command.made_at, now), Level.MUTED),
    )
    return Row(act.command.id, cells)


def _draft(draft: Draft, now: datetime) -> Row:
    begun = Cell(QCoreApplication.translate("HomePage", "unfinished"), Level.LOOK, "complaint")
    cells = (
        begun if draft.place is Place.HERE else certainty_cell(_CERTAINTY[draft.place]),
        Cell(way_words(draft, clock_time(draft.begun_at)), Level.LOOK if draft.trouble else Level.PLAIN),
        Cell(""),
        Cell(age(draft.begun_at, now), Level.MUTED),
    )
    return Row(draft.id, cells)


def _parked(parked: ParkedDraft, now: datetime) -> Row:
    cells = (
        Cell(QCoreApplication.translate("HomePage", "at the hall"), Level.PLAIN, "complaint"),
        Cell(parked_sentence(parked, clock_time(parked.parked_at))),
        Cell(parked.author_name, Level.MUTED),
        Cell(age(parked.parked_at, now), Level.MUTED),
    )
    return Row(parked.id, cells)
