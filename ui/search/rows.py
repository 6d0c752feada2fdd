"""A search hit as a row: who, last four digits, district, why it matched, state."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.customers.model import MatchKind, SearchHit
from app.rules.phones import shown_phone
from ui.customer.words import value_word
from ui.search.state import Found
from ui.theme.tokens import Level
from ui.widgets.rows import Cell, Column, Row

COLUMNS = (Column(), Column(56, is_right=True), Column(136), Column(216), Column(144))


def row_of(found: Found) -> Row:
    """The row to show."""
    if found.act is not None:
        return Row(
            found.key, (Cell(found.act.label, icon="action"), *(Cell("") for _ in COLUMNS[1:])), number=found.number
        )
    assert found.hit is not None, "a row is one or the other"  # noqa: S101 - an invariant
    return Row(found.key, _cells(found.hit))


def _cells(hit: SearchHit) -> tuple[Cell, ...]:
    return (
        Cell(_called(hit), Level.MUTED if hit.is_elsewhere else Level.PLAIN, "person" if hit.customer_id else "note"),
        Cell(hit.last_four),
        Cell(hit.district, Level.MUTED),
        Cell(why(hit), Level.MUTED),
        Cell(value_word(hit.status), Level.PLAIN if hit.status == "active" else Level.LOOK),
    )


def _called(hit: SearchHit) -> str:
    name = hit.name or hit.customer_id or hit.ticket_id
    elsewhere = QCoreApplication.translate("box", "{name} · not at this desk · opens from head office")
    return elsewhere.format(name=name) if hit.is_elsewhere else name


def why(hit: SearchHit) -> str:
    """Why the row is here: the kind of match and what matched, unless the row shows that already."""
    kind = QCoreApplication.translate("match", hit.match.value)
    if hit.match in (MatchKind.LAST_FOUR, MatchKind.NAME, MatchKind.POSSIBLE):
        return kind
    matched = shown_phone(hit.matched) if hit.match is MatchKind.PHONE else hit.matched
    return f"{kind} {matched}"
