"""What a row list shows: rows of cells under columns."""

from __future__ import annotations

from dataclasses import dataclass

from ui.theme.tokens import Level


@dataclass(frozen=True, slots=True)
class Cell:
    """One piece of a row: text in the ink of its level, with an icon before it where `icon` names one."""

    text: str
    level: Level = Level.PLAIN
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in px; the one with 0 takes what the others leave. Numbers stand right.

    A column that `may_go` is left out where the others would be cut otherwise.
    """

    width: int = 0
    is_right: bool = False
    may_go: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `key` tells it from the others over time; `spoken` is what a screen reader says (default: its cells).

    `number` is the digit that opens it; 0 is its place in the list, so that most rows need not say.
    """

    key: str
    cells: tuple[Cell, ...]
    spoken: str = ""
    number: int = 0

    @property
    def said(self) -> str:
        """The row in words."""
        return self.spoken or ", ".join(cell.text for cell in self.cells if cell.text)
