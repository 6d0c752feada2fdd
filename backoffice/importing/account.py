"""Keeps account of one section of an import: what became of each row, and how far its files are read."""

from __future__ import annotations

from collections.abc import Callable

from backoffice.importing.report import Counts, Finding, Kind, Report

Progress = Callable[[int], object]


class Account:
    """One section's rows: each is taken or refused, with whatever is odd about it."""

    def __init__(self, report: Report, counts: Counts, progress: Progress) -> None:
        self.counts = counts
        self._report = report
        self._progress = progress

    def took(self, *findings: Finding) -> None:
        """A row went in."""
        self._report.taken(self.counts, list(findings))

    def refused(self, finding: Finding) -> None:
        """A row cannot be used."""
        self._report.refused(self.counts, finding)

    def refuse(self, file: str, line: int, field: str, value: str, reason: str) -> None:
        """A row cannot be used, and this is why."""
        self.refused(Finding(file, line, field, value, reason, Kind.REFUSED))

    def absent(self, file: str, columns: list[str]) -> None:
        """The file lacks these columns."""
        self._report.absent(file, columns)

    def read(self, size: int) -> None:
        """So many more bytes of the section's files were read."""
        self._progress(size)
