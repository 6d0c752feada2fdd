"""What there is to decide, and what each choice does, in the clerk's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.core.commands import Pending
from app.core.words import QT_TRANSLATE_NOOP, sentence_of
from app.sync.model import HELD_TWICE, OUTCOME_UNKNOWN
from ui.customer.facts import Fact
from ui.needs_you.view_model import Choice, NeedsYouState
from ui.widgets.ages import day, time_of_day
from ui.words import act_customer, act_sentence, reason_in_words

translate = QCoreApplication.translate

_CHOICES = {
    Choice.MEND: QT_TRANSLATE_NOOP("needs-you", "Mend and send again"),
    Choice.SEND_AGAIN: QT_TRANSLATE_NOOP("needs-you", "Send again"),
    Choice.SET_ASIDE: QT_TRANSLATE_NOOP("needs-you", "Set aside"),
}
_EFFECTS = {
    Choice.MEND: QT_TRANSLATE_NOOP(
        "needs-you", "Opens the form with everything as it was sent. Saving it replaces this one."
    ),
    Choice.SEND_AGAIN: QT_TRANSLATE_NOOP(
        "needs-you", "Goes to head office once more, as it was, with your name. The lost one leaves the list."
    ),
    Choice.SET_ASIDE: QT_TRANSLATE_NOOP(
        "needs-you", "Head office will not get this. It leaves the list and stays in the journal, with your name."
    ),
}
_LEAVES_AS_IT_IS = QT_TRANSLATE_NOOP(
    "needs-you",
    "Nothing is sent or changed at head office. It leaves the list and stays in the journal, with your name.",
)
_HEAD_OFFICE_MAY_HAVE_IT = (OUTCOME_UNKNOWN, HELD_TWICE)


def choice_words(choice: Choice) -> str:
    """What is done."""
    return translate("needs-you", _CHOICES[choice])


def effect_words(state: NeedsYouState) -> str:
    """What the chosen act does, before its key is pressed."""
    if state.choice is Choice.SET_ASIDE and state.shown and _may_be_there(state.shown):
        return translate("needs-you", _LEAVES_AS_IT_IS)
    return translate("needs-you", _EFFECTS[state.choice]) if state.choice else ""


def primary_words(state: NeedsYouState) -> str:
    """What Ctrl+Enter does now."""
    return choice_words(state.choice) if state.choice else translate("needs-you", "Next: choose what to do")


def facts_of(act: Pending) -> list[Fact]:
    """What was sent, by whom, and why it came back."""
    command = act.command
    made = f"{day(command.made_at)} {time_of_day(command.made_at)}"
    service, text = _sent(command.body)
    return [
        (translate("needs-you", "Why"), reason_in_words(act.reason)),
        (translate("needs-you", "What"), act_sentence(command)),
        (translate("needs-you", "For"), act_customer(command)),
        (translate("needs-you", "Service"), service),
        (translate("needs-you", "Text"), text),
        (translate("needs-you", "Owner"), f"{command.author} · {made}"),
    ]


def _may_be_there(act: Pending) -> bool:
    """Whether head office has it, or may have it, all the same."""
    return sentence_of(act.reason)[0] in _HEAD_OFFICE_MAY_HAVE_IT


def _sent(body: Any) -> tuple[str, str]:
    """The service and the words of an act, from what was sent."""
    if isinstance(body, Mapping):
        service = next((str(one.get("name") or one.get("id") or "") for one in body.get("relatedEntity") or ()), "")
        return service, str(body.get("description") or "")
    return "", next((str(one["value"].get("text") or "") for one in body), "")
