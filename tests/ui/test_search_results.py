"""The list under the box: where it lies, how high it is, and what it says of what it does not show."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QApplication

from tests.fakes.people import FIRM
from tests.ui.desk_window import OpenDesk, open_desk
from ui.widgets.labels import PlainLabel


async def test_the_list_lies_over_the_page_and_moves_nothing(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        before = desk.window.stack.geometry()
        desk.keyboard.type("0571")
        await desk.idle()
        assert desk.shell.finder.results.isVisible()
        assert desk.window.stack.geometry() == before
        desk.keyboard.type("⎋")
        assert not desk.shell.finder.results.isVisible()
        assert (desk.window.box.text(), desk.focus) == ("0571", desk.window.box)


async def test_the_list_is_as_high_as_its_rows(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type("0571")
        await desk.idle()
        rows = desk.shell.finder.results.list
        assert rows.viewport().height() >= len(rows.rows) * rows.sizeHintForRow(0)


def crowd(desk: OpenDesk, size: int) -> None:
    """Let `size` more customers of one name be here."""
    customers = desk.workstation.store.customers
    customers.update({f"D-{n}": replace(customers[FIRM], id=f"D-{n}", name="Dark Star") for n in range(size)})


async def test_more_than_twenty_are_said_to_be_more(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        crowd(desk, 20)
        desk.keyboard.type("star")
        await desk.idle()
        assert (len(desk.shell.finder.search.state.hits), desk.shell.finder.results.more()) == (20, "")
        crowd(desk, 21)
        desk.keyboard.type(" ")
        await desk.idle()
        words = "More than 20 fit; these are the first. Type more to narrow."
        assert (len(desk.shell.finder.search.state.hits), desk.shell.finder.results.more()) == (20, words)
        desk.keyboard.type("zzz")
        await desk.idle()
        assert desk.shell.finder.results.more() == ""


async def test_the_line_below_the_rows_is_in_sight_in_the_smallest_window(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.window.resize(1024, 640)
        crowd(desk, 30)
        desk.keyboard.type("dark")
        await desk.idle()
        qapp.processEvents()
        (line,) = [
            one
            for one in desk.shell.finder.results.findChildren(PlainLabel)
            if one.text() == desk.shell.finder.results.more()
        ]
        bottom = line.mapTo(desk.window, line.rect().bottomLeft()).y()
        assert line.isVisible()
        assert desk.shell.finder.results.list.geometry().bottom() < line.geometry().top()
        assert bottom < desk.window.height()


async def test_the_answer_names_how_old_it_is_when_nobody_fits(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type("nobody of that name")
        await desk.idle()
        assert desk.shell.finder.results.text().startswith("Not in this branch's data, as of ")
