"""Makes all documents of one sketched customer: party, customer, accounts, products, services, tickets."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

from app.rules.deadlines import Limits
from backoffice.entries import entry
from backoffice.generating import shapes
from backoffice.generating.affairs import AffairsMaker
from backoffice.generating.batch import Batch
from backoffice.generating.moments import Moments
from backoffice.generating.moulds import Facts
from backoffice.generating.numbers import Numbers
from backoffice.generating.outages import Outages
from backoffice.generating.places import District
from backoffice.generating.plans import TELEPHONES, Part, Plan
from backoffice.generating.sketch import Company, Held, Person, Sketch
from backoffice.generating.tickets import TicketMaker
from backoffice.scopes import written

_FIRST: Final = 100_001
_MONTH: Final = 30.4375  # days
_ACCOUNTS, _PHONES, _SERVICES = ([f"{what}{turn}" for turn in range(20)] for what in ("account", "phone", "service"))


class CustomerMaker:
    """Turns sketches into documents, one customer after the other."""

    def __init__(self, numbers: Numbers, moments: Moments, outages: Outages, limits: Limits) -> None:
        self.numbers = numbers
        self.moments = moments
        self.outages = outages
        self.tickets = TicketMaker(numbers, moments, limits)
        self.affairs = AffairsMaker(moments)
        self.number_of: dict[str, Callable[[], str]] = {
            "mobile": numbers.mobile,
            "fixedVoice": numbers.landline,
            "broadband": numbers.broadband,
        }

    def make(self, index: int, sketch: Sketch, batch: Batch) -> None:
        """Add all documents of customer number `index`, counted from 0."""
        self.numbers.begin(index)
        _Customer(self, _FIRST + index, sketch, batch).make()


class _Customer:
    def __init__(self, maker: CustomerMaker, number: int, sketch: Sketch, batch: Batch) -> None:
        self._maker = maker
        self._sketch = sketch
        self._number = number
        self._batch = batch
        self._days_ago = maker.moments.days_ago
        self._accounts = [maker.numbers.account() for _ in range(sketch.accounts)]
        self._numbers = [[self._number_of(part, held) for part in held.plan.parts] for held in sketch.held]
        self._services: list[tuple[str, Part]] = []
        self._products: list[tuple[str, str, Plan]] = []
        self._facts = self._known()
        self._presentation = "email" if sketch.has_email else "paper"

    def make(self) -> None:
        """Add everything."""
        self._add_party(self._sketch.party)
        self._add_customer()
        for turn, account in enumerate(self._accounts):
            self._add_account(turn, account)
        for turn, held in enumerate(self._sketch.held):
            self._add_held(turn, held)
        self._add_entry()
        if self._sketch.address.site in self._maker.outages.sites:
            self._maker.outages.saw(self._sketch.address.site, self._services)
        self._maker.affairs.add(self._batch, self._facts, self._sketch, self._accounts, self._products)
        for complaint in self._sketch.complaints:
            self._maker.tickets.add(self._batch, self._facts, complaint, self._services)
            self._maker.affairs.add_work(self._batch, self._facts, complaint)

    def _known(self) -> Facts:
        sketch, number = self._sketch, self._number
        party, address = sketch.party, sketch.address
        return {
            **_district_facts(address.district),
            "customer": f"C-{number}",
            "name": party.full_name,
            "party": f"{party.prefix}-{number}",
            "latin": party.latin,
            "tier": sketch.tier,
            "customerSince": self._days_ago(max([held.days for held in sketch.held])),
            "place": f"G-{number}",
            "address": address.line,
            "street": address.line_latin,
            "streetName": address.street,
            "streetNumber": address.street_number,
            "site": address.site,
            "email": f"c{number}@example.com",
        }

    def _number_of(self, part: Part, held: Held) -> str:
        make = self._maker.number_of.get(part.kind)
        return "" if make is None else held.number or make()

    def _add_party(self, party: Person | Company) -> None:
        facts = self._facts
        if isinstance(party, Company):
            facts["identity"] = self._maker.numbers.company()
            self._batch.add(shapes.organization(), facts)
            return
        facts["given"], facts["family"] = party.name.given, party.name.family
        facts["born"] = f"{party.born}T00:00:00.000Z"
        facts["identity"] = self._maker.numbers.identity(party.born, party.gender)
        self._batch.add(shapes.individual(party.gender, "" if party.latin == party.name.full else "CN"), facts)

    def _add_customer(self) -> None:
        phones = [
            number
            for held, numbers in zip(self._sketch.held, self._numbers, strict=True)
            for part, number in zip(held.plan.parts, numbers, strict=True)
            if part.kind in TELEPHONES
        ]
        self._facts.update(zip(_ACCOUNTS, self._accounts, strict=False))
        self._facts.update(zip(_PHONES, phones, strict=False))
        kind = self._sketch.party.collection
        self._batch.add(shapes.customer(kind, len(self._accounts), len(phones), self._presentation), self._facts)

    def _add_account(self, turn: int, account: str) -> None:
        owed = 0.0 if turn else self._sketch.due
        self._facts["account"] = account
        self._facts["accountName"] = f"{self._facts['name']} {turn + 1}"
        self._facts["owed"] = str(owed)
        self._batch.add(
            shapes.account("due" if owed else "paid", self._presentation, self._maker.moments.month), self._facts
        )

    def _add_held(self, turn: int, held: Held) -> None:
        facts, parts, first = self._facts, held.plan.parts, len(self._services) + 1
        services = [f"S-{self._number}-{step}" for step in range(first, first + len(parts))]
        facts["product"] = f"R-{self._number}-{turn + 1}"
        facts["account"] = self._accounts[turn % len(self._accounts)]
        self._products.append((facts["product"], facts["account"], held.plan))
        facts["since"] = self._days_ago(held.days)
        if held.months:
            facts["bound"] = self._days_ago(held.days - round(held.months * _MONTH))
        facts.update(zip(_SERVICES, services, strict=False))
        self._batch.add(shapes.product(held.plan, held.months, "suspended" if held.suspended else "active"), facts)
        for service, part, number in zip(services, parts, self._numbers[turn], strict=True):
            facts["service"], facts["number"] = service, number
            self._batch.add(shapes.service(part, held.suspended), facts)
            self._services.append((service, part))

    def _add_entry(self) -> None:
        facts = self._facts
        numbers = (number for of_one in self._numbers for number in of_one)
        text = entry(facts["customer"], facts["name"], "active", facts["territoryName"], numbers, self._accounts)
        self._batch.index(facts, text)


@cache
def _district_facts(district: District) -> Facts:
    return {
        "territoryName": district.latin,
        "districtName": district.name,
        "territory": written({district.latin}),
        "postCode": district.post_code,
        "latitude": str(district.latitude),
        "longitude": str(district.longitude),
    }
