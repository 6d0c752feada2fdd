"""Type-ahead is never lost: scripts without any delay between their keys."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QApplication

from tests.fakes.people import LI, NAMELESS
from tests.fakes.workstation import FakeWorkstation
from tests.ui.desk_window import open_desk
from ui.widgets.fields import TextArea

NUMBER = "13800138000"


async def test_a_number_and_enter_open_the_customer(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type(f"{NUMBER}⏎")
        await desk.idle()
        assert desk.shell.pages.current is not None
        assert desk.shell.pages.current.key == f"customer:{LI}"


async def test_keys_typed_while_pages_open_reach_the_fields_they_were_meant_for(qapp: QApplication) -> None:
    """C10 at zero delay: number, complaint, category, text, save, finish."""
    async with open_desk(qapp) as desk:
        desk.keyboard.type(f"{NUMBER}⏎")
        desk.keyboard.press("F7")
        desk.keyboard.type("7slow⏎No internet since nine.")
        desk.keyboard.press("Ctrl+Return", "F12")
        await desk.idle()
        filed = [act.command.body for act in desk.workstation.store.acts.values()]
        assert [body["description"] for body in filed] == ["No internet since nine."]
        assert desk.focus is desk.window.box
        assert desk.window.box.selectedText() == NUMBER


async def test_what_was_typed_stays_in_order_through_three_pages(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type(f"{NUMBER}⏎")
        desk.keyboard.press("F7", "F2")
        desk.keyboard.type("4471-QWXZE⏎")
        desk.keyboard.press("F7")
        await desk.idle()
        assert desk.shell.pages.kept == (
            "home", f"customer:{LI}", f"complaint:{LI}", f"customer:{NAMELESS}", f"complaint:{NAMELESS}",
        )  # fmt: skip


async def test_text_from_an_input_method_waits_its_turn(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type("4471-QWXZE⏎")
        desk.keyboard.press("F7")
        desk.keyboard.type("slow⏎")
        desk.keyboard.commit("网速慢")
        await desk.idle()
        assert isinstance(desk.focus, TextArea)
        assert desk.focus.toPlainText() == "网速慢"


async def test_keys_meant_for_a_page_that_never_came_go_nowhere_else(qapp: QApplication) -> None:
    workstation = FakeWorkstation(is_demonstration=True)
    async with open_desk(qapp, workstation) as desk:
        is_opening = asyncio.Event()
        desk.shell.finder.search.opened.connect(lambda _key: is_opening.set())
        workstation.gate.shut("customer")
        desk.keyboard.type(f"{NUMBER}⏎200⏎")
        await is_opening.wait()
        desk.shell.patience.lose_patience()
        desk.keyboard.press("Esc")
        workstation.gate.open("customer")
        await desk.idle()
        assert desk.window.box.text() == NUMBER
        assert "Stopped waiting" in desk.window.notice.text()


async def test_esc_is_a_key_like_others_once_there_is_nothing_to_wait_for(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type("0571")
        await desk.idle()
        is_over = asyncio.Event()
        desk.shell.patience.run(is_over.wait(), lambda: False)
        desk.shell.patience.lose_patience()
        assert desk.window.notice.text().startswith("This takes long.")
        desk.keyboard.press("Esc")
        assert desk.shell.finder.results.isVisible()
        is_over.set()
        await desk.idle()
        assert (desk.shell.finder.results.isVisible(), desk.window.notice.text()) == (False, "")
