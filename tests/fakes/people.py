"""A small branch to show and to test with; every name, number and address in it is invented."""

from __future__ import annotations

from datetime import date, timedelta

from app.complaints.model import Complaint
from app.core.money import Money
from app.customers.model import Account, Contacts, Customer, Identity, IdentityDocument, PartyKind
from app.inventory.model import Holdings, Product, Service
from app.network.model import Outage
from tests.fakes.clock import NOON
from tests.fakes.store import FakeStore

LI, NAMELESS, FIRM = "C-1001", "4471-QWXZE", "C-2002"  # everything · no name, one service · nothing wrong

FIBRE, MOBILE = "S-fibre", "S-mobile"
OUTAGE, TICKET = "P-1042", "T-8841"


def branch() -> FakeStore:
    """Return a store that holds the three customers above, one outage and four tickets."""
    store = FakeStore()
    store.customers = {one.id: one for one in (_li(), _nameless(), _firm())}
    store.holding = {LI: _held_by_li(), NAMELESS: _held_by_nameless(), FIRM: _held_by_firm()}
    store.outages = (_outage(),)
    store.tickets = {one.id: one for one in _tickets()}
    return store


def _li() -> Customer:
    return Customer(
        id=LI,
        name="李示例",
        status="active",
        status_reason="",
        tier="gold",
        contacts=Contacts(
            ("13800138000", "057188001234"), ("li.shili@example.com",), "文一路 12 号, 杭州, 浙江, 310012", "杭州", "CN"
        ),
        identity=Identity(
            PartyKind.INDIVIDUAL,
            "female",
            date(1988, 6, 2),
            (IdentityDocument("nationalIdentityCard", "330100198806020000"),),
        ),
        accounts=(
            Account("A-1", "Main account", "active", Money(12850, "CNY")),
            Account("A-2", "Second line", "active", Money(0, "CNY")),
        ),
    )


def _nameless() -> Customer:
    return Customer(
        id=NAMELESS,
        name="",
        status="active",
        status_reason="",
        tier="",
        contacts=Contacts(("+1 213 555 0142",), (), "Frazier Park, California, 93225", "Frazier Park", "US"),
        identity=Identity(PartyKind.INDIVIDUAL, "male"),
        accounts=(Account("4471-QWXZE-A", "", "active", None),),
        has_synthetic_contacts=True,
    )


def _firm() -> Customer:
    return Customer(
        id=FIRM,
        name="Example Tea House Ltd",
        status="inactive",
        status_reason="moved away",
        tier="",
        contacts=Contacts(("057188005678",), ("desk@example.org",), "Tea Lane 1, Hangzhou", "Hangzhou"),
        identity=Identity(PartyKind.ORGANIZATION),
        accounts=(Account("A-9", "Tea House", "active", Money(0, "CNY")),),
    )


def _held_by_li() -> Holdings:
    long_ago = NOON - timedelta(days=700)
    return Holdings(
        services=(
            Service(MOBILE, "5G 129", "mobile", "13800138000", "active", ""),
            Service(FIBRE, "Fibre 300M", "broadband", "057188001234", "active", "文一路 12 号"),
            Service("S-tv", "TV 120 channels", "tv", "", "active", "文一路 12 号"),
            Service("S-voice", "Home phone", "fixedVoice", "057188001235", "active", "文一路 12 号"),
            Service("S-second", "Second SIM", "mobile", "13900139000", "suspended", ""),
            Service("S-cloud", "Cloud storage 50 GB", "addOn", "", "active", ""),
        ),
        products=(
            Product("O-1", "5G 129", "active", Money(12900, "CNY"), long_ago, None),
            Product("O-2", "Fibre 300M with TV", "active", Money(9900, "CNY"), long_ago, NOON + timedelta(days=36)),
            Product("O-3", "Cloud storage 50 GB", "active", Money(500, "CNY"), NOON - timedelta(days=90), None),
            Product("O-4", "Second SIM", "suspended", Money(1000, "CNY"), NOON - timedelta(days=400), None),
        ),
    )


def _held_by_nameless() -> Holdings:
    return Holdings(
        services=(Service("S-dsl", "DSL", "broadband", "", "active", "Frazier Park"),),
        products=(Product("O-dsl", "DSL internet", "active", Money(2985, "USD"), NOON - timedelta(days=30), None),),
    )


def _held_by_firm() -> Holdings:
    return Holdings(
        services=(
            Service("S-firm-line", "Office line", "fixedVoice", "057188005678", "active", "Tea Lane 1"),
            Service("S-firm-net", "Fibre 1000M", "broadband", "", "active", "Tea Lane 1"),
        )
    )


def _outage() -> Outage:
    return Outage(
        id=OUTAGE,
        name="Fibre cut, node Xihu-3",
        place="西湖区",
        since=NOON - timedelta(hours=3),
        back_at=NOON + timedelta(hours=2),
        customers_hit=412,
        status="inProgress",
        say_en="The fibre in your area is cut. It should be back at about 14:00.",
        say_zh="您所在片区光纤故障，预计14:00恢复。",
        service_ids=frozenset({FIBRE}),
    )


def _tickets() -> tuple[Complaint, ...]:
    return (
        _ticket(TICKET, "Slow internet", "inProgress", days_ago=4.0, service_id=FIBRE, contacts=2),
        _ticket("T-8850", "Wrong bill", "acknowledged", days_ago=0.5),
        _ticket("T-8102", "Calls drop or fail", "resolved", days_ago=40, service_id=MOBILE),
        _ticket("T-7311", "TV picture or channels", "closed", days_ago=210, service_id="S-tv"),
    )


def _ticket(
    number: str, title: str, status: str, *, days_ago: float, service_id: str = "", contacts: int = 1
) -> Complaint:
    received = NOON - timedelta(days=days_ago)
    return Complaint(
        id=number,
        title=title,
        description=f"{title}, as told at the counter.",
        severity="minor",
        status=status,
        received_at=received,
        promised=received + timedelta(days=3),
        service_id=service_id,
        contacts=contacts,
        customer_id=LI,
    )
