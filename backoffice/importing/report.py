"""Keeps account of every row: taken, noted or refused; writes the last two into a CSV file."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from backoffice.documents import Document

_LONGEST_VALUE = 200


class Kind(StrEnum):
    """What became of the row that a finding is about."""

    REFUSED = "refused"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong or odd about one field of one row; `line` is the physical line that the row begins on."""

    file: str
    line: int
    field: str
    value: str
    reason: str
    kind: Kind


class RefusedError(Exception):
    """This row cannot be used."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.reason)
        self.finding = finding


@dataclass(slots=True)
class Counts:
    """What became of the rows of one kind: rows = taken + refused; noted rows were taken."""

    rows: int = 0
    taken: int = 0
    refused: int = 0
    noted: int = 0

    def as_json(self) -> dict[str, int]:
        """The counts under the names that the command prints."""
        return {"rows": self.rows, "in": self.taken, "refused": self.refused, "noted": self.noted}


class Report:
    """Writes findings beside `path` and moves them there once the import has ended."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._draft = path.with_name(path.name + ".part")

    def __enter__(self) -> Report:
        self._stream = self._draft.open("w", encoding="utf-8", newline="")
        self._writer = csv.DictWriter(self._stream, [field.name for field in fields(Finding)])
        self._writer.writeheader()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        if error is None:
            self._draft.replace(self.path)
        else:
            self._draft.unlink()

    def taken(self, counts: Counts, findings: list[Finding]) -> None:
        """Account for a row that was taken, with what is odd about it."""
        counts.rows += 1
        counts.taken += 1
        counts.noted += bool(findings)
        for finding in findings:
            self._write(finding)

    def refused(self, counts: Counts, finding: Finding) -> None:
        """Account for a row that cannot be used."""
        counts.rows += 1
        counts.refused += 1
        self._write(finding)

    def absent(self, file: str, columns: list[str]) -> None:
        """List the columns that a file lacks; what they would hold stays empty."""
        for column in columns:
            self._write(Finding(file, 1, column, "", "no such column", Kind.NOTED))

    def not_loaded(self, document: Document, reason: str) -> None:
        """List a document that could be read, but was not written."""
        self._write(Finding("", 0, document.collection, document.id, reason, Kind.REFUSED))

    def _write(self, finding: Finding) -> None:
        row = asdict(finding)
        if len(finding.value) > _LONGEST_VALUE:
            row["value"] = finding.value[:_LONGEST_VALUE] + "…"
        self._writer.writerow(row)
