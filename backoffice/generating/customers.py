"""Makes all documents of one sketched customer: party, customer, accounts, products, services, tickets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from app.rules.deadlines import Limits
from backoffice.documents import Document
from backoffice.generating.moments import Moments
from backoffice.generating.numbers import Numbers
from backoffice.generating.outages import Outages
from backoffice.generating.places import CITY, COUNTRY, PROVINCE, Address
from backoffice.generating.plans import CURRENCY, Part
from backoffice.generating.sketch import Held, Person, Sketch
from backoffice.generating.tickets import RunningService, TicketMaker
from backoffice.importing.bodies import holdings, parties
from backoffice.importing.bodies.parts import (
    Json,
    Owner,
    Span,
    balance,
    characteristic,
    medium,
    monthly_price,
    place,
    term,
)

_FIRST: Final = 100_001
_BILLED_DAYS_AGO: Final = 20
_DUE_IN_DAYS: Final = 5
_MONTH: Final = 30.4375  # days
_PAYMENT: Final = {"id": "bank-transfer", "name": "银行转账 Bank transfer", "@referredType": "PaymentMethod"}


class CustomerMaker:
    """Turns sketches into documents, one customer after the other."""

    def __init__(self, numbers: Numbers, moments: Moments, outages: Outages, limits: Limits) -> None:
        self.numbers = numbers
        self.moments = moments
        self.outages = outages
        self.tickets = TicketMaker(numbers, moments, limits)
        self.number_of: dict[str, Callable[[], str]] = {
            "mobile": numbers.mobile,
            "fixedVoice": numbers.landline,
            "broadband": numbers.broadband,
        }

    def documents_of(self, index: int, sketch: Sketch) -> list[Document]:
        """All documents of customer number `index`, counted from 0."""
        return _CustomerDocuments(self, _FIRST + index, sketch).all()


class _CustomerDocuments:
    def __init__(self, maker: CustomerMaker, number: int, sketch: Sketch) -> None:
        self._maker = maker
        self._sketch = sketch
        self._number = number
        self._accounts = [maker.numbers.account() for _ in range(sketch.accounts)]
        self._owner = _owner(number, sketch, self._accounts[0])
        self._places = _places(sketch.address, number)
        self._phones: list[str] = []
        self._running: list[RunningService] = []
        self._since = max(held.days for held in sketch.held)

    def all(self) -> list[Document]:
        holdings_of_all = [
            document for turn, held in enumerate(self._sketch.held) for document in self._held(turn, held)
        ]
        accounts = [self._account(turn, account) for turn, account in enumerate(self._accounts)]
        tickets = [
            self._maker.tickets.ticket(self._owner, complaint, self._running) for complaint in self._sketch.complaints
        ]
        return [self._party(), self._customer(), *accounts, *holdings_of_all, *tickets]

    def _party(self) -> Document:
        party, owner = self._sketch.party, self._owner
        if not isinstance(party, Person):
            document = [_identification("businessLicence", self._maker.numbers.company(), self._days_ago(self._since))]
            since = self._days_ago(self._since)
            return parties.organization(
                owner.party, party.name, trading_name=party.latin, identifications=document, since=since
            )
        identity = self._maker.numbers.identity(party.born, party.gender)
        latin = {"fullName": party.latin, "formattedName": party.latin}
        return parties.individual(
            owner.party,
            party.name,
            gender=party.gender,
            marital_status="",
            status="validated",
            characteristics=[],
            identifications=[_identification("nationalIdentityCard", identity, self._days_ago(self._since))],
            other_names=[] if party.latin == party.name.full else [latin],
            birthDate=f"{party.born}T00:00:00.000Z",
            nationality="CN" if party.latin != party.name.full else "",
        )

    def _customer(self) -> Document:
        district = self._sketch.address.district
        return parties.customer(
            self._owner,
            status="active",
            reason="",
            since=self._days_ago(self._since),
            accounts=self._accounts,
            media=self._media(),
            characteristics=[
                characteristic("tier", self._sketch.tier),
                characteristic("latitude", district.latitude),
                characteristic("longitude", district.longitude),
                characteristic("syntheticContacts", value=True),
            ],
            payment_methods=[_PAYMENT],
        )

    def _media(self) -> list[Json]:
        address = self._sketch.address
        media = [medium("phone", preferred=not turn, phoneNumber=phone) for turn, phone in enumerate(self._phones)]
        if self._sketch.has_email:
            media.append(medium("email", preferred=False, emailAddress=f"c{self._number}@example.com"))
        media.append(
            medium(
                "postalAddress",
                preferred=False,
                street1=address.line,
                street2=address.line_latin,
                city=CITY,
                stateOrProvince=PROVINCE,
                postCode=address.district.post_code,
                country=COUNTRY,
            )
        )
        return media

    def _account(self, turn: int, account: str) -> Document:
        due = 0.0 if turn else self._sketch.due
        billed = Span(self._days_ago(_BILLED_DAYS_AGO), self._days_ago(-_DUE_IN_DAYS))
        return holdings.billing_account(
            replace(self._owner, account=account),
            name=f"{self._owner.name} {turn + 1}",
            state="open",
            payment_status="due" if due else "paid",
            balances=[balance("receivable", due, CURRENCY, billed)],
            payment_method=_PAYMENT,
            presentation="email" if self._sketch.has_email else "paper",
            changed=self._days_ago(_BILLED_DAYS_AGO),
        )

    def _held(self, turn: int, held: Held) -> list[Document]:
        product = f"R-{self._number}-{turn + 1}"
        span = Span(self._days_ago(held.days))
        services = [self._service(product, part, held, span) for part in held.plan.parts]
        ends = self._days_ago(held.days - round(held.months * _MONTH))
        made = holdings.product(
            replace(self._owner, account=self._accounts[turn % len(self._accounts)]),
            product,
            name=held.plan.name,
            status="suspended" if held.suspended else "active",
            span=span,
            offering=held.plan.key,
            prices=[monthly_price(held.plan.price, CURRENCY)],
            terms=[term(f"{held.months} 个月 months", held.months, Span(span.start, ends))] if held.months else [],
            services=[service.id for service in services],
            characteristics=[],
            places=self._places,
        )
        return [made, *services]

    def _service(self, product: str, part: Part, held: Held, span: Span) -> Document:
        service_id = f"S-{self._number}-{len(self._running) + 1}"
        self._running.append(RunningService(service_id, part.kind, part.name))
        self._maker.outages.saw(self._sketch.address.site, part.kind, service_id, part.name)
        return holdings.service(
            self._owner,
            service_id,
            name=part.name,
            kind=part.kind,
            state="inactive" if held.suspended else "active",
            span=span,
            product_id=product,
            characteristics=self._marks(part, held),
            places=self._places,
        )

    def _marks(self, part: Part, held: Held) -> list[Json]:
        marks: list[Json] = []
        make_number = self._maker.number_of.get(part.kind)
        if make_number:
            number = held.number or make_number()
            marks.append(characteristic("number", number))
            if part.kind != "broadband":
                self._phones.append(number)
        if part.speed:
            marks.append(characteristic("downstreamMbps", part.speed))
        if held.suspended:
            marks.append(characteristic("suspendedFor", held.suspended))
        return marks

    def _days_ago(self, days: int) -> str:
        return self._maker.moments.days_ago(days)


def _owner(number: int, sketch: Sketch, account: str) -> Owner:
    party = sketch.party
    if isinstance(party, Person):
        return Owner(f"C-{number}", party.name.full, account, f"I-{number}")
    return Owner(f"C-{number}", party.name, account, f"O-{number}", "organization")


def _places(address: Address, number: int) -> list[Json]:
    return [place("installationAddress", f"G-{number}", address.line), place("site", address.site, address.site)]


def _identification(kind: str, number: str, issued: str) -> Json:
    return {"identificationType": kind, "identificationId": number, "issuingDate": issued}
