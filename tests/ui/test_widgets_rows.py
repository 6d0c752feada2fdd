"""Row lists: worked by digits and Enter, and nothing moves under the eye."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from tests.ui.keyboard import Keyboard
from ui.shell.dispatch import Dispatcher
from ui.theme import tokens
from ui.theme.tokens import Level
from ui.widgets import row_delegate
from ui.widgets.column_widths import column_widths
from ui.widgets.fields import TextField
from ui.widgets.filter_list import Choice, FilterList
from ui.widgets.row_list import RowList
from ui.widgets.rows import Cell, Column, Row

CHOICES = (
    Choice("no-service", "No service", ("wfw", "无服务")),
    Choice("slow", "Slow internet", ("wsm",)),
    Choice("bill", "Wrong bill", ("zdyw",)),
)


def rows(*keys: str) -> list[Row]:
    return [Row(key, (Cell(f"row {key}"), Cell("7", Level.MUTED))) for key in keys]


class ListDesk:
    """A list and a field in a window that has the focus."""

    def __init__(self) -> None:
        self.window = QWidget()
        self.list = RowList([Column(), Column(40, is_right=True)])
        self.field = TextField()
        column = QVBoxLayout(self.window)
        column.addWidget(self.list)
        column.addWidget(self.field)
        Dispatcher(self.window, lambda _action: None, lambda: None).watch()
        self.window.show()
        self.window.activateWindow()
        self.keyboard = Keyboard(self.window)
        self.opened: list[str] = []
        self.held: list[int] = []
        self.list.opened.connect(self.opened.append)
        self.list.held_back.connect(self.held.append)

    def shown(self) -> list[str]:
        return [row.key for row in self.list.rows]


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[ListDesk]:
    desk = ListDesk()
    yield desk
    desk.window.close()
    desk.window.deleteLater()


def test_digits_and_enter_open_rows(desk: ListDesk) -> None:
    desk.list.show_rows(rows("a", "b", "c"))
    desk.list.setFocus()
    desk.keyboard.type("2↓⏎9")
    assert desk.opened == ["b", "c"]


def test_a_row_may_keep_a_number_of_its_own(desk: ListDesk) -> None:
    desk.list.show_rows([Row("only", (Cell("only"), Cell("")), number=3)])
    desk.list.setFocus()
    desk.keyboard.type("13")
    assert desk.opened == ["only"]


def test_a_held_enter_opens_once(desk: ListDesk) -> None:
    desk.list.show_rows(rows("a"))
    desk.list.setFocus()
    desk.keyboard.press("Return", repeats=3)
    assert desk.opened == ["a"]


def test_digits_reach_the_list_past_any_input_method(desk: ListDesk) -> None:
    desk.list.show_rows(rows("a", "b"))
    desk.list.setFocus()
    desk.keyboard.type("↓")
    assert not desk.list.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_coming_in_by_tab_picks_the_first_row(desk: ListDesk) -> None:
    desk.list.show_rows(rows("a", "b"))
    desk.field.setFocus()
    desk.keyboard.press("Tab")
    desk.list.setFocus()
    assert desk.list.current_key == "a"


def test_new_rows_wait_while_the_list_is_looked_at(desk: ListDesk) -> None:
    desk.list.show_rows(rows("a", "b"))
    desk.list.setFocus()
    desk.keyboard.type("↓")
    desk.list.show_rows(rows("new", "b", "a", "newer"))
    assert (desk.shown(), desk.list.current_key, desk.held) == (["a", "b"], "b", [2])
    desk.field.setFocus()
    assert (desk.shown(), desk.list.current_key, desk.held) == (["new", "b", "a", "newer"], "b", [2, 0])


def test_known_rows_are_redrawn_in_place_while_looked_at(desk: ListDesk) -> None:
    desk.list.show_rows(rows("a", "b"))
    desk.list.setFocus()
    desk.list.show_rows([Row("b", (Cell("changed"), Cell(""))), *rows("c")])
    assert [row.said for row in desk.list.rows] == ["row a, 7", "changed"]


def test_the_same_rows_again_are_not_drawn_again(desk: ListDesk) -> None:
    desk.field.setFocus()
    desk.list.show_rows(rows("a", "b"))
    desk.list.pick("b")
    resets: list[None] = []
    desk.list.model().modelReset.connect(lambda: resets.append(None))
    desk.list.show_rows(rows("a", "b"))
    assert not resets
    assert desk.list.current_key == "b"
    desk.list.show_rows(rows("a", "c"))
    assert len(resets) == 1
    assert not desk.list.current_key


def test_the_widths_of_columns_are_shared_out_once_for_all_rows(
    desk: ListDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared: list[int] = []

    def widths(columns: Sequence[Column], needed: Sequence[int], room: int) -> list[int]:
        shared.append(room)
        return column_widths(columns, needed, room)

    monkeypatch.setattr(row_delegate, "column_widths", widths)
    desk.list.show_rows(rows("a", "b", "c"))
    desk.list.grab()
    desk.list.grab()
    assert len(shared) == 1
    desk.list.show_rows(rows("a", "a row that needs more room", "c"))
    desk.list.grab()
    assert len(shared) == 2


def test_the_selected_row_stays_put_under_five_hundred_changes(desk: ListDesk) -> None:
    desk.list.show_rows(rows(*"abcdef"))
    desk.list.setFocus()
    desk.keyboard.type("↓↓")
    before = desk.list.visualRect(desk.list.currentIndex())
    for number in range(500):
        desk.list.show_rows(rows(f"new {number}", *"fedcba"))
    assert (desk.list.current_key, desk.list.visualRect(desk.list.currentIndex())) == ("c", before)


def test_every_row_can_be_read_aloud(desk: ListDesk) -> None:
    desk.list.show_rows([*rows("a"), Row("b", (Cell("b"), Cell("")), spoken="row b, waiting")])
    index = desk.list.model().index(1, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "row b, waiting"
    QAccessible.setActive(True)
    try:
        children = QAccessible.queryAccessibleInterface(desk.list)
        assert children.child(0).text(QAccessible.Text.Name) == "row a, 7"
    finally:
        QAccessible.setActive(False)


def test_rows_are_drawn_on_the_grid_and_cut_short_to_fit(desk: ListDesk) -> None:
    desk.list.show_rows([Row("long", (Cell("word " * 200, Level.ACT, "refused"), Cell("7")))])
    assert desk.list.visualRect(desk.list.model().index(0, 0)).height() == tokens.ROW
    assert not desk.list.grab().isNull()


def test_typing_filters_by_words_initials_and_the_other_language(qapp: QApplication) -> None:
    fits = {
        typed: [one.key for one in CHOICES if one.fits(typed)] for typed in ("slow", "ZDYW", "无服", "service", "x")
    }
    assert fits == {"slow": ["slow"], "ZDYW": ["bill"], "无服": ["no-service"], "service": ["no-service"], "x": []}


@pytest.fixture
def choosing(qapp: QApplication) -> Iterator[tuple[FilterList, Keyboard]]:
    window = QWidget()
    choices = FilterList()
    QVBoxLayout(window).addWidget(choices)
    Dispatcher(window, lambda _action: None, lambda: None).watch()
    choices.offer(CHOICES)
    choices.setFocus()
    yield choices, Keyboard(window)
    window.deleteLater()


def test_the_first_match_is_taken_by_enter_and_the_arrows_choose_another(
    choosing: tuple[FilterList, Keyboard],
) -> None:
    choices, keyboard = choosing
    picked: list[str] = []
    choices.picked.connect(picked.append)
    choices.field.returnPressed.connect(choices.take_current)
    keyboard.type("s⏎")
    choices.field.selectAll()
    keyboard.type("s↓⏎")
    assert picked == ["no-service", "slow"]
    assert (choices.chosen, choices.field.text()) == ("slow", "Slow internet")


def test_typing_on_forgets_the_choice(choosing: tuple[FilterList, Keyboard]) -> None:
    choices, keyboard = choosing
    choices.choose("bill")
    keyboard.type("x")
    assert choices.chosen == ""


def test_a_choice_survives_other_words_for_it(choosing: tuple[FilterList, Keyboard]) -> None:
    choices, _ = choosing
    choices.choose("bill")
    choices.offer([Choice("bill", "账单有误")])
    assert (choices.chosen, choices.field.text()) == ("bill", "账单有误")
