"""Fields and buttons among input methods, scanners and held keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from tests.ui.keyboard import Keyboard
from ui.shell.dispatch import Dispatcher
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.fields import CodeField, TextArea, TextField
from ui.widgets.form import Form

IME = Qt.WidgetAttribute.WA_InputMethodEnabled
Place = Callable[..., Keyboard]


@pytest.fixture
def place(qapp: QApplication) -> Iterator[Place]:
    """Put widgets into a window, the cursor into the first, and hand over its keyboard."""
    windows: list[QWidget] = []

    def put(*widgets: QWidget) -> Keyboard:
        window = QWidget()
        windows.append(window)
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        Dispatcher(window, lambda _action: None, lambda: None).watch()
        widgets[0].setFocus()
        return Keyboard(window)

    yield put
    for window in windows:
        window.deleteLater()


def test_a_code_field_keeps_the_input_method_out_whatever_happens_to_it(qapp: QApplication) -> None:
    field = CodeField()
    states = [field.testAttribute(IME)]
    for is_read_only in (True, False):
        field.setReadOnly(is_read_only)
        states.append(field.testAttribute(IME))
    for mode in (QLineEdit.EchoMode.Password, QLineEdit.EchoMode.Normal):
        field.setEchoMode(mode)
        states.append(field.testAttribute(IME))
    assert states == [False] * 5


def test_a_text_field_lets_the_input_method_in(qapp: QApplication) -> None:
    assert TextField().testAttribute(IME)


def test_full_width_signs_become_half_width_as_they_are_typed(place: Place) -> None:
    field = CodeField()
    place(field).type("１３８－ＡｂＣ")
    assert field.text() == "138-AbC"


def test_return_belongs_to_the_composition_while_there_is_one(place: Place) -> None:
    field, finished = TextField(), []
    field.returnPressed.connect(lambda: finished.append(field.text()))
    keyboard = place(field)
    keyboard.compose("zhang")
    keyboard.type("⏎")
    assert finished == []
    keyboard.commit("张")
    keyboard.type("⏎")
    assert finished == ["张"]


def test_tab_leaves_a_text_area(place: Place) -> None:
    area, field = TextArea(), TextField()
    keyboard = place(area, field)
    keyboard.type("a⏎b⇥c")
    assert (area.toPlainText(), field.text()) == ("a\nb", "c")


def test_pasted_markup_stays_text(qapp: QApplication) -> None:
    data = QMimeData()
    data.setHtml("<b>bold</b>")
    data.setText("bold")
    area = TextArea()
    area.insertFromMimeData(data)
    assert area.toPlainText() == "bold"


@pytest.mark.parametrize("key", ["Return", "Enter", "Space"])
def test_a_held_key_presses_a_button_once(place: Place, key: str) -> None:
    button, pressed = Button(), []
    button.clicked.connect(lambda: pressed.append(key))
    place(button).press(key, repeats=3)
    assert pressed == [key]


def test_the_enter_of_a_scan_presses_nothing(place: Place) -> None:
    button, pressed = Button(), []
    button.clicked.connect(lambda: pressed.append("pressed"))
    keyboard = place(button)
    keyboard.type("8986012345678901234⏎", gap_ms=5)
    assert pressed == []
    keyboard.type("⏎", gap_ms=400)
    assert pressed == ["pressed"]


@pytest.mark.parametrize(("text", "gap_ms"), [("12345678⏎", 120), ("1234567⏎", 5), ("zhangwei⏎", 5)])
def test_an_enter_after_what_no_scanner_sends_is_an_enter(place: Place, text: str, gap_ms: int) -> None:
    button, pressed = Button(), []
    button.clicked.connect(lambda: pressed.append("pressed"))
    place(button).type(text, gap_ms=gap_ms)
    assert pressed == ["pressed"]


def test_a_button_is_never_the_default_of_a_dialog(qapp: QApplication) -> None:
    assert not Button().autoDefault()


def test_a_button_says_an_ampersand_as_it_is(qapp: QApplication) -> None:
    button = PrimaryButton()
    button.name("Save R&D ticket")
    assert (button.text(), button.accessibleName()) == ("Save R&&D ticket   Ctrl+Enter", "Save R&D ticket")


def test_a_grey_primary_action_cannot_be_pressed(qapp: QApplication) -> None:
    button, pressed = PrimaryButton(), []
    button.clicked.connect(lambda: pressed.append("pressed"))
    button.setEnabled(False)
    assert not button.press()
    button.setEnabled(True)
    assert button.press()
    assert pressed == ["pressed"]


def test_enter_walks_down_a_form_and_says_when_it_is_through(place: Place) -> None:
    form, through = Form(), []
    fields = [TextField(), CodeField(), TextField()]
    for field in fields:
        form.add(field)
    fields[1].setEnabled(False)
    form.completed.connect(lambda: through.append("through"))
    keyboard = place(form)
    fields[0].setFocus()
    keyboard.type("a⏎")
    assert form.window().focusWidget() is fields[2]
    keyboard.type("b⏎")
    assert through == ["through"]


def test_an_error_stands_under_its_field_and_is_told_to_screen_readers(qapp: QApplication) -> None:
    form = Form()
    row = form.add(TextField())
    row.set_label("User")
    row.set_error("No such user.")
    field = row.field
    assert (row.error.text(), field.accessibleName(), field.accessibleDescription()) == (
        "No such user.", "User", "No such user.",
    )  # fmt: skip
    form.clear_errors()
    assert (row.error.text(), field.accessibleDescription()) == ("", "")


def test_an_empty_error_line_keeps_its_height(qapp: QApplication) -> None:
    form = Form()
    row = form.add(TextField())
    before = form.sizeHint()
    row.set_error("Wrong.")
    assert form.sizeHint().height() == before.height()
