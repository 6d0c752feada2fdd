"""What there is to decide, and what each choice does, in the clerk's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.core.certainty import Certainty
from app.core.commands import Command, Pending, There
from app.core.words import QT_TRANSLATE_NOOP, sentence_of
from app.rules.merging import Difference, Path, differences
from app.sync.reasons import HELD_TWICE, OUTCOME_UNKNOWN
from ui.customer.facts import Fact
from ui.customer.words import value_word
from ui.needs_you.versions import in_words
from ui.needs_you.view_model import Choice, NeedsYouState
from ui.widgets.ages import day, time_of_day
from ui.words import act_customer, act_sentence, reason_in_words

translate = QCoreApplication.translate

_CHOICES = {
    Choice.MEND: QT_TRANSLATE_NOOP("needs-you", "Mend and send again"),
    Choice.SEND_AGAIN: QT_TRANSLATE_NOOP("needs-you", "Send again"),
    Choice.ADOPT: QT_TRANSLATE_NOOP("needs-you", "Adopt and send"),
    Choice.SEND_ON_TOP: QT_TRANSLATE_NOOP("needs-you", "Send mine on top"),
    Choice.DROP: QT_TRANSLATE_NOOP("needs-you", "Drop mine"),
    Choice.SET_ASIDE: QT_TRANSLATE_NOOP("needs-you", "Set aside"),
}
_EFFECTS = {
    Choice.MEND: QT_TRANSLATE_NOOP(
        "needs-you", "Opens the form with everything as it was sent. Saving it replaces this one."
    ),
    Choice.SEND_AGAIN: QT_TRANSLATE_NOOP(
        "needs-you", "Goes to head office once more, as it was, with your name. The lost one leaves the list."
    ),
    Choice.ADOPT: QT_TRANSLATE_NOOP(
        "needs-you",
        "It goes to head office under your sign-in. Both names, {author} and yours, are recorded there and here.",
    ),
    Choice.SEND_ON_TOP: QT_TRANSLATE_NOOP(
        "needs-you",
        "What you wanted takes the place of what is there now, in these fields only. Your name stays in the journal.",
    ),
    Choice.DROP: QT_TRANSLATE_NOOP(
        "needs-you", "What is there now stays. Yours leaves the list and stays in the journal, with your name."
    ),
    Choice.SET_ASIDE: QT_TRANSLATE_NOOP(
        "needs-you", "Head office will not get this. It leaves the list and stays in the journal, with your name."
    ),
}
_LEAVES_AS_IT_IS = QT_TRANSLATE_NOOP(
    "needs-you",
    "Nothing is sent or changed at head office. It leaves the list and stays in the journal, with your name.",
)
_STAYS_GONE = QT_TRANSLATE_NOOP(
    "needs-you",
    "It stays deleted, or out of your sight. Yours leaves the list and stays in the journal, with your name.",
)
_HEAD_OFFICE_MAY_HAVE_IT = (OUTCOME_UNKNOWN, HELD_TWICE)


_FIELDS = {
    "name": QT_TRANSLATE_NOOP("needs-you", "Title"),
    "description": QT_TRANSLATE_NOOP("needs-you", "Text"),
    "severity": QT_TRANSLATE_NOOP("needs-you", "Severity"),
    "priority": QT_TRANSLATE_NOOP("needs-you", "Priority"),
    "status": QT_TRANSLATE_NOOP("needs-you", "Status"),
    "note": QT_TRANSLATE_NOOP("needs-you", "Notes"),
    "channel": QT_TRANSLATE_NOOP("needs-you", "Came in by"),
    "relatedParty": QT_TRANSLATE_NOOP("needs-you", "Who is concerned"),
    "relatedEntity": QT_TRANSLATE_NOOP("needs-you", "What is concerned"),
    "attachment": QT_TRANSLATE_NOOP("needs-you", "Attachments"),
    "ticketType": QT_TRANSLATE_NOOP("needs-you", "Kind"),
    "state": QT_TRANSLATE_NOOP("needs-you", "Status"),
    "statusReason": QT_TRANSLATE_NOOP("needs-you", "Why that status"),
    "statusChangeReason": QT_TRANSLATE_NOOP("needs-you", "Why that status"),
    "statusChangeDate": QT_TRANSLATE_NOOP("needs-you", "In that status since"),
    "statusChange": QT_TRANSLATE_NOOP("needs-you", "Earlier statuses"),
    "requestedResolutionDate": QT_TRANSLATE_NOOP("needs-you", "Wanted by"),
    "expectedResolutionDate": QT_TRANSLATE_NOOP("needs-you", "Promised by"),
    "resolutionDate": QT_TRANSLATE_NOOP("needs-you", "Resolved"),
    "contactMedium": QT_TRANSLATE_NOOP("needs-you", "Contact details"),
    "individualIdentification": QT_TRANSLATE_NOOP("needs-you", "Identity documents"),
    "creditLimit": QT_TRANSLATE_NOOP("needs-you", "Credit limit"),
    "creditProfile": QT_TRANSLATE_NOOP("needs-you", "Credit"),
    "paymentPlan": QT_TRANSLATE_NOOP("needs-you", "Instalments"),
    "billingAccount": QT_TRANSLATE_NOOP("needs-you", "Account"),
    "productOffering": QT_TRANSLATE_NOOP("needs-you", "Plan"),
    "productPrice": QT_TRANSLATE_NOOP("needs-you", "Price"),
    "productCharacteristic": QT_TRANSLATE_NOOP("needs-you", "Settings"),
    "serviceCharacteristic": QT_TRANSLATE_NOOP("needs-you", "Settings"),
    "place": QT_TRANSLATE_NOOP("needs-you", "Place"),
}
_IN_WORDS_OF_OURS = ("severity", "priority", "status")
_OTHERS_WERE_QUICKER = QT_TRANSLATE_NOOP("needs-you", "Others changed it before yours arrived. You decide.")
_NOBODY_SAYS = QT_TRANSLATE_NOOP(
    "needs-you", "Head office does not say how it is there now. Look there, then set this aside or do it anew."
)
_IT_IS_GONE = QT_TRANSLATE_NOOP("needs-you", "It was deleted at head office, or is not yours to see any more.")


def choice_words(choice: Choice) -> str:
    """What is done."""
    return translate("needs-you", _CHOICES[choice])


def effect_words(state: NeedsYouState) -> str:
    """What the chosen act does, before its key is pressed."""
    if state.choice is None:
        return ""
    if state.choice is Choice.SET_ASIDE and state.shown and _may_be_there(state.shown):
        return translate("needs-you", _LEAVES_AS_IT_IS)
    if state.choice is Choice.DROP and state.shown and state.shown.there == There():
        return translate("needs-you", _STAYS_GONE)
    author = state.awaited.get(state.shown_id, "")
    return translate("needs-you", _EFFECTS[state.choice]).replace("{author}", author)


def primary_words(state: NeedsYouState) -> str:
    """What Ctrl+Enter does now."""
    return choice_words(state.choice) if state.choice else translate("needs-you", "Next: choose what to do")


def facts_of(act: Pending, awaited: str = "") -> list[Fact]:
    """What was sent, by whom, and why it came back; `awaited` names whose sign-in it waits for."""
    command = act.command
    made = f"{day(command.made_at)} {time_of_day(command.made_at)}"
    service, text = _sent(command.body)
    return [
        (translate("needs-you", "Why"), why(act, awaited)),
        (translate("needs-you", "What"), act_sentence(command)),
        (translate("needs-you", "For"), act_customer(command)),
        (translate("needs-you", "Service"), service),
        (translate("needs-you", "Text"), text),
        (translate("needs-you", "Owner"), f"{_owner(command)} · {made}"),
    ]


def _may_be_there(act: Pending) -> bool:
    """Whether head office has it, or may have it, all the same."""
    return _is_unread(act) or sentence_of(act.reason)[0] in _HEAD_OFFICE_MAY_HAVE_IT


def _is_unread(act: Pending) -> bool:
    """Whether it differs, and head office does not say from what."""
    return act.certainty is Certainty.DIFFERS and act.there is None and not act.reason


def versions_of(act: Pending) -> list[Fact]:
    """Field by field what was wanted, what is there now and what was seen; nothing where there is but one version."""
    if act.there is None or act.there.body is None:
        return []
    told = differences(act.command.seen or {}, act.command.body, act.there.body)
    return [(_field_words(one.path), _version_words(one)) for one in told]


def why(act: Pending, awaited: str = "") -> str:
    """Why a person has to decide."""
    if awaited:
        told = translate("needs-you", "{author} is no longer accepted at head office. A supervisor can adopt this.")
        return told.replace("{author}", awaited)
    if _is_unread(act):
        return translate("needs-you", _NOBODY_SAYS)
    if act.there is None:
        return reason_in_words(act.reason)
    return translate("needs-you", _OTHERS_WERE_QUICKER if act.there.body is not None else _IT_IS_GONE)


def _owner(command: Command) -> str:
    if not command.adopted_by:
        return command.author
    told = translate("needs-you", "{author}, adopted by {adopter}")
    return told.replace("{author}", command.author).replace("{adopter}", command.adopted_by)


def _field_words(path: Path) -> str:
    known = _FIELDS.get(path[0])
    return " › ".join((translate("needs-you", known) if known else path[0], *path[1:]))


def _version_words(one: Difference) -> str:
    patterns = {
        True: translate("needs-you", "yours: {wanted} · there now: {there} · you saw: {seen}"),
        False: translate("needs-you", "there now: {there} · you saw: {seen}"),
    }
    say = value_word if one.path[0] in _IN_WORDS_OF_OURS else str
    values = {"there": one.there, "seen": one.seen} | ({"wanted": one.wanted} if one.is_wanted else {})
    parts = dict(zip(values, map(say, in_words(list(values.values()))), strict=True))
    return patterns[one.is_wanted].format(**parts)


def _sent(body: Any) -> tuple[str, str]:
    """The service and the words of an act, from what was sent."""
    if isinstance(body, Mapping):
        service = next((str(one.get("name") or one.get("id") or "") for one in body.get("relatedEntity") or ()), "")
        return service, str(body.get("description") or "")
    return "", next((str(one["value"].get("text") or "") for one in body), "")
