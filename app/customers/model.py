"""A customer as the desk knows them (TMF629 Customer, TMF632 Party, TMF666 BillingAccount)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.money import Money
from app.core.words import QT_TRANSLATE_NOOP


class PartyKind(StrEnum):
    """A person or an organisation."""

    INDIVIDUAL = "individual"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Contacts:
    """How to reach them, best first."""

    phones: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    address: str = ""
    district: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """A document that proved who they are: its kind and number as recorded."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Account:
    """A billing account and what is owed on it (None where the source does not say)."""

    id: str
    name: str
    state: str
    due: Money | None


@dataclass(frozen=True, slots=True)
class Identity:
    """What the party record adds to the customer record."""

    kind: PartyKind
    gender: str = ""
    birth_date: date | None = None
    documents: tuple[IdentityDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer; `name` is empty where the source holds none."""

    id: str
    name: str
    status: str
    status_reason: str
    tier: str
    contacts: Contacts
    identity: Identity
    accounts: tuple[Account, ...] = ()
    has_synthetic_contacts: bool = False


@dataclass(frozen=True, slots=True)
class FarCustomer:
    """A customer outside the desk's home: what they are found by, and of the name the first signs."""

    id: str
    name: str
    status: str
    territory: str
    phones: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


class MatchKind(StrEnum):
    """Why a search row matched; the words are shown to the clerk."""

    PHONE = QT_TRANSLATE_NOOP("match", "number")
    LAST_FOUR = QT_TRANSLATE_NOOP("match", "last four")
    NAME = QT_TRANSLATE_NOOP("match", "name")
    CUSTOMER = QT_TRANSLATE_NOOP("match", "customer")
    ACCOUNT = QT_TRANSLATE_NOOP("match", "account")
    TICKET = QT_TRANSLATE_NOOP("match", "ticket")
    DOCUMENT = QT_TRANSLATE_NOOP("match", "identity number")
    PLACE = QT_TRANSLATE_NOOP("match", "address")
    ORDER = QT_TRANSLATE_NOOP("match", "order")
    CARD = QT_TRANSLATE_NOOP("match", "SIM card")
    POSSIBLE = QT_TRANSLATE_NOOP("match", "perhaps: first letters fit")


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One row under the box. Ticket hits without a customer have an empty `customer_id`.

    Of who `is_elsewhere` this desk holds an index row only: a shortened name, numbers and accounts.
    """

    customer_id: str
    name: str
    last_four: str
    district: str
    status: str
    match: MatchKind
    matched: str
    is_exact: bool
    ticket_id: str = ""
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The rows to show for what was typed; `has_more` where others match as well."""

    hits: tuple[SearchHit, ...] = ()
    has_more: bool = False
