"""Alarms of a wireless network: devices, and what they raised when.

The file counts seconds from an unnamed day and names neither alarms nor devices. Its clock is laid so that its last day is
the day of the customer files; kinds keep their numbers. What went on for no time at all is kept as it stands. Rows come in
the order in which alarms began, so that of each instant only its own alarms are remembered to tell repeated ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

from app.core.clock import to_wire
from backoffice.documents import Document
from backoffice.importing.account import Account
from backoffice.importing.bodies.network import alarm, resource
from backoffice.importing.bodies.parts import characteristic
from backoffice.importing.customer_documents import AS_OF
from backoffice.importing.made_up import Attachment
from backoffice.importing.records import readable_rows
from backoffice.importing.report import Finding, Kind
from backoffice.importing.table import Row, Table

FILE: Final = "huawei_alarms_18V_55N_wireless.csv"
SYSTEM: Final = "wireless-management"
NEEDED: Final = ("alarm_id", "device_id", "start_timestamp", "end_timestamp")
DAYS: Final = 241  # the file's last second lies in its 241st day
BEGINS: Final = datetime.combine(AS_OF, time(), UTC) - timedelta(days=DAYS - 1)
_SECONDS: Final = re.compile(r"\d{1,12}", re.ASCII)
_LONGEST: Final = 100 * 366 * 86_400  # seconds; no network has run longer


class AlarmFile:
    """The file, open."""

    def __init__(self, table: Table, attachment: Attachment | None) -> None:
        self.size = table.size
        self._table = table
        self._attachment = attachment
        self._devices: set[str] = set()

    def documents(self, account: Account) -> Iterator[Document]:
        """A device where it is first seen, an alarm for each row."""
        begun: set[tuple[str, ...]] = set()
        instant = ""
        for row in self._usable(account):
            if row["start_timestamp"] != instant:
                begun, instant = set(), row["start_timestamp"]
            if row.cells in begun:
                account.took(Finding(row.file, row.line, "", "", "repeated", Kind.NOTED))
                continue
            begun.add(row.cells)
            account.took()
            yield from self._new_device(row["device_id"])
            yield _alarm(row)
        account.absent(self._table.name, self._table.absent)

    def _usable(self, account: Account) -> Iterator[Row]:
        for row in readable_rows(self._table, account):
            if wrong := wrong_with(row):
                account.refuse(row.file, row.line, wrong[0], row[wrong[0]], wrong[1])
            else:
                yield row

    def _new_device(self, number: str) -> Iterator[Document]:
        if number not in self._devices:
            self._devices.add(number)
            if self._attachment:
                self._attachment.saw(device_id(number))
            yield device(number)


@contextmanager
def opened(path: Path, attachment: Attachment | None) -> Iterator[AlarmFile]:
    """Open the file. Raises FileUnusableError."""
    with Table(path, NEEDED) as table:
        yield AlarmFile(table, attachment)


def _alarm(row: Row) -> Document:
    raised, cleared = (_instant(row[column]) for column in ("start_timestamp", "end_timestamp"))
    return alarm(
        f"AL-{'-'.join(row[column] for column in NEEDED)}",
        device=device_id(row["device_id"]),
        kind=f"type-{row['alarm_id']}",
        raised=raised,
        cleared=cleared,
        system=SYSTEM,
        detail=f"Alarm {row['alarm_id']} of device {row['device_id']}",
        severity="indeterminate",
    )


def wrong_with(row: Row) -> tuple[str, str] | None:
    """The column at fault and why the row cannot be used, if it cannot."""
    for column in ("alarm_id", "device_id"):
        if not row[column]:
            return column, "empty"
    for column in ("start_timestamp", "end_timestamp"):
        if not _SECONDS.fullmatch(row[column]) or int(row[column]) > _LONGEST:
            return column, "not a number of seconds"
    if int(row["end_timestamp"]) < int(row["start_timestamp"]):
        return "end_timestamp", "before the start"
    return None


def device_id(number: str) -> str:
    """The resource that a device of the file is here."""
    return f"DEV-{number}"


def device(number: str) -> Document:
    """A device, of which the file knows only that it is there."""
    return resource(
        device_id(number),
        f"Device {number}",
        category="wirelessDevice",
        description=f"Device {number} of the wireless network",
        characteristics=[characteristic("managedBy", SYSTEM)],
    )


def _instant(seconds: str) -> str:
    return to_wire(BEGINS + timedelta(seconds=int(seconds)))
