"""Customers, holdings, outages and sign-in, as read from what a back office sends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.core.errors import BackOfficeUnreachableError
from app.core.money import Money
from app.core.permissions import Clerk
from app.core.sourced import Sourced
from app.customers.model import Customer, FarCustomer, MatchKind, PartyKind, SearchHit, SearchResult
from app.customers.usecases import SHOWN_ROWS, FindCustomers
from app.customers.wire import account_from, customer_from
from app.inventory.wire import holdings_from, product_from, service_from
from app.network.model import CountedIn
from app.network.wire import outage_from
from app.session.model import SignInRefusedError, WeakPinError, WrongPinError
from app.session.usecases import SignIn

CUSTOMER = {
    "id": "C1", "name": "张伟", "status": "active", "statusReason": "",
    "engagedParty": {"id": "P1", "@referredType": "Individual"},
    "characteristic": [{"name": "tier", "value": "gold"}, {"name": "syntheticContacts", "value": True}],
    "contactMedium": [
        {"mediumType": "phone", "characteristic": {"phoneNumber": "138 0013 8000"}},
        {"mediumType": "phone", "characteristic": {}},
        {"mediumType": "email", "characteristic": {"emailAddress": "zw@example.com"}},
        {"mediumType": "postalAddress",
         "characteristic": {"street1": "Tea Lane 1", "city": "西湖区", "postCode": "310000", "country": " CN "}},
        {"mediumType": "postalAddress", "characteristic": {"city": "elsewhere", "country": "US"}},
        {"mediumType": "fax"},
    ],
}  # fmt: skip
PARTY = {
    "id": "P1", "gender": "male", "birthDate": "1990-05-01",
    "individualIdentification": [{"identificationType": "id", "identificationId": "3901"}],
}  # fmt: skip


def test_a_customer_is_joined_with_their_party_and_accounts() -> None:
    account = account_from({"id": "A1", "name": "Main", "state": "active"})
    customer = customer_from(CUSTOMER, PARTY, (account,))
    assert (customer.id, customer.name, customer.tier, customer.has_synthetic_contacts) == ("C1", "张伟", "gold", True)
    assert customer.contacts.phones == ("138 0013 8000",)
    assert customer.contacts.mails == ("zw@example.com",)
    assert customer.contacts.country == "CN"
    assert (customer.contacts.address, customer.contacts.district) == ("Tea Lane 1, 西湖区, 310000", "西湖区")
    assert customer.identity.kind is PartyKind.INDIVIDUAL
    assert customer.identity.birth_date == date(1990, 5, 1)
    assert customer.identity.documents[0].number == "3901"
    assert customer.accounts == (account,)


def test_an_organisation_is_told_by_its_reference_or_by_its_record() -> None:
    referred = CUSTOMER | {"engagedParty": {"@referredType": "Organization"}}
    assert customer_from(referred, {}, ()).identity.kind is PartyKind.ORGANIZATION
    assert customer_from(CUSTOMER, {"tradingName": "Tea Ltd"}, ()).identity.kind is PartyKind.ORGANIZATION


def test_what_a_source_leaves_out_stays_empty() -> None:
    customer = customer_from({"id": "C1"}, {}, ())
    assert (customer.name, customer.tier, customer.contacts.phones, customer.identity.birth_date) == ("", "", (), None)
    assert account_from({"id": "A1"}).due is None


def test_the_amount_due_is_the_receivable_balance() -> None:
    body = {
        "id": "A1",
        "accountBalance": [
            {"balanceType": "deposit", "amount": {"value": 5, "unit": "CNY"}},
            {"balanceType": "receivable", "amount": {"value": 52.3, "unit": "CNY"}},
        ],
    }
    assert account_from(body).due == Money(5230, "CNY")


def test_a_product_shows_its_monthly_price() -> None:
    once = {"priceType": "oneTime", "price": {"taxIncludedAmount": {"value": 100, "unit": "CNY"}}}
    monthly = {"priceType": "recurring", "price": {"taxIncludedAmount": {"value": 59, "unit": "CNY"}}}
    body = {"id": "P1", "name": "Plan 59", "status": "active", "startDate": "2026-01-01T00:00:00Z"}
    product = product_from(body | {"productPrice": [once, monthly], "terminationDate": "9999-12-31T23:59:59Z"})
    assert (product.monthly, product.until) == (Money(5900, "CNY"), None)
    assert product_from(body | {"productPrice": [once]}).monthly is None


@pytest.mark.parametrize(("state", "is_on"), [("active", True), ("", True), ("suspended", False)])
def test_a_service_works_unless_the_inventory_says_otherwise(state: str, is_on: bool) -> None:  # noqa: FBT001
    place = [{"place": {"name": "Tea Lane 1"}}]
    service = service_from({"id": "S1", "serviceType": "mobile", "state": state, "place": place})
    assert (service.is_on, service.kind, service.place) == (is_on, "mobile", "Tea Lane 1")


def test_a_service_is_paid_on_the_account_of_the_product_it_realizes() -> None:
    services = [{"id": "S1", "startDate": "2024-03-25T00:00:00Z"}, {"id": "S2", "state": "inactive"}, {"id": "S3"}]
    products: list[dict[str, Any]] = [
        {"id": "P1", "billingAccount": {"id": "A1"}, "realizingService": [{"id": "S1"}, {"id": "S2"}]},
        {"id": "P2", "status": "active", "realizingService": [{"id": "S3"}]},
    ]
    holdings = holdings_from(services, products)
    assert [(one.id, one.account) for one in holdings.services] == [("S1", "A1"), ("S3", ""), ("S2", "A1")]
    assert [one.since for one in holdings.services] == [datetime(2024, 3, 25, tzinfo=UTC), None, None]
    assert [one.id for one in holdings.products] == ["P2", "P1"]


def test_an_outage_says_where_since_when_and_what_to_say() -> None:
    outage = outage_from(
        {
            "id": "O1", "name": "Fibre cut", "status": "inProgress", "creationDate": "2026-03-25T01:00:00Z",
            "affectedLocation": [{"name": "西湖区"}], "affectedService": [{"id": "S1"}, {"id": "S2"}],
            "affectedNumberOfServices": 412,
            "characteristic": [
                {"name": "expectedResolution", "value": "2026-03-25T06:00:00Z"}, {"name": "sayEn", "value": "Soon."},
            ],
        },
        "C1",
    )  # fmt: skip
    assert (outage.place, outage.customers_hit, outage.service_ids) == ("西湖区", 412, frozenset({"S1", "S2"}))
    assert outage.back_at == datetime(2026, 3, 25, 6, tzinfo=UTC)
    assert outage.is_open
    assert not outage_from({"id": "O1", "status": "Resolved"}, "C1").is_open
    assert outage_from({"id": "O1", "affectedNumberOfServices": -5}, "C1").customers_hit == 0


@pytest.mark.parametrize(
    ("parties", "since"),
    [
        ([{"id": "C1", "role": "affectedCustomer", "validFor": {"startDateTime": "2026-03-25T01:00:00Z"}}], 1),
        ([{"id": "C1", "role": "affectedCustomer"}], None),
        ([{"id": "noc", "role": "originator"}, {"id": "C1", "role": "affectedCustomer", "validFor": 5}], None),
    ],
)
def test_an_outage_knows_since_when_a_customer_is_counted_in(parties: Any, since: int | None) -> None:
    counted = outage_from({"id": "O1", "relatedParty": parties}, "C1").counted_in
    assert counted == CountedIn(datetime(2026, 3, 25, since, tzinfo=UTC) if since else None)


@pytest.mark.parametrize(
    "parties",
    [
        [],
        None,
        "C1",
        [{"id": "C1", "role": "originator"}],
        [{"id": "C2", "role": "affectedCustomer"}],
        [{"id": "C1", "role": "affectedCustomer", "validFor": {"endDateTime": "2026-03-25T01:00:00Z"}}],
    ],
)
def test_who_is_not_named_as_hit_is_not_counted_in(parties: Any) -> None:
    assert outage_from({"id": "O1", "relatedParty": parties}, "C1").counted_in is None


class OneCustomer:
    """Finds the same row for everything, and says how often it was asked."""

    asked = 0
    opened = ""

    async def search(self, typed: str, limit: int) -> list[SearchHit]:
        """One row."""
        self.asked += 1
        return [SearchHit("C1", typed, "", "", "", MatchKind.NAME, typed, is_exact=False)][:limit]

    async def customer(self, customer_id: str) -> Sourced[Customer] | None:
        """Nobody."""
        self.opened = customer_id
        return None

    async def far(self, customer_id: str) -> FarCustomer | None:
        """Nobody either."""
        del customer_id
        return None


async def test_blanks_are_not_searched_for() -> None:
    reader = OneCustomer()
    find = FindCustomers(reader)
    assert await find.matching(" \u3000\t") == SearchResult()
    assert reader.asked == 0
    assert [hit.name for hit in (await find.matching("zw ")).hits] == ["zw "]
    assert (await find.open("C9"), reader.opened) == (None, "C9")


class ManyCustomers(OneCustomer):
    """Finds as many rows as there are."""

    def __init__(self, there: int) -> None:
        self._there = there

    async def search(self, typed: str, limit: int) -> list[SearchHit]:
        """As many as there are, and no more than asked for."""
        row = SearchHit("C1", typed, "", "", "", MatchKind.NAME, typed, is_exact=False)
        return [replace(row, customer_id=f"C{number}") for number in range(self._there)][:limit]


@pytest.mark.parametrize(
    ("there", "shown", "has_more"), [(0, 0, False), (19, 19, False), (20, 20, False), (21, 20, True), (500, 20, True)]
)
async def test_twenty_rows_are_shown_and_whether_there_are_more(there: int, shown: int, has_more: bool) -> None:  # noqa: FBT001
    found = await FindCustomers(ManyCustomers(there)).matching("zw")
    assert (len(found.hits), found.has_more, SHOWN_ROWS) == (shown, has_more, 20)


class HeadOffice:
    """Answers as it is told."""

    def __init__(self, answer: Clerk | Exception) -> None:
        self._answer = answer
        self.asked = ("", "")

    async def sign_in(self, user: str, password: str) -> Clerk:
        """Answer."""
        self.asked = (user, password)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


class Pins:
    """Knows one PIN."""

    def __init__(self) -> None:
        self.pins = {"mei": "918273"}

    async def check(self, user: str, pin: str) -> Clerk:
        """Compare."""
        if self.pins.get(user) != pin:
            raise WrongPinError
        return Clerk(user, "Mei by PIN", "clerk", has_pin=True)

    async def set_pin(self, user: str, pin: str) -> None:
        """Keep it."""
        self.pins[user] = pin


MEI = Clerk("mei", "Mei", "clerk")


async def test_head_office_decides_while_the_line_is_up() -> None:
    office = HeadOffice(MEI)
    assert await SignIn(office, Pins()).sign_in(" mei ", " password") == MEI
    assert office.asked == ("mei", " password")
    with pytest.raises(SignInRefusedError):
        await SignIn(HeadOffice(SignInRefusedError()), Pins()).sign_in("mei", "918273")


async def test_without_a_line_the_desk_pin_decides() -> None:
    sign_in = SignIn(HeadOffice(BackOfficeUnreachableError()), Pins())
    assert (await sign_in.sign_in(" mei ", "918273")).name == "Mei by PIN"
    with pytest.raises(WrongPinError):
        await sign_in.sign_in("mei", "password")


@pytest.mark.parametrize("weak", ["", "12345", "abcdef", "12345a", "１２３４５６", "123 456"])
async def test_a_weak_pin_is_not_kept(weak: str) -> None:
    pins = Pins()
    with pytest.raises(WeakPinError):
        await SignIn(HeadOffice(MEI), pins).set_pin(MEI, weak)
    assert pins.pins == {"mei": "918273"}


async def test_a_pin_of_six_digits_is_kept() -> None:
    pins = Pins()
    assert (await SignIn(HeadOffice(MEI), pins).set_pin(MEI, "000111")).has_pin
    assert pins.pins == {"mei": "000111"}


def test_the_words_to_say_name_the_hour_by_the_desks_own_clock() -> None:
    back = datetime(2026, 3, 25, 6, 0, tzinfo=UTC)
    body = {
        "characteristic": [
            {"name": "expectedResolution", "value": "2026-03-25T06:00:00Z"},
            {"name": "sayEn", "value": "Back at {time}."},
        ]
    }
    assert outage_from(body, "C1").say_en == f"Back at {back.astimezone():%H:%M}."
    assert outage_from({"characteristic": body["characteristic"][1:]}, "C1").say_en == "Back at …."
