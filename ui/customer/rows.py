"""Services, products, accounts and tickets as rows of the customer page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app.complaints.model import Complaint
from app.core.certainty import Certainty
from app.customers.model import Account, Customer
from app.inventory.model import Product, Service
from app.network.model import CountedIn, Outage
from app.rules.phones import shown_phone
from ui.customer.apart import told_apart
from ui.customer.facts import Fact
from ui.customer.state import CustomerState
from ui.customer.words import money_words, promise, service_state, ticket_number, ticket_title, translate, value_word
from ui.theme.tokens import Level
from ui.widgets.ages import calendar_day, day, time_of_day
from ui.widgets.certainty import certainty_cell
from ui.widgets.rows import Cell, Column, Row
from ui.words import is_chinese

SERVICE_COLUMNS = (Column(60), Column(116), Column(), Column(128))
PRODUCT_COLUMNS = (Column(), Column(92, is_right=True), Column(228))
ACCOUNT_COLUMNS = (Column(), Column(56), Column(92, is_right=True))
TICKET_COLUMNS = (
    Column(120), Column(104), Column(), Column(64), Column(92), Column(132), Column(96, is_right=True, may_go=True),
)  # fmt: skip
MOST_FACTS, FACTS_OF_OUTAGE = 11, 7  # lines of who somebody is, and of an outage
_ORDINARY = ("active", "open")  # states of an account that go without saying


def service_rows(services: Sequence[Service], outages: Mapping[str, Outage], now: datetime) -> list[Row]:
    """Every service, each told from those of its name."""
    told = told_apart(services)
    return [service_row(one, outages.get(one.id), now, told[one.id].marks) for one in services]


def service_row(service: Service, outage: Outage | None, now: datetime, marks: Sequence[str] = ()) -> Row:
    """Kind, number, name with what tells it from others of that name, and whether it works."""
    if outage is not None:
        level, icon = Level.ACT, "outage"
    else:
        level, icon = (Level.PLAIN, "") if service.is_on else (Level.LOOK, "note")
    cells = (
        Cell(value_word(service.kind), Level.MUTED),
        Cell(shown_phone(service.number)),
        Cell(_joined(service.name, *marks, service.place)),
        Cell(service_state(service, outage, now), level, icon),
    )
    return Row(service.id, cells)


def product_row(product: Product) -> Row:
    """Name, price a month, and in words its state where it is not active, until when and since when."""
    terms = (
        "" if product.status == "active" else value_word(product.status),
        translate("customer", "ends {day}").format(day=day(product.until)) if product.until else "",
        translate("customer", "since {day}").format(day=day(product.since)) if product.since else "",
    )
    level = Level.MUTED if product.status == "active" else Level.LOOK
    return Row(product.id, (Cell(product.name), Cell(money_words(product.monthly)), Cell(_joined(*terms), level)))


def account_row(account: Account) -> Row:
    """Number and name, its state where it is not the ordinary one, what is due on it."""
    is_owing = account.due is not None and account.due.minor > 0
    cells = (
        Cell(" · ".join(part for part in (account.id, account.name) if part)),
        Cell("" if account.state in _ORDINARY else value_word(account.state), Level.LOOK),
        Cell(money_words(account.due), Level.LOOK if is_owing else Level.PLAIN),
    )
    return Row(account.id, cells)


def ticket_row(complaint: Complaint, state: CustomerState) -> Row:
    """How certain, number, what about, how bad, how far, until when, since when."""
    is_overdue = state.is_overdue(complaint)
    contacts = translate("customer", "{count}×").format(count=complaint.contacts) if complaint.contacts > 1 else ""
    is_ours = complaint.id == complaint.command_id
    cells = (
        certainty_cell(complaint.certainty),
        Cell(ticket_number(complaint), Level.MUTED if is_ours else Level.PLAIN),
        Cell(" · ".join(part for part in (ticket_title(complaint), contacts, complaint.reason) if part)),
        Cell(value_word(complaint.severity)),
        Cell("" if is_ours else value_word(complaint.status), Level.PLAIN if complaint.is_open else Level.MUTED),
        Cell(promise(complaint, state.now, is_overdue=is_overdue), Level.ACT if is_overdue else Level.PLAIN,
             "complaint" if is_overdue else ""),
        Cell(day(complaint.received_at), Level.MUTED),
    )  # fmt: skip
    return Row(complaint.id, cells)


def facts_of(customer: Customer) -> list[Fact]:
    """Who they are and how to reach them."""
    identity, contacts = customer.identity, customer.contacts
    documents = [f"{value_word(one.kind)} {one.number}" for one in identity.documents]
    phones = [shown_phone(phone) for phone in contacts.phones]
    made_up = translate("customer", "synthetic") if customer.has_synthetic_contacts else ""
    return [
        (translate("customer", "Name"), customer.name),
        (translate("customer", "Customer"), customer.id),
        (translate("customer", "Status"), _joined(value_word(customer.status), customer.status_reason)),
        (translate("customer", "Tier"), value_word(customer.tier)),
        (translate("customer", "Kind"), _joined(value_word(identity.kind), value_word(identity.gender))),
        (translate("customer", "Born"), calendar_day(identity.birth_date)),
        (translate("customer", "Documents"), ", ".join(documents)),
        (translate("customer", "Phones"), _joined(", ".join(phones), made_up if phones else "")),
        (translate("customer", "Mail"), _joined(", ".join(contacts.mails), made_up if contacts.mails else "")),
        (translate("customer", "Address"), contacts.address),
        (translate("customer", "District"), "" if contacts.district in contacts.address else contacts.district),
    ]


def outage_facts(outage: Outage) -> list[Fact]:
    """What the front desk needs of an outage, with the words to say."""
    return [
        (outage.id, outage.name),
        (translate("customer", "Counted in"), _counted_cell(outage.counted_in) if outage.counted_in else ""),
        (translate("customer", "Where"), outage.place),
        (translate("customer", "Since"), _moment(outage.since)),
        (translate("customer", "Back about"), _moment(outage.back_at)),
        (translate("customer", "Hits"), translate("customer", "{count} services").format(count=outage.customers_hit)),
        (translate("customer", "Say"), outage.say_zh if is_chinese() else outage.say_en),
    ]


def _counted_cell(counted: CountedIn) -> Cell:
    """How certain it is while it is not plain, since when, and what comes of it."""
    certain = certainty_cell(counted.certainty)
    since = translate("customer", "since {day}").format(day=_moment(counted.since)) if counted.since else ""
    if counted.certainty is not Certainty.CONFIRMED:
        return replace(certain, text=_joined(certain.text, since))
    return Cell(_joined(since, translate("customer", "told when it ends")))


def _moment(moment: datetime | None) -> str:
    return f"{day(moment)} {time_of_day(moment)}" if moment else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
