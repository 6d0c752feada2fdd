"""What the two customer files say of one customer.

The files share the customer's id. Where both know something, the later one (`maven_telecom_customer_churn.csv`, end of
the second quarter of 2022) holds. The earlier one (`ibm_telco_customer_churn.csv`) fills what is empty or unreadable,
and gives the monthly charge where the later one has a negative amount, which is a credit and no price.

An operator's own file has the columns of either, and may have those of `OWN` beside them, which the public files lack.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from backoffice.importing.contacts import Contact
from backoffice.importing.postal import postal_area
from backoffice.importing.reading import RowReader
from backoffice.importing.report import Finding, RefusedError
from backoffice.importing.table import Row

BASE_FILE: Final = "ibm_telco_customer_churn.csv"
DETAIL_FILE: Final = "maven_telecom_customer_churn.csv"
ID: Final = "customerid"
BASE_NEEDED: Final = (ID, "tenure", "monthlycharges")
DETAIL_NEEDED: Final = (ID, "tenureinmonths", "monthlycharge")
OWN: Final = ("name", "phone", "email", "state", "country", "territory")

_LONGEST_TENURE: Final = 1200  # months
_OLDEST: Final = 130  # years
_MOST_DEPENDENTS: Final = 100
_MARITAL_STATUSES: Final = {True: "married", False: "unmarried", None: ""}
_TECHNOLOGIES: Final = {"dsl": "DSL", "fiber optic": "Fiber", "cable": "Cable"}
_TERMS: Final = {"month-to-month": 1, "one year": 12, "two year": 24}
_STATUSES: Final = frozenset({"stayed", "churned", "joined"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AddOn:
    """Something that can be held beside phone and internet, and the columns that say so."""

    key: str
    name: str
    kind: str
    detail: str
    base: str


ADD_ONS: Final = (
    AddOn("onlineSecurity", "Online security", "addOn", "onlinesecurity", "onlinesecurity"),
    AddOn("onlineBackup", "Online backup", "addOn", "onlinebackup", "onlinebackup"),
    AddOn("deviceProtection", "Device protection", "addOn", "deviceprotectionplan", "deviceprotection"),
    AddOn("techSupport", "Premium tech support", "addOn", "premiumtechsupport", "techsupport"),
    AddOn("streamingTv", "Streaming TV", "tv", "streamingtv", "streamingtv"),
    AddOn("streamingMovies", "Streaming movies", "tv", "streamingmovies", "streamingmovies"),
    AddOn("streamingMusic", "Streaming music", "addOn", "streamingmusic", ""),
    AddOn("unlimitedData", "Unlimited data", "addOn", "unlimiteddata", ""),
)
TOTALS: Final = {
    "totalRefunds": "totalrefunds",
    "totalExtraDataCharges": "totalextradatacharges",
    "totalLongDistanceCharges": "totallongdistancecharges",
    "totalRevenue": "totalrevenue",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a customer lives; empty and None where the source does not say."""

    city: str
    postal_code: str
    latitude: float | None
    longitude: float | None
    state: str
    country: str
    territory: str


@dataclass(frozen=True, slots=True)
class Lines:
    """What runs into the house. `technology` is `DSL`, `Fiber`, `Cable`, or empty where it is not known."""

    has_phone: bool
    has_second_line: bool
    has_internet: bool
    technology: str


@dataclass(frozen=True, slots=True)
class SourceCustomer:
    """One customer, joined from both files. Amounts in US dollars, tenure in whole months."""

    id: str
    gender: str
    marital_status: str
    age: int | None
    dependents: int | None
    place: Place
    lines: Lines
    add_ons: tuple[AddOn, ...]
    tenure: int
    monthly_charge: float
    total_charges: float | None
    totals: dict[str, float]
    contract_months: int | None
    is_paperless: bool
    payment_method: str
    offer: str
    status: str
    churn_category: str
    churn_reason: str
    contact: Contact | None


def read_customer(
    base: Row | None, detail: Row | None, *, is_pair: bool = True
) -> tuple[SourceCustomer, list[Finding]]:
    """Join what the files say, with what is odd about it: also that one lacks who is in the other, if there are two.

    Raises RefusedError where a needed number is missing.
    """
    pair = _Pair(RowReader(base) if base else None, RowReader(detail) if detail else None)
    if is_pair and (base is None or detail is None):
        pair.any.note(ID, f"not in {BASE_FILE if base is None else DETAIL_FILE}")
    return _joined(pair), pair.findings


class _Pair:
    """The rows of one customer in both files, at least one of which is there."""

    def __init__(self, base: RowReader | None, detail: RowReader | None) -> None:
        self.base = base
        self.detail = detail
        self._readers = [reader for reader in (detail, base) if reader]
        self.any = self._readers[0]

    @property
    def findings(self) -> list[Finding]:
        return [finding for reader in self._readers for finding in reader.findings]

    def first(self, read: Callable[[RowReader, str], T | None], detail: str, base: str) -> T | None:
        """What the later file says, or the earlier one where that is nothing."""
        for reader, column in ((self.detail, detail), (self.base, base)):
            value = read(reader, column) if reader and column else None
            if value not in (None, ""):
                return value
        return None

    def text(self, column: str) -> str:
        """What only the later file knows."""
        return self.detail.text(column) if self.detail else ""

    def own(self, column: str) -> str:
        """What only an operator's own file knows."""
        return next((cell for reader in self._readers if (cell := reader.row.own(column))), "")

    def says(self, detail: str, base: str) -> bool:
        """Whether the files say yes."""
        return bool(self.first(RowReader.answer, detail, base))

    def refuse(self, detail: str, base: str, reason: str) -> RefusedError:
        return self.base.refuse(base, reason) if self.base else self.any.refuse(detail, reason)


def _joined(pair: _Pair) -> SourceCustomer:
    return SourceCustomer(
        id=pair.any.text(ID),
        gender=(pair.first(RowReader.text, "gender", "gender") or "").casefold(),
        marital_status=_MARITAL_STATUSES[pair.first(RowReader.answer, "married", "partner")],
        age=_whole(pair, "age", _OLDEST),
        dependents=_whole(pair, "numberofdependents", _MOST_DEPENDENTS),
        place=_place(pair),
        lines=_lines(pair),
        add_ons=tuple(add_on for add_on in ADD_ONS if pair.says(add_on.detail, add_on.base)),
        tenure=_tenure(pair),
        monthly_charge=_monthly_charge(pair),
        total_charges=_total_charges(pair),
        totals=_totals(pair),
        contract_months=_TERMS.get(pair.first(_known_term, "contract", "contract") or ""),
        is_paperless=pair.says("paperlessbilling", "paperlessbilling"),
        payment_method=pair.first(RowReader.text, "paymentmethod", "paymentmethod") or "",
        offer=pair.text("offer"),
        status=_status(pair),
        churn_category=pair.text("churncategory"),
        churn_reason=pair.text("churnreason"),
        contact=_contact(pair),
    )


def _known_term(reader: RowReader, column: str) -> str:
    return reader.one_of(column, _TERMS)


def _whole(pair: _Pair, column: str, highest: int) -> int | None:
    value = pair.detail.optional_number(column, 0, highest) if pair.detail else None
    return None if value is None else int(value)


def _place(pair: _Pair) -> Place:
    code = pair.text("zipcode")
    return Place(
        pair.text("city"),
        code,
        pair.detail.optional_number("latitude", -90, 90) if pair.detail else None,
        pair.detail.optional_number("longitude", -180, 180) if pair.detail else None,
        *_region(pair),
        pair.own("territory") or postal_area(code),
    )


def _region(pair: _Pair) -> tuple[str, str]:
    """State and country; everybody in the public files lives in California."""
    state, country = pair.own("state"), pair.own("country")
    return (state, country or "US") if state or country else ("California", "US")


def _contact(pair: _Pair) -> Contact | None:
    name, phone, email = (pair.own(column) for column in ("name", "phone", "email"))
    return Contact("", "", phone, email, name, is_made_up=False) if name or phone or email else None


def _lines(pair: _Pair) -> Lines:
    technology = pair.first(_technology, "internettype", "internetservice") or ""
    has_internet = pair.detail.answer("internetservice") if pair.detail else None
    if has_internet is None:
        has_internet = bool(technology)
    return Lines(
        has_phone=pair.says("phoneservice", "phoneservice"),
        has_second_line=pair.says("multiplelines", "multiplelines"),
        has_internet=has_internet,
        technology=technology if has_internet else "",
    )


def _technology(reader: RowReader, column: str) -> str:
    return _TECHNOLOGIES.get(reader.one_of(column, {*_TECHNOLOGIES, "no", "none"}), "")


def _tenure(pair: _Pair) -> int:
    for reader, column in ((pair.detail, "tenureinmonths"), (pair.base, "tenure")):
        value = reader.number(column) if reader else None
        if value is not None and 0 <= value <= _LONGEST_TENURE and value == int(value):
            return int(value)
    raise pair.refuse("tenureinmonths", "tenure", "no number of months")


def _monthly_charge(pair: _Pair) -> float:
    detail = pair.detail.number("monthlycharge") if pair.detail else None
    base = pair.base.number("monthlycharges") if pair.base else None
    if pair.detail and detail is not None and detail < 0:
        pair.detail.note("monthlycharge", "negative")
    if pair.base and base is not None and base < 0:
        pair.base.note("monthlycharges", "negative")
    amounts = [amount for amount in (detail, base) if amount is not None]
    if not amounts:
        raise pair.refuse("monthlycharge", "monthlycharges", "no number")
    return next((amount for amount in amounts if amount >= 0), amounts[0])


def _total_charges(pair: _Pair) -> float | None:
    amounts = [reader.number("totalcharges") for reader in (pair.detail, pair.base) if reader]
    return next((amount for amount in amounts if amount is not None), None)


def _totals(pair: _Pair) -> dict[str, float]:
    amounts = {name: pair.detail.number(column) for name, column in TOTALS.items()} if pair.detail else {}
    return {name: amount for name, amount in amounts.items() if amount is not None}


def _status(pair: _Pair) -> str:
    status = pair.detail.one_of("customerstatus", _STATUSES) if pair.detail else ""
    return status or ("churned" if pair.base and pair.base.answer("churn") else "stayed")
