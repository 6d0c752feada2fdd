"""The moulds of who a customer is and what it holds; the names of their holes are those of `customers.facts_of`."""

from __future__ import annotations

from functools import cache
from typing import Final

from backoffice.generating.moments import Month
from backoffice.generating.moulds import Mould, bare, hole
from backoffice.generating.places import CITY, COUNTRY, PROVINCE
from backoffice.generating.plans import CURRENCY, Part, Plan
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

PAYMENT: Final = {"id": "bank-transfer", "name": "银行转账 Bank transfer", "@referredType": "PaymentMethod"}
_OWNER: Final = Owner(hole("customer"), hole("name"), hole("account"))
_SINCE: Final = Span(hole("since"))


def places() -> list[Json]:
    """Where the customer lives, and the network site that serves it."""
    return [
        place("installationAddress", hole("place"), hole("address")),
        place("site", hole("site"), hole("site")),
    ]


@cache
def individual(gender: str, nationality: str) -> Mould:
    """A person; one with a name in Chinese has one in Latin letters too."""
    latin = {"fullName": hole("latin"), "formattedName": hole("latin")}
    return Mould(
        parties.individual(
            hole("party"),
            parties.PersonName(hole("given"), hole("family"), hole("name")),
            gender=gender,
            marital_status="",
            status="validated",
            characteristics=[],
            identifications=[_identification("nationalIdentityCard")],
            other_names=[latin] if nationality else [],
            birthDate=hole("born"),
            nationality=nationality,
        )
    )


@cache
def organization() -> Mould:
    """A company."""
    documents = [_identification("businessLicence")]
    return Mould(
        parties.organization(
            hole("party"),
            hole("name"),
            trading_name=hole("latin"),
            identifications=documents,
            since=hole("customerSince"),
        )
    )


@cache
def customer(party_collection: str, accounts: int, phones: int, presentation: str) -> Mould:
    """The customer role of a party with that many accounts and telephone numbers."""
    return Mould(
        parties.customer(
            Owner(hole("customer"), hole("name"), "", hole("party"), party_collection),
            status="active",
            reason="",
            since=hole("customerSince"),
            accounts=[hole(f"account{turn}") for turn in range(accounts)],
            media=_media(phones, presentation),
            characteristics=[
                characteristic("tier", hole("tier")),
                characteristic("latitude", 0.0) | {"value": bare("latitude")},
                characteristic("longitude", 0.0) | {"value": bare("longitude")},
                characteristic("syntheticContacts", value=True),
                characteristic("territory", hole("territoryName")),
            ],
            payment_methods=[PAYMENT],
        )
    )


@cache
def account(payment_status: str, presentation: str, month: Month) -> Mould:
    """An account that bills go to."""
    owed = balance("receivable", 0.0, CURRENCY, Span(month.billed, month.due))
    owed["amount"]["value"] = bare("owed")
    return Mould(
        holdings.billing_account(
            _OWNER,
            name=hole("accountName"),
            state="open",
            payment_status=payment_status,
            balances=[owed],
            payment_method=PAYMENT,
            presentation=presentation,
            changed=month.billed,
        )
    )


@cache
def product(plan: Plan, months: int, status: str) -> Mould:
    """A plan that the customer holds."""
    bound = [term(f"{months} 个月 months", months, Span(hole("since"), hole("bound")))] if months else []
    return Mould(
        holdings.product(
            _OWNER,
            hole("product"),
            name=plan.name,
            status=status,
            span=_SINCE,
            offering=plan.key,
            prices=[monthly_price(plan.price, CURRENCY)],
            terms=bound,
            services=[hole(f"service{turn}") for turn in range(len(plan.parts))],
            characteristics=[],
            places=places(),
        )
    )


@cache
def service(part: Part, suspended: str) -> Mould:
    """A part of a plan that runs, or is suspended for a reason."""
    marks = [characteristic("number", hole("number"))] if part.has_number else []
    marks += [characteristic("downstreamMbps", part.speed)] if part.speed else []
    marks += [characteristic("suspendedFor", suspended)] if suspended else []
    return Mould(
        holdings.service(
            _OWNER,
            hole("service"),
            name=part.name,
            kind=part.kind,
            state="inactive" if suspended else "active",
            span=_SINCE,
            product_id=hole("product"),
            characteristics=marks,
            places=places(),
        )
    )


def _media(phones: int, presentation: str) -> list[Json]:
    media = [medium("phone", preferred=not turn, phoneNumber=hole(f"phone{turn}")) for turn in range(phones)]
    if presentation == "email":
        media.append(medium("email", preferred=False, emailAddress=hole("email")))
    address = {"street1": hole("address"), "street2": hole("street"), "city": CITY, "stateOrProvince": PROVINCE}
    return [
        *media,
        medium("postalAddress", preferred=False, **address, postCode=hole("postCode"), country=COUNTRY),
    ]


def _identification(kind: str) -> Json:
    return {
        "identificationType": kind, "identificationId": hole("identity"), "issuingDate": hole("customerSince")
    }  # fmt: skip
