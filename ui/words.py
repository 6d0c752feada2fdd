"""What errors, reasons, categories and acts are called in the clerk's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale

from app.complaints import commands, drafts
from app.complaints.model import CATEGORIES, CATEGORY_BY_CODE, Category
from app.core.commands import Command
from app.core.drafts import Draft, Place
from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP, sentence_of
from app.drafts.model import ParkedDraft, ParkedState

_CATEGORY_BY_NAME = {category.en: category for category in CATEGORIES}
_ACTS = {
    commands.FILE: QT_TRANSLATE_NOOP("acts", "Complaint: {what}"),
    commands.ADD_CONTACT: QT_TRANSLATE_NOOP("acts", "Asked again: {what}"),
    commands.LINK_OUTAGE: QT_TRANSLATE_NOOP("acts", "Counted in on outage: {what}"),
}

_DRAFTS = {
    drafts.KIND: (
        QT_TRANSLATE_NOOP("drafts", "Unfinished complaint for {name}, {time}"),
        QT_TRANSLATE_NOOP("drafts", "Unfinished complaint without account, {time}"),
    )
}

_ANY_DRAFT = (
    QT_TRANSLATE_NOOP("drafts", "Unfinished work for {name}, {time}"),
    QT_TRANSLATE_NOOP("drafts", "Unfinished work, {time}"),
)
_NOT_PARKED = QT_TRANSLATE_NOOP("drafts", "{what} · not parked: {reason}")
_STUCK = QT_TRANSLATE_NOOP("drafts", "{what} · {reason}")
_WAYS = {
    Place.WAITS: QT_TRANSLATE_NOOP("drafts", "{what} · goes to the hall once the line allows; Enter keeps it here"),
    Place.PARKING: QT_TRANSLATE_NOOP("drafts", "{what} · on its way to the hall"),
    Place.FETCHING: QT_TRANSLATE_NOOP("drafts", "{what} · on its way from the hall"),
}
_PARKED = {drafts.KIND: QT_TRANSLATE_NOOP("drafts", "Parked complaint: {what}, {time}")}
_ANY_PARKED = QT_TRANSLATE_NOOP("drafts", "Parked work, {time}")
_PARKED_STATES = {
    ParkedState.CLAIMED: QT_TRANSLATE_NOOP("drafts", "{what} · {name} is taking it up"),
    ParkedState.EXPIRED: QT_TRANSLATE_NOOP("drafts", "{what} · expired, only for its author or a supervisor"),
}


def in_words(error: DeskError | None) -> str:
    """The error's sentence with its own words filled in; empty for none."""
    return QCoreApplication.translate("errors", error.text).format(**error.params) if error else ""


def reason_in_words(reason: str) -> str:
    """A reason: translated where it is one of our own sentences, as it came where it is head office's."""
    sentence, words = sentence_of(reason)
    said = QCoreApplication.translate("errors", sentence) if sentence else ""
    return said.format(**words) if words else said


def is_chinese() -> bool:
    """Whether the window speaks Chinese now."""
    return QLocale().language() == QLocale.Language.Chinese


def category_word(category: Category) -> str:
    """What the complaint is about, in a few words."""
    return category.zh if is_chinese() else category.en


def title_word(title: str) -> str:
    """A ticket's title: one of our categories in the clerk's language, anything else as it came."""
    category = _CATEGORY_BY_NAME.get(title)
    return category_word(category) if category else title


def held_words(name: str) -> str:
    """Why an act waits, and until when; empty where it waits for nobody's sign-in."""
    return (
        QCoreApplication.translate("acts", "safe here, goes on once {name} signs in again").format(name=name)
        if name
        else ""
    )


def act_sentence(command: Command) -> str:
    """What was done, in one line."""
    pattern = _ACTS.get(command.kind)
    what = title_word(command.title)
    return QCoreApplication.translate("acts", pattern).format(what=what) if pattern else what


def draft_sentence(draft: Draft, time: str) -> str:
    """What was begun, for whom and when, in one line."""
    for_somebody, for_nobody = _DRAFTS.get(draft.kind, _ANY_DRAFT)
    name = draft.customer_name or draft.customer_id
    return QCoreApplication.translate("drafts", for_somebody if name else for_nobody).format(name=name, time=time)


def way_words(draft: Draft, time: str) -> str:
    """The same with where it is going, where it is on its way, and what is wrong with that."""
    what, pattern = draft_sentence(draft, time), _WAYS.get(draft.place)
    said = QCoreApplication.translate("drafts", pattern).format(what=what) if pattern else what
    if not draft.trouble:
        return said
    worded = _NOT_PARKED if draft.place is Place.HERE else _STUCK
    return QCoreApplication.translate("drafts", worded).format(what=said, reason=reason_in_words(draft.trouble))


def parked_sentence(parked: ParkedDraft, time: str) -> str:
    """What is parked, as far as everybody may know it, and whether it can be had."""
    category = CATEGORY_BY_CODE.get(parked.subject)
    about = category_word(category) if category else QCoreApplication.translate("drafts", "not said yet")
    pattern = QCoreApplication.translate("drafts", _PARKED.get(parked.kind, _ANY_PARKED))
    what, state = pattern.format(what=about, time=time), _PARKED_STATES.get(parked.state)
    return QCoreApplication.translate("drafts", state).format(what=what, name=parked.claimed_by) if state else what


def discard_words(sentence: str = "") -> tuple[str, str, str, str]:
    """How something unfinished is let go of: the act, what is asked before, no and yes.

    `sentence` names it where it is not what the page itself is about.
    """
    named = QCoreApplication.translate("drafts", "Discard for ever? {what}").format(what=sentence)
    return (
        QCoreApplication.translate("drafts", "Discard…"),
        named
        if sentence
        else QCoreApplication.translate("drafts", "Discard what was typed? It cannot be brought back."),
        QCoreApplication.translate("drafts", "Keep it"),
        QCoreApplication.translate("drafts", "Discard it"),
    )


def act_customer(command: Command) -> str:
    """For whom it was done: the name where the act holds one, else the customer number."""
    return _named_party(command.body) or command.customer_id


def _named_party(body: object) -> str:
    parties: Any = body.get("relatedParty") if isinstance(body, Mapping) else None
    return next((str(one.get("name") or "") for one in parties or ()), "")
