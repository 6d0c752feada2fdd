"""What codes in a customer's data mean in the clerk's language; a code nobody here knows is shown as it came."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.complaints.model import Complaint
from app.core.money import Money
from app.core.words import QT_TRANSLATE_NOOP
from app.inventory.model import Service
from app.network.model import Outage
from ui.widgets.ages import due
from ui.words import title_word

translate = QCoreApplication.translate

_VALUES = {
    "active": QT_TRANSLATE_NOOP("values", "active"),
    "inactive": QT_TRANSLATE_NOOP("values", "no longer a customer"),
    "prospect": QT_TRANSLATE_NOOP("values", "prospect"),
    "suspended": QT_TRANSLATE_NOOP("values", "suspended"),
    "terminated": QT_TRANSLATE_NOOP("values", "ended"),
    "individual": QT_TRANSLATE_NOOP("values", "person"),
    "organization": QT_TRANSLATE_NOOP("values", "organisation"),
    "male": QT_TRANSLATE_NOOP("values", "male"),
    "female": QT_TRANSLATE_NOOP("values", "female"),
    "gold": QT_TRANSLATE_NOOP("values", "Gold"),
    "silver": QT_TRANSLATE_NOOP("values", "Silver"),
    "platinum": QT_TRANSLATE_NOOP("values", "Platinum"),
    "standard": QT_TRANSLATE_NOOP("values", "standard"),
    "nationalIdentityCard": QT_TRANSLATE_NOOP("values", "identity card"),
    "businessLicence": QT_TRANSLATE_NOOP("values", "business licence"),
    "nationalId": QT_TRANSLATE_NOOP("values", "identity card"),
    "passport": QT_TRANSLATE_NOOP("values", "passport"),
    "mobile": QT_TRANSLATE_NOOP("values", "mobile"),
    "fixedVoice": QT_TRANSLATE_NOOP("values", "landline"),
    "broadband": QT_TRANSLATE_NOOP("values", "internet"),
    "tv": QT_TRANSLATE_NOOP("values", "TV"),
    "addOn": QT_TRANSLATE_NOOP("values", "add-on"),
    "critical": QT_TRANSLATE_NOOP("values", "critical"),
    "major": QT_TRANSLATE_NOOP("values", "major"),
    "minor": QT_TRANSLATE_NOOP("values", "minor"),
    "open": QT_TRANSLATE_NOOP("values", "open"),
    "acknowledged": QT_TRANSLATE_NOOP("values", "acknowledged"),
    "inProgress": QT_TRANSLATE_NOOP("values", "in progress"),
    "pending": QT_TRANSLATE_NOOP("values", "pending"),
    "held": QT_TRANSLATE_NOOP("values", "held"),
    "resolved": QT_TRANSLATE_NOOP("values", "resolved"),
    "closed": QT_TRANSLATE_NOOP("values", "closed"),
    "cancelled": QT_TRANSLATE_NOOP("values", "cancelled"),
    "rejected": QT_TRANSLATE_NOOP("values", "rejected"),
    "customers": QT_TRANSLATE_NOOP("values", "customers"),
    "inventory": QT_TRANSLATE_NOOP("values", "inventory"),
    "complaints": QT_TRANSLATE_NOOP("values", "complaints"),
    "network": QT_TRANSLATE_NOOP("values", "network"),
}


def value_word(code: str) -> str:
    """The word for a code."""
    known = _VALUES.get(code)
    return translate("values", known) if known else code


def service_state(service: Service, outage: Outage | None, now: datetime) -> str:
    """Whether it works: an outage that hits it says more than the inventory does."""
    if outage is None:
        return _inventory_word(service)
    if outage.back_at is None:
        return translate("customer", "outage")
    return translate("customer", "outage ~{time}").format(time=due(outage.back_at, now))


def _inventory_word(service: Service) -> str:
    """What the inventory says of a service; one that is inactive is off, its customer may stay one."""
    if service.is_on:
        return translate("customer", "on")
    return translate("customer", "off") if service.state == "inactive" else value_word(service.state)


def promise(complaint: Complaint, now: datetime, *, is_overdue: bool) -> str:
    """When an answer is due; for closed complaints nothing is."""
    if not complaint.is_open or complaint.promised is None:
        return ""
    pattern = translate("customer", "overdue {time}") if is_overdue else translate("customer", "by {time}")
    return pattern.format(time=due(complaint.promised, now))


def money_words(amount: Money | None) -> str:
    """An amount with its currency; empty where none is recorded."""
    return f"{amount} {amount.currency}" if amount else ""


def ticket_number(complaint: Complaint) -> str:
    """Head office's number, or that there is none yet."""
    return translate("customer", "no number yet") if complaint.id == complaint.command_id else complaint.id


def ticket_title(complaint: Complaint) -> str:
    """What the complaint is about."""
    return title_word(complaint.title)
