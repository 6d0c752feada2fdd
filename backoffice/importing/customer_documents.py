"""Turns a customer of the source files into TM Forum documents: who it is, its account, what it holds.

The files know whole months only, counted at the end of the second quarter of 2022: tenure runs back from that day, and
who left in that quarter left on it. Their territory is the area of their postal code. They give one monthly charge for
everything together, so the main product carries it and the add-ons are included at no charge of their own. What was billed
so far is an account balance of the kind `billedToDate`.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

from backoffice.documents import Document
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
from backoffice.importing.contacts import Contact
from backoffice.importing.customers import AddOn, SourceCustomer

AS_OF: Final = date(2022, 6, 30)
AS_OF_WIRE: Final = f"{AS_OF.isoformat()}T00:00:00.000Z"
CURRENCY: Final = "USD"
_MAIN: Final = "main"


def offering_id(name: str) -> str:
    """The id of the offering with that name: `Phone + DSL internet` is `phone-dsl-internet`."""
    return "-".join(name.casefold().replace(" + ", "-").split())


def documents_of(source: SourceCustomer, contact: Contact | None, device: str = "") -> list[Document]:
    """Everything the back office holds of one customer. `device` is made up, `contact` may be: None and empty leave them out."""
    return _CustomerDocuments(source, contact, device).all()


def owner_of(source: SourceCustomer, contact: Contact | None) -> Owner:
    """Whose everything is that this customer has."""
    name = contact.name if contact else ""
    return Owner(source.id, name, f"A-{source.id}", f"I-{source.id}")


class _CustomerDocuments:
    def __init__(self, source: SourceCustomer, contact: Contact | None, device: str) -> None:
        self._source = source
        self._contact = contact
        self._device = device
        self._gone = source.status == "churned"
        self._span = Span(wire_day(months_before(AS_OF, source.tenure)), wire_day(AS_OF) if self._gone else None)
        self._owner = owner_of(source, contact)
        self._places = _places(source)

    def all(self) -> list[Document]:
        documents = [self._customer(), self._individual(), self._account(), *self._main()]
        for add_on in self._source.add_ons:
            documents += self._add_on(add_on)
        return documents

    def _customer(self) -> Document:
        source = self._source
        return parties.customer(
            self._owner,
            status="inactive" if self._gone else "active",
            reason=source.churn_reason,
            since=self._span.start,
            accounts=[self._owner.account],
            media=_media(source, self._contact),
            characteristics=_marks(source, self._contact),
            payment_methods=[_payment_method(source)],
        )

    def _individual(self) -> Document:
        source, contact = self._source, self._contact
        numbers = (("age", source.age), ("dependents", source.dependents))
        return parties.individual(
            self._owner.party,
            parties.PersonName(contact.given, contact.family, self._owner.name) if contact else parties.PersonName(),
            gender=source.gender,
            marital_status=source.marital_status,
            status="initialized",
            characteristics=[characteristic(name, value) for name, value in numbers if value is not None],
            identifications=[],
            other_names=[],
        )

    def _account(self) -> Document:
        billed = self._source.total_charges
        return holdings.billing_account(
            self._owner,
            name=self._owner.account,
            state="closed" if self._gone else "open",
            payment_status="",
            balances=[] if billed is None else [balance("billedToDate", billed, CURRENCY, self._span)],
            payment_method=_payment_method(self._source),
            presentation="email" if self._source.is_paperless else "paper",
            changed=wire_day(AS_OF),
        )

    def _main(self) -> list[Document]:
        lines = _main_lines(self._source)
        product = self._product(
            _MAIN,
            " + ".join(name for _, name, _, _ in lines) or "No phone or internet",
            services=[key for key, _, _, _ in lines],
            price=monthly_price(self._source.monthly_charge, CURRENCY),
        )
        return [
            product,
            *(self._service(key, name, kind, _MAIN, marks, self._device) for key, name, kind, marks in lines),
        ]

    def _add_on(self, add_on: AddOn) -> list[Document]:
        price = monthly_price(0.0, CURRENCY, "Included in the monthly charge")
        product = self._product(add_on.key, add_on.name, services=[add_on.key], price=price)
        return [product, self._service(add_on.key, add_on.name, add_on.kind, add_on.key, [])]

    def _product(self, key: str, name: str, *, services: list[str], price: Json) -> Document:
        return holdings.product(
            self._owner,
            f"{self._source.id}-{key}",
            name=name,
            status="terminated" if self._gone else "active",
            span=self._span,
            offering=offering_id(name),
            prices=[price],
            terms=_terms(self._source, self._span),
            services=[f"{self._source.id}-{service}" for service in services],
            characteristics=[characteristic("offer", self._source.offer)] if self._source.offer else [],
            places=self._places,
        )

    def _service(self, key: str, name: str, kind: str, product: str, marks: list[Json], device: str = "") -> Document:
        return holdings.service(
            self._owner,
            f"{self._source.id}-{key}",
            name=name,
            kind=kind,
            state="terminated" if self._gone else "active",
            span=self._span,
            product_id=f"{self._source.id}-{product}",
            characteristics=[*marks, characteristic("syntheticAttachment", value=True)] if device else marks,
            places=self._places,
            resources=[device] if device else [],
        )


def _main_lines(source: SourceCustomer) -> list[tuple[str, str, str, list[Json]]]:
    """Key, name, service type and characteristics of what the main product bundles."""
    lines: list[tuple[str, str, str, list[Json]]] = []
    if source.lines.has_phone:
        lines.append(("phone", "Phone", "fixedVoice", []))
    if source.lines.has_second_line:
        lines.append(("phone2", "Second line", "fixedVoice", []))
    if source.lines.has_internet:
        technology = source.lines.technology
        marks = [characteristic("technology", technology)] if technology else []
        lines.append(("internet", f"{technology} internet".strip(), "broadband", marks))
    return lines


def _marks(source: SourceCustomer, contact: Contact | None) -> list[Json]:
    found: dict[str, str | float | None] = {
        "latitude": source.place.latitude,
        "longitude": source.place.longitude,
        "territory": source.place.territory,
        "churnCategory": source.churn_category,
        "sourceStatus": source.status,
        **source.totals,
    }
    marks = [characteristic(name, value) for name, value in found.items() if value not in (None, "")]
    return [*marks, characteristic("syntheticContacts", value=True)] if contact and contact.is_made_up else marks


def _media(source: SourceCustomer, contact: Contact | None) -> list[Json]:
    where = source.place
    media: list[Json] = []
    if contact and contact.phone:
        media.append(medium("phone", preferred=True, phoneNumber=contact.phone))
    if contact and contact.email:
        media.append(medium("email", preferred=False, emailAddress=contact.email))
    if where.city or where.postal_code:
        address = {"street1": "", "city": where.city, "postCode": where.postal_code}
        region = {"stateOrProvince": where.state, "country": where.country}
        media.append(medium("postalAddress", preferred=False, **region, **address))
    return media


def _places(source: SourceCustomer) -> list[Json]:
    where = source.place
    if not where.city and not where.postal_code:
        return []
    address = " ".join(f"{where.city}, {where.state} {where.postal_code}".split())
    return [place("installationAddress", f"{source.id}-home", address)]


def _payment_method(source: SourceCustomer) -> Json:
    name = source.payment_method
    return {"id": f"{source.id}-payment", "name": name, "@referredType": "PaymentMethod"}


def _terms(source: SourceCustomer, span: Span) -> list[Json]:
    months = source.contract_months
    if months is None:
        return []
    name = "Month to month" if months == 1 else f"{months} months"
    return [term(name, months, span)]


def wire_day(day: date) -> str:
    """The beginning of a day, as TM Forum writes it."""
    return f"{day.isoformat()}T00:00:00.000Z"


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
