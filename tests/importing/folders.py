"""Hand-made folders that look like the real ones, with every kind of dirt that the real ones have, and worse."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

BOM: Final = "\ufeff"


def _cells(line: str) -> list[str]:
    return line.split(",")


BASE_HEADER: Final = _cells(
    "customerID,gender,SeniorCitizen,Partner,Dependents,tenure,PhoneService,MultipleLines,InternetService,OnlineSecurity,"
    "OnlineBackup,DeviceProtection,TechSupport,StreamingTV,StreamingMovies,Contract,PaperlessBilling,PaymentMethod,"
    "MonthlyCharges,TotalCharges,Churn"
)
DETAIL_HEADER: Final = _cells(
    "Customerid ,Gender,Age,Married,Numberofdependents ,City,Zipcode ,Latitude,Longitude,Numberofreferrals ,"
    "Tenureinmonths ,Offer,Phoneservice ,Avgmonthlylongdistancecharges ,MultipleLines,Internetservice ,Internettype ,"
    "Avgmonthlygbdownload ,Onlinesecurity,Onlinebackup,Deviceprotectionplan,Premiumtechsupport,Streamingtv ,"
    "Streamingmovies ,Streamingmusic ,Unlimiteddata,Contract,Paperlessbilling ,Paymentmethod ,Monthlycharge ,"
    "Totalcharges ,Totalrefunds ,Totalextradatacharges ,Totallongdistancecharges ,Totalrevenue ,Customerstatus ,"
    "Churncategory ,Churnreason "
)
TICKET_HEADER: Final = _cells(
    "Ticket #,Customer Complaint,Date,Date_month_year,Time,Received Via,City,State,Zip code,Status,"
    "Filing on Behalf of Someone"
)

_BASE: Final = dict(
    zip(
        BASE_HEADER,
        _cells("x,Female,0,Yes,No,9,Yes,No,DSL,No,Yes,No,No,No,No,One year,Yes,Mailed check,65.6,593.3,No"),
        strict=True,
    )
)
_DETAIL: Final = dict(
    zip(
        DETAIL_HEADER,
        _cells(
            "x,Female,37,Yes,0,Springfield,90001,34.5,-118.5,2,9,None,Yes,42.39,No,Yes,Cable,16,No,Yes,No,No,No,No,No,Yes,"
            "One Year,Yes,Credit Card,65.6,593.3,0,10,381.51,974.81,Stayed,,"
        ),
        strict=True,
    )
)
_TICKET: Final = dict(
    zip(
        TICKET_HEADER,
        _cells("1,Slow line,22-04-2015,22-Apr-15,3:53:50 PM,Internet,Springfield,Maryland,21009,Closed,No"),
        strict=True,
    )
)

Cells = Mapping[str, str]


def base(customer_id: str, **cells: str) -> list[str]:
    """A row of the earlier customer file."""
    return list({**_BASE, "customerID": customer_id, **cells}.values())


def detail(customer_id: str, **cells: str) -> list[str]:
    """A row of the later customer file; blanks at the end of its headers may be left out."""
    named = {f"{name} " if f"{name} " in _DETAIL else name: value for name, value in cells.items()}
    return list({**_DETAIL, "Customerid ": customer_id, **named}.values())


def ticket(number: str, cells: Cells | None = None) -> list[str]:
    """A row of the complaints file."""
    return list({**_TICKET, "Ticket #": number, **(cells or {})}.values())


def text_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows as CSV under a header."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows([header, *rows])
    return stream.getvalue()


@dataclass
class Folder:
    """An import folder; the extra bytes follow the rows of their file."""

    path: Path
    base: list[list[str]] = field(default_factory=list)
    detail: list[list[str]] = field(default_factory=list)
    tickets: list[list[str]] = field(default_factory=list)
    base_extra: bytes = b""
    tickets_extra: bytes = b""

    def write(self) -> Path:
        """Write the three files and return the folder."""
        (self.path / "customers").mkdir(parents=True, exist_ok=True)
        (self.path / "complaints").mkdir(exist_ok=True)
        self.base_file.write_bytes(text_of(BASE_HEADER, self.base).encode() + self.base_extra)
        self.detail_file.write_bytes((BOM + text_of(DETAIL_HEADER, self.detail)).encode())
        tickets = (BOM + text_of(TICKET_HEADER, self.tickets)).encode() + self.tickets_extra
        self.tickets_file.write_bytes(tickets)
        return self.path

    @property
    def base_file(self) -> Path:
        """The earlier customer file."""
        return self.path / "customers" / "ibm_telco_customer_churn.csv"

    @property
    def detail_file(self) -> Path:
        """The later customer file."""
        return self.path / "customers" / "maven_telecom_customer_churn.csv"

    @property
    def tickets_file(self) -> Path:
        """The complaints file."""
        return self.path / "complaints" / "comcast_complaints_2015.csv"


def clean_folder(path: Path, customers: int = 3, tickets: int = 2) -> Folder:
    """A folder without any dirt; the two customer files have different orders."""
    ids = [f"{number:04}-ABCDE" for number in range(customers)]
    return Folder(
        path,
        [base(customer) for customer in ids],
        [detail(customer) for customer in reversed(ids)],
        [ticket(str(1000 + number)) for number in range(tickets)],
    )
