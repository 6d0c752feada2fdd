"""One box finds the customer, whatever they say first."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fakes.line import Line
from tests.stories.counter import counter, start_at
from tests.stories.real_office import Office
from ui.customer.page import CustomerPage

pytestmark = pytest.mark.story

WHO = "C-100001"


async def test_every_kind_of_key_finds_the_customer(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    customer = office.get(f"customerManagement/v4/customer/{WHO}")
    party = office.get(f"party/v4/individual/{customer['engagedParty']['id']}")
    number = party["individualIdentification"][0]["identificationId"]
    account = customer["account"][0]["id"]
    spellings = (
        "15400138000",
        "154 0013 8000",
        "+86 154-0013-8000",
        "１５４００１３８０００",
        "0086 15400138000",
        "8000",
    )
    names = ("张伟", "zhangwei", "ZhangWei", "zhang wei", "zw")
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        for typed in (*spellings, *names, WHO, WHO.lower(), account, "T-8841", number):
            desk.keys.press("F2")
            desk.keys.type(f"{typed}⏎")
            await desk.until(lambda: desk.shell.finder.search.state.is_answered, f"for {typed}")
            await desk.shell.tasks.idle()
            if not isinstance(desk.page, CustomerPage):
                desk.keys.type("1")
            await desk.until(lambda: isinstance(desk.page, CustomerPage), f"for the page of {typed}: ", desk.words)
            page = desk.page
            assert isinstance(page, CustomerPage)
            assert page.view_model.state.customer_id == WHO
            desk.keys.press("F12")
            await desk.until(lambda: not isinstance(desk.page, CustomerPage), "for Home")


@pytest.mark.whole  # the search has its test without a window
async def test_a_latin_name_is_found_by_any_of_its_words(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        for typed in ("Aoife O'Neill", "o’neill aoife", "AOIFE"):
            desk.keys.press("F2")
            desk.keys.type(typed)
            await desk.sees("Aoife O'Neill")


async def test_hostile_text_is_only_text(
    qtbot: QtBot, qapp: QApplication, office: Office, line: Line, tmp_path: Path
) -> None:
    async with counter(qapp, start_at(tmp_path / "desk", line.url)) as desk:
        await desk.sign_in()
        for typed in ("'; DROP TABLE customer; --", '"', "* OR", "NEAR(", "a" * 5000, "💥", "%_%", "\\"):
            desk.window.box.setText(typed)
            desk.shell.finder.search.type(typed)
            await desk.sees("Not in this branch's data")
            desk.keys.press("F2")
            desk.keys.type("张伟")
            await desk.sees("8000")
