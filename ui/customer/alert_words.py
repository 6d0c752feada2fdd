"""The sentences of "What matters", long for the side and short for the strip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.rules.phones import shown_phone
from ui.customer.alerts import Alert, AlertKind
from ui.customer.state import CustomerState
from ui.customer.words import money_words, ticket_title, value_word
from ui.strip import Alert as StripAlert
from ui.strip import StripState
from ui.theme.tokens import Level
from ui.widgets.ages import due

translate = QCoreApplication.translate

LEVELS = {
    AlertKind.OUTAGE: Level.ACT,
    AlertKind.OVERDUE: Level.ACT,
    AlertKind.DUE: Level.LOOK,
    AlertKind.INACTIVE: Level.LOOK,
}
ICONS = {
    AlertKind.OUTAGE: "outage",
    AlertKind.OVERDUE: "complaint",
    AlertKind.DUE: "note",
    AlertKind.INACTIVE: "person",
}


def sentence(alert: Alert, state: CustomerState) -> str:
    """What matters, in full."""
    return _SENTENCES[alert.kind](alert, state)


def strip_of(state: CustomerState) -> StripState | None:
    """Who the page is about, for the strip; None until that is known."""
    if state.overview is None:
        return None
    customer = state.overview.customer.value
    phone = next(iter(customer.contacts.phones), "")
    alerts = tuple(
        StripAlert(_short(alert, state.now), LEVELS[alert.kind], ICONS[alert.kind]) for alert in state.alerts
    )
    number = shown_phone(phone) or (customer.id if customer.name else "")
    return StripState(state.title, number, value_word(customer.tier), alerts=alerts)


def _outage(alert: Alert, state: CustomerState) -> str:
    assert alert.outage is not None, "an outage alert holds its outage"  # noqa: S101 - an invariant, kept on
    names = _names([one.name for one in state.services if one.id in alert.outage.service_ids])
    words = translate("customer", "Outage {id} hits {service}.").format(id=alert.outage.id, service=names)
    if alert.outage.back_at is None:
        return words
    back = translate("customer", "Back ~{time}.").format(time=due(alert.outage.back_at, state.now))
    return f"{words} {back}"


def _names(of_services: list[str]) -> str:
    """Each name once, with how many services bear it."""
    pattern = translate("customer", "{count}×")
    counted = Counter(of_services)
    return ", ".join(f"{pattern.format(count=count)} {name}" if count > 1 else name for name, count in counted.items())


def _overdue(alert: Alert, state: CustomerState) -> str:
    assert alert.complaint is not None, "an overdue alert holds its complaint"  # noqa: S101 - an invariant, kept on
    pattern = translate("customer", "Complaint {id}, {title}: an answer was promised for {time}.")
    when = due(alert.complaint.promised, state.now)
    return pattern.format(id=alert.complaint.id, title=ticket_title(alert.complaint), time=when)


def _due(alert: Alert, _state: CustomerState) -> str:
    return translate("customer", "Due {amount}.").format(amount=money_words(alert.due))


def _inactive(alert: Alert, _state: CustomerState) -> str:
    if not alert.reason:
        return translate("customer", "No longer a customer.")
    return translate("customer", "No longer a customer: {reason}.").format(reason=alert.reason)


_SENTENCES: dict[AlertKind, Callable[[Alert, CustomerState], str]] = {
    AlertKind.OUTAGE: _outage,
    AlertKind.OVERDUE: _overdue,
    AlertKind.DUE: _due,
    AlertKind.INACTIVE: _inactive,
}


def _short(alert: Alert, now: datetime) -> str:
    if alert.outage is not None:
        return translate("customer", "outage ~{time}").format(time=due(alert.outage.back_at, now) or "?")
    if alert.complaint is not None:
        return translate("customer", "overdue {id}").format(id=alert.complaint.id)
    if alert.due is not None:
        return translate("customer", "due {amount}").format(amount=str(alert.due))
    return translate("customer", "no longer a customer")
