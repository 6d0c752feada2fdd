"""TMF629, TMF632 and TMF666 JSON → customer models."""

from __future__ import annotations

from collections.abc import Iterator

from app.core import wire
from app.core.money import money_from
from app.customers.model import Account, Contacts, Customer, FarCustomer, Identity, IdentityDocument, PartyKind


def customer_from(body: wire.Body, party: wire.Body, accounts: tuple[Account, ...]) -> Customer:
    """Join the customer record with its party record (empty if not held) and its accounts."""
    marks = wire.characteristics(body)
    return Customer(
        id=wire.text(body, "id"),
        name=wire.text(body, "name"),
        status=wire.text(body, "status"),
        status_reason=wire.text(body, "statusReason"),
        tier=marks.get("tier", ""),
        contacts=contacts_from(body),
        identity=identity_from(party, wire.text(wire.child(body, "engagedParty"), "@referredType")),
        accounts=accounts,
        has_synthetic_contacts=marks.get("syntheticContacts") == "true",
    )


def far_customer_from(customer_id: str, body: wire.Body) -> FarCustomer:
    """A row of the index of customers."""
    name, status, territory = (wire.text(body, attribute) for attribute in ("name", "status", "territory"))
    phones, accounts = tuple(wire.texts(body, "phones")), tuple(wire.texts(body, "accounts"))
    return FarCustomer(customer_id, name, status, territory, phones, accounts)


def contacts_from(body: wire.Body) -> Contacts:
    """Phones, mails and the first postal address of a customer."""
    phones: list[str] = []
    mails: list[str] = []
    district = country = ""
    for medium in wire.children(body, "contactMedium"):
        how = wire.child(medium, "characteristic")
        kind = wire.text(medium, "mediumType")
        if kind == "phone" and (phone := wire.text(how, "phoneNumber")):
            phones.append(phone)
        elif kind == "email" and (mail := wire.text(how, "emailAddress")):
            mails.append(mail)
        elif kind == "postalAddress":
            district = district or wire.text(how, "city")
            country = country or wire.text(how, "country").strip()
    return Contacts(tuple(phones), tuple(mails), next(addresses_in(body), ""), district, country)


def addresses_in(body: wire.Body) -> Iterator[str]:
    """The postal addresses of a customer, each in a line."""
    for medium in wire.children(body, "contactMedium"):
        if wire.text(medium, "mediumType") == "postalAddress":
            how = wire.child(medium, "characteristic")
            parts = (wire.text(how, part) for part in ("street1", "city", "stateOrProvince", "postCode"))
            if line := ", ".join(part for part in parts if part):
                yield line


def identity_from(party: wire.Body, referred_type: str) -> Identity:
    """What a TMF632 record says of the person or organisation."""
    is_organization = referred_type == "Organization" or "tradingName" in party
    documents = (
        *wire.children(party, "individualIdentification"),
        *wire.children(party, "organizationIdentification"),
    )
    return Identity(
        kind=PartyKind.ORGANIZATION if is_organization else PartyKind.INDIVIDUAL,
        gender=wire.text(party, "gender"),
        birth_date=wire.calendar_day(party, "birthDate"),
        documents=tuple(
            IdentityDocument(wire.text(one, "identificationType"), wire.text(one, "identificationId"))
            for one in documents
        ),
    )


def account_from(body: wire.Body) -> Account:
    """A billing account with the amount due on it, if the record says one."""
    balances = {
        wire.text(one, "balanceType"): wire.child(one, "amount") for one in wire.children(body, "accountBalance")
    }
    amount = balances.get("receivable", {})
    return Account(
        id=wire.text(body, "id"),
        name=wire.text(body, "name"),
        state=wire.text(body, "state"),
        due=money_from(amount.get("value"), wire.text(amount, "unit")),
    )
