"""The window for those who hear it: every control has a name, and what matters is said while the cursor stays."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from app.core.certainty import Certainty
from app.core.errors import StorageError
from tests.fakes.people import LI, NAMELESS
from tests.fakes.workstation import PASSWORD, FakeWorkstation
from tests.ui.desk_window import OpenDesk, open_desk
from tests.ui.screen_reader import Control, Reader, Role, controls
from ui.workstation import Appearance, Opening


@pytest.fixture(autouse=True)
def listening() -> Iterator[None]:
    """A reader is there, and gone for the tests after these."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Hears every announcement."""
    return Reader(monkeypatch)


async def go(desk: OpenDesk, *steps: str) -> None:
    """Press keys (`<F7>`) and type texts, resting after each."""
    for step in steps:
        if step.startswith("<"):
            desk.keyboard.press(step.strip("<>"))
        else:
            desk.keyboard.type(step)
        await desk.idle()


async def ended(timer: QTimer) -> None:
    """Wait until a timer that runs has ended."""
    has_ended = asyncio.Event()
    timer.timeout.connect(has_ended.set)
    if timer.isActive():
        await has_ended.wait()


async def refused_complaint(desk: OpenDesk) -> None:
    await go(desk, "4471-QWXZE⏎", "<F7>", "slow⏎No internet", "<Ctrl+Return>")
    (command_id,) = desk.workstation.store.acts
    desk.workstation.store.become(command_id, Certainty.REFUSED, reason="No such service.")
    await desk.idle()


def unsound(desk: OpenDesk) -> list[Control]:
    found = controls(desk.window)
    assert len(found) > 1
    return [one for one in found if not one.is_sound]


PLACES = {
    "home": (),
    "found": ("13800138000",),
    "nobody found": ("qqqq",),
    "customer": ("13800138000⏎",),
    "ticket in words": ("13800138000⏎", "<Alt+5>", "↓"),
    "keys": ("13800138000⏎", "<F1>"),
    "complaint": ("13800138000⏎", "<F7>"),
    "service to choose": ("13800138000⏎", "<F7>", "<Alt+1>"),
    "something else": ("4471-QWXZE⏎", "<F7>", "slow"),
    "complaint without account": ("<F7>",),
}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("steps", PLACES.values(), ids=PLACES)
async def test_every_control_has_a_name_and_a_role(qapp: QApplication, steps: tuple[str, ...], language: str) -> None:
    workstation = FakeWorkstation(is_demonstration=True)
    workstation.appearance = Appearance(language, "light")
    async with open_desk(qapp, workstation) as desk:
        await go(desk, *steps)
        assert unsound(desk) == []


async def test_what_needs_a_decision_has_names_too(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await refused_complaint(desk)
        assert unsound(desk) == []
        await go(desk, "<Ctrl+J>", "⏎")
        assert {"Needs you", "What it is about", "What now?"} <= {one.name for one in controls(desk.window)}
        assert unsound(desk) == []
        await go(desk, "<F2>", "home⏎")
        assert unsound(desk) == []


@pytest.mark.parametrize("opening", list(Opening))
async def test_the_pages_before_home_have_names_too(qapp: QApplication, opening: Opening) -> None:
    async with open_desk(qapp, FakeWorkstation(opening=opening)) as desk:
        assert unsound(desk) == []


async def test_the_lists_of_a_customer_are_told_apart(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        await go(desk, "13800138000⏎")
        lists = [one.name for one in controls(desk.window) if one.role is Role.List]
        assert lists == ["Services", "Accounts", "Tickets", "Products and terms"]


async def test_a_lost_key_is_told_where_the_cursor_is(qapp: QApplication) -> None:
    async with open_desk(qapp, FakeWorkstation(opening=Opening.KEY_LOST)) as desk:
        told = QAccessible.queryAccessibleInterface(desk.focus).text(QAccessible.Text.Name)
        assert told.startswith("The data on this computer is safe")


async def test_the_notice_line_is_heard_once_and_the_cursor_stays(qapp: QApplication, reader: Reader) -> None:
    async with open_desk(qapp) as desk:
        focus = desk.focus
        desk.shell.frame.say("Head office cannot be reached.")
        desk.shell.frame.say("Head office cannot be reached.")
        assert (reader.said, reader.interrupted) == (["Head office cannot be reached."], [])
        assert desk.focus is focus


async def test_a_bug_is_said_at_once(qapp: QApplication, reader: Reader) -> None:
    async with open_desk(qapp) as desk:
        desk.shell.report(ZeroDivisionError())
        assert reader.interrupted == [desk.window.notice.text()]
        desk.workstation.bugs.clear()


async def test_what_is_wrong_with_a_field_is_heard(qapp: QApplication, reader: Reader) -> None:
    async with open_desk(qapp, FakeWorkstation()) as desk:
        await go(desk, "wrong⏎")
        (words,) = reader.said
        assert words.startswith("User or password")
        await go(desk, "wrong again⏎")
        assert reader.said == [words, words]
        await go(desk, f"{PASSWORD}⏎")
        assert reader.said == [words, words]


async def test_what_became_of_an_act_is_heard_as_it_changes(qapp: QApplication, reader: Reader) -> None:
    async with open_desk(qapp) as desk:
        await go(desk, "4471-QWXZE⏎", "<F7>", "slow⏎No internet")
        reader.said.clear()
        await go(desk, "<Ctrl+Return>")
        (command_id,) = desk.workstation.store.acts
        desk.workstation.store.become(command_id, Certainty.SENDING)
        await desk.idle()
        desk.workstation.store.become(command_id, Certainty.CONFIRMED, ticket_id="T-9000")
        await desk.idle()
        desk.workstation.changes.publish({"troubleTicket"})
        await desk.idle()
        assert reader.said == [
            "Saved here. It goes to head office by itself as soon as the line allows.",
            "Saved here. It is on its way to head office.",
            "Saved here. Head office has it as ticket T-9000.",
        ]


async def test_a_disk_that_fails_is_heard(qapp: QApplication, reader: Reader) -> None:
    async with open_desk(qapp) as desk:
        await go(desk, "4471-QWXZE⏎", "<F7>", "slow⏎No internet")
        desk.workstation.gate.fail("record", StorageError())
        await go(desk, "<Ctrl+Return>")
        assert reader.said[-1] == StorageError.text


async def test_rows_picked_from_the_box_are_heard(qapp: QApplication, reader: Reader) -> None:
    async with open_desk(qapp) as desk:
        await go(desk, "1", "↓", "↓", "↑")
        rows = {row.key: row.said for row in desk.shell.finder.results.list.rows}
        first, second = (rows[f"customer:{one}"] for one in (LI, NAMELESS))
        assert reader.said == [first, second, first]


async def test_categories_are_heard_while_the_cursor_is_in_their_field(qapp: QApplication, reader: Reader) -> None:
    async with open_desk(qapp) as desk:
        await go(desk, "<F7>")
        reader.said.clear()
        await go(desk, "slow", "⏎")
        assert reader.said == ["No service", "Slow internet"]  # the first that fits: after "s", and from "sl" on


async def test_nobody_found_is_heard_once_whoever_types_has_paused(qapp: QApplication, reader: Reader) -> None:
    async with open_desk(qapp) as desk:
        reader.said.clear()
        await go(desk, "q", "qq", "q")
        pause = desk.shell.finder.results.pause
        assert reader.said == []
        pause.setInterval(0)
        await go(desk, "q")
        await ended(pause)
        assert [words.partition(",")[0] for words in reader.said] == ["Not in this branch's data"]


async def test_the_keys_are_read_out(qapp: QApplication, reader: Reader) -> None:
    async with open_desk(qapp) as desk:
        await go(desk, "<F1>")
        assert reader.said == [desk.shell.sheet.text()]
        assert "what needs you" in reader.said[0]
