"""The key table: complete, unambiguous, free of what other programs own, and swallowed by no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTableWidget,
    QTabWidget,
    QTextEdit,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)

from tests.ui.keyboard import Keyboard
from ui.shell.dispatch import Dispatcher
from ui.shell.key_sheet import lines_for
from ui.shell.keys import KEYS, KeyRow
from ui.widgets.fields import CodeField, TextArea, TextField

FUNCTION_KEYS = {"F1", "F2", "F3", "F5", "Shift+F5", "F6", "Shift+F6", "F7", "F8", "F9", "F11", "F12"}
NAMED_KEYS = {"Esc", "Ctrl+Return", "Ctrl+Enter", "Ctrl+PgUp", "Ctrl+PgDown", "Alt+Left", "Alt+Right"}
LETTER_KEYS = {f"Ctrl+{letter}" for letter in "KFDGJNMTRPHLZ"}
DIGIT_KEYS = {f"{modifier}+{digit}" for modifier in ("Ctrl", "Alt") for digit in range(1, 10)}
GUIDE = FUNCTION_KEYS | NAMED_KEYS | LETTER_KEYS | DIGIT_KEYS
KINDS: list[Callable[[], QWidget]] = [
    QLineEdit, TextField, CodeField, QPlainTextEdit, TextArea, QTextEdit, QPushButton, QCheckBox, QRadioButton,
    QComboBox, QSpinBox, QListWidget, QTableWidget, QTreeWidget, QTabWidget, QGroupBox,
]  # fmt: skip


def all_keys() -> list[tuple[str, KeyRow]]:
    return [(key, row) for row in KEYS for key in row.keys]


def test_the_table_holds_every_key_of_the_guide_once() -> None:
    keys = [key for key, _ in all_keys()]
    assert sorted(keys) == sorted(GUIDE)
    assert len({row.action for row in KEYS}) == len(KEYS)


def is_forbidden(key: str) -> bool:
    """What input methods, window managers and keyboard layouts own, and what is typed as text."""
    *modifiers, name = key.split("+") if not key.endswith("++") else [*key[:-2].split("+"), "+"]
    held = set(modifiers)
    is_function_key = name[:1] == "F" and name[1:].isdigit()
    return (
        (len(name) == 1 and not held - {"Shift"})
        or name == "Space"
        or (held == {"Ctrl"} and name in tuple(".,;/`"))
        or held >= {"Ctrl", "Shift"}
        or held >= {"Ctrl", "Alt"}
        or held >= {"Alt", "Shift"}
        or name in ("F4", "F10")
        or (is_function_key and "Alt" in held)
        or (held == {"Alt"} and name in ("Up", "Down"))
    )


def test_nothing_is_bound_that_others_own() -> None:
    assert [key for key, _ in all_keys() if is_forbidden(key)] == []


@pytest.mark.parametrize(
    "key",
    ["A", "5", "Ctrl+Space", "Ctrl+.", "Ctrl+Alt+K", "Ctrl+Shift+K", "Alt+Shift+X", "F4", "F10", "Alt+F2", "Alt+Up"],
)
def test_the_rule_knows_a_forbidden_key(key: str) -> None:
    assert is_forbidden(key)


class Desk:
    """A window with one widget of a kind, and what its keys did."""

    def __init__(self, kind: Callable[[], QWidget]) -> None:
        self.window = QWidget()
        self.acted: list[str] = []
        self.widget = kind()
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.widget)
        layout.addWidget(QLabel("beside"))
        self.dispatcher = Dispatcher(self.window, self.acted.append, lambda: None)
        self.dispatcher.watch()
        self.widget.setFocus()
        self.keyboard = Keyboard(self.window)


@pytest.fixture
def desk_on(qapp: QApplication) -> Iterator[Callable[[Callable[[], QWidget]], Desk]]:
    made: list[Desk] = []

    def make(kind: Callable[[], QWidget]) -> Desk:
        made.append(Desk(kind))
        return made[-1]

    yield make
    for desk in made:
        desk.window.deleteLater()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_widget_swallows_a_key(
    desk_on: Callable[[Callable[[], QWidget]], Desk], kind: Callable[[], QWidget]
) -> None:
    desk = desk_on(kind)
    expected = []
    for key, row in all_keys():
        keeps = row.text_keeps and isinstance(desk.widget, (QLineEdit, QPlainTextEdit))
        expected += [] if keeps else [row.action]
        desk.keyboard.press(key)
    assert desk.acted == expected


def test_a_held_key_acts_once(desk_on: Callable[[Callable[[], QWidget]], Desk]) -> None:
    desk = desk_on(TextField)
    desk.keyboard.press("Ctrl+Return", "F7", repeats=4)
    assert desk.acted == ["primary", "complaint"]


def test_alt_with_the_keypad_stands_for_nothing(desk_on: Callable[[Callable[[], QWidget]], Desk]) -> None:
    desk = desk_on(TextField)
    desk.keyboard.press("Alt+Keypad+1")
    assert desk.acted == []


def test_undo_stays_with_the_text_that_is_edited(desk_on: Callable[[Callable[[], QWidget]], Desk]) -> None:
    desk = desk_on(TextField)
    desk.keyboard.type("ab")
    desk.keyboard.press("Ctrl+Z")
    assert isinstance(desk.widget, TextField)
    assert (desk.widget.text(), desk.acted) == ("", [])


def test_the_sheet_takes_one_line_for_a_family_of_numbers(qapp: QApplication) -> None:
    offered = frozenset({"help", "primary", "panel-1", "panel-2", "panel-3"})
    assert lines_for(offered) == [
        ("F1", "keys of this page, and messages"),
        ("Ctrl+Enter", "the primary action"),
        ("Alt+1 … Alt+3", "panel"),
    ]


def test_a_held_enter_finishes_one_field_but_writes_many_lines(
    desk_on: Callable[[Callable[[], QWidget]], Desk],
) -> None:
    finished: list[str] = []
    field, area = desk_on(TextField), desk_on(TextArea)
    assert isinstance(field.widget, TextField)
    assert isinstance(area.widget, TextArea)
    field.widget.returnPressed.connect(lambda: finished.append("finished"))
    for desk in (field, area):
        desk.keyboard.press("Return", repeats=2)
    assert (finished, area.widget.toPlainText()) == (["finished"], "\n\n\n")
