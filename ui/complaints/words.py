"""What the complaint page says: rows, the primary key and what became of the act."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.complaints.model import ComplaintForm
from app.core.certainty import Certainty
from app.core.words import QT_TRANSLATE_NOOP
from app.network.model import CountedIn, Outage
from app.sync.reasons import LOST_WITH_THE_BACKUP
from ui.complaints.matches import Match, MatchKind
from ui.complaints.state import ComplaintState, Outcome, Phase, Step
from ui.customer.apart import told_apart
from ui.customer.words import promise, ticket_number, ticket_title
from ui.theme.tokens import Level
from ui.widgets.ages import clock_time, day, due
from ui.widgets.ask_first import Question
from ui.widgets.certainty import certainty_cell
from ui.widgets.rows import Cell, Column, Row
from ui.words import discard_words, is_chinese, reason_in_words

translate = QCoreApplication.translate

MATCH_COLUMNS = (Column(24), Column(), Column(180))

CHANNELS = {
    "counter": QT_TRANSLATE_NOOP("channels", "counter"),
    "phone": QT_TRANSLATE_NOOP("channels", "phone"),
    "letter": QT_TRANSLATE_NOOP("channels", "letter"),
    "online": QT_TRANSLATE_NOOP("channels", "online"),
}
_STEPS = {
    Step.CHOOSE_CATEGORY: QT_TRANSLATE_NOOP("complaint", "Next: choose what it is about"),
    Step.DESCRIBE: QT_TRANSLATE_NOOP("complaint", "Next: describe what happened"),
    Step.SAVE: QT_TRANSLATE_NOOP("complaint", "Save complaint"),
    Step.LINK: QT_TRANSLATE_NOOP("complaint", "Link to outage {id}"),
    Step.ADD: QT_TRANSLATE_NOOP("complaint", "Add to ticket {id}"),
    Step.COUNTED_IN: QT_TRANSLATE_NOOP("complaint", "Already counted in on outage {id}"),
    Step.WAIT: QT_TRANSLATE_NOOP("complaint", "Saving…"),
    Step.NOTHING: QT_TRANSLATE_NOOP("complaint", "Save complaint"),
}
_SAVED = {
    MatchKind.ELSE: QT_TRANSLATE_NOOP("complaint", "Saved here."),
    MatchKind.LINK: QT_TRANSLATE_NOOP("complaint", "Saved here: linked to outage {id}."),
    MatchKind.ADD: QT_TRANSLATE_NOOP("complaint", "Saved here: added to ticket {id}."),
}
_FATE = {
    Certainty.WAITING: QT_TRANSLATE_NOOP("complaint", "It goes to head office by itself as soon as the line allows."),
    Certainty.SENDING: QT_TRANSLATE_NOOP("complaint", "It is on its way to head office."),
    Certainty.CONFIRMED: QT_TRANSLATE_NOOP("complaint", "Head office has it."),
    Certainty.REFUSED: QT_TRANSLATE_NOOP("complaint", "Head office refused it: {reason} What now? Ctrl+J."),
    Certainty.DIFFERS: QT_TRANSLATE_NOOP("complaint", "Head office holds something else by now. What now? Ctrl+J."),
    Certainty.UNKNOWN: QT_TRANSLATE_NOOP("complaint", "Head office has not answered; it is being asked. Do not take it again."),
}  # fmt: skip
_EXPLAINED = QT_TRANSLATE_NOOP("complaint", "{reason} Ctrl+J.")
_HELD = {
    Certainty.WAITING: QT_TRANSLATE_NOOP(
        "complaint", "It is safe here and goes to head office once {name} signs in again."
    ),
    Certainty.UNKNOWN: QT_TRANSLATE_NOOP(
        "complaint",
        "It is safe here; head office is asked about it once {name} signs in again. Do not take it again.",
    ),
}


def primary_words(state: ComplaintState) -> str:
    """What the primary key does now."""
    match = state.chosen
    number = ticket_number(match.complaint) if match and match.complaint else match.key if match else ""
    return translate("complaint", _STEPS[state.step]).format(id=number)


def saved_words(outcome: Outcome) -> str:
    """That it is durable, and what it is."""
    if outcome.kind is MatchKind.ADD and not outcome.ticket_id:
        return translate("complaint", "Saved here: added to the complaint that has no number yet.")
    return translate("complaint", _SAVED[outcome.kind]).format(id=outcome.ticket_id)


def fate_words(outcome: Outcome) -> str:
    """What head office made of it so far, or whom it waits for."""
    if outcome.awaited and outcome.certainty in _HELD:
        return translate("complaint", _HELD[outcome.certainty]).format(name=outcome.awaited)
    if outcome.certainty is Certainty.CONFIRMED and outcome.kind is MatchKind.ELSE and outcome.ticket_id:
        return translate("complaint", "Head office has it as ticket {id}.").format(id=outcome.ticket_id)
    is_explained = outcome.reason and (outcome.certainty is Certainty.DIFFERS or outcome.reason == LOST_WITH_THE_BACKUP)
    pattern = _EXPLAINED if is_explained else _FATE[outcome.certainty]
    return translate("complaint", pattern).format(reason=reason_in_words(outcome.reason))


def match_row(match: Match, state: ComplaintState, now: datetime) -> Row:
    """An outage, a ticket or "something else"; the last column says what taking it does."""
    if match.outage is not None and match.counted_in is not None:
        return _counted_row(match.outage, match.counted_in, now)
    if match.outage is not None:
        effect = translate("complaint", "→ link, told when it ends")
        return Row(
            match.key, (Cell("", Level.ACT, "outage"), Cell(_outage(match.outage, now), Level.ACT), Cell(effect))
        )
    if match.complaint is None:
        words = translate("complaint", "Something else")
        return Row(match.key, (Cell(""), Cell(words), Cell(translate("complaint", "→ fill in below"))))
    ticket, is_same = match.complaint, match.complaint.service_id == state.form.service_id != ""
    is_late = ticket.promised is not None and ticket.promised < now
    parts = (
        translate("complaint", "Open ticket: {id}").format(id=ticket_number(ticket)),
        ticket_title(ticket),
        translate("complaint", "same service") if is_same else "",
        promise(ticket, now, is_overdue=is_late),
    )
    words = " · ".join(part for part in parts if part)
    return Row(match.key, (Cell("", Level.LOOK, "complaint"), Cell(words), Cell(translate("complaint", "→ add to it"))))


def headline(state: ComplaintState) -> str:
    """What this page is about, in one line."""
    form = state.form
    if form.replaces:
        what = translate("complaint", "Mend and send the complaint again")
    elif not form.customer_id:
        what = translate("complaint", "Complaint without account")
    else:
        what = translate("complaint", "Doesn't work")
    return " · ".join(part for part in (what, form.customer_name or form.customer_id, service_label(state)) if part)


def service_label(state: ComplaintState) -> str:
    """The chosen service, told from others of its name; empty where none is."""
    form = state.form
    told = told_apart(state.services).get(form.service_id)
    return told.label(form.service_name) if told else form.service_name


def say(state: ComplaintState) -> str:
    """The words to say about the outage that hits the service, in the clerk's language first."""
    outage = next((one.outage for one in state.matches if one.outage), None)
    if outage is None:
        return ""
    both = (outage.say_zh, outage.say_en) if is_chinese() else (outage.say_en, outage.say_zh)
    return "\n".join(words for words in both if words)


def discarding(state: ComplaintState) -> Question | None:
    """How the clerk lets go of what is typed; None where nothing is, or it is not theirs any more to let go of."""
    if is_read_only(state) or state.is_untouched:
        return None
    begun = translate("complaint", "Taken up again, begun {time}").format(time=clock_time(state.form.received_at))
    return Question(begun if state.is_resumed else "", *discard_words())


def legal_words(form: ComplaintForm) -> str:
    """By when the regulator wants an answer, and which regulator; or that no limit is known there."""
    if form.limit is not None:
        return f"{day(form.deadlines.legal)} · {form.limit.regulator}"
    return (
        translate("complaint", "no limit is known for {country}").format(country=form.country) if form.country else ""
    )


def doubt_words(form: ComplaintForm) -> str:
    """Where a limit was read that was not read at its source; empty for one that was."""
    if form.limit is None or form.limit.is_primary_source:
        return ""
    source = form.limit.source_zh if is_chinese() else form.limit.source
    return translate("complaint", "not verified: {source}").format(source=source)


def is_read_only(state: ComplaintState) -> bool:
    """Whether nothing can be changed any more."""
    return state.phase is not Phase.OPEN or not state.may_file


def _counted_row(outage: Outage, counted: CountedIn, now: datetime) -> Row:
    """Grey: there is nothing to take, and why."""
    told = certainty_cell(counted.certainty)
    if counted.certainty is Certainty.CONFIRMED:
        told = Cell(translate("complaint", "nothing more to do"), Level.MUTED)
    parts = (
        _counted_words(counted, now),
        f"{outage.id}, {outage.name}",
        translate("complaint", "back ~{time}").format(time=due(outage.back_at, now)) if outage.back_at else "",
    )
    words = " · ".join(part for part in parts if part)
    return Row(outage.id, (Cell("", Level.MUTED, "outage"), Cell(words, Level.MUTED), told))


def _counted_words(counted: CountedIn, now: datetime) -> str:
    if counted.certainty.needs_a_person:
        return translate("complaint", "Counting in came back: what now? Ctrl+J")
    if counted.since is None:
        return translate("complaint", "Already counted in, told when it ends")
    pattern = translate("complaint", "Already counted in since {time}, told when it ends")
    return pattern.format(time=due(counted.since, now))


def _outage(outage: Outage, now: datetime) -> str:
    parts = (
        translate("complaint", "Outage {id}, {name}").format(id=outage.id, name=outage.name),
        translate("complaint", "since {time}").format(time=due(outage.since, now)) if outage.since else "",
        translate("complaint", "back ~{time}").format(time=due(outage.back_at, now)) if outage.back_at else "",
        translate("complaint", "{count} hit").format(count=outage.customers_hit) if outage.customers_hit else "",
    )
    return " · ".join(part for part in parts if part)
