"""An overview with more lines than room: scrolled, and nothing of it lies under the scroll bar."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from tests.fakes.people import FIRM, LI
from tests.fakes.workstation import FakeWorkstation
from tests.ui.desk_window import open_desk
from ui.customer.page import CustomerPage
from ui.widgets.labels import PlainLabel

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

PHONES = ("15400990001", "15400990002", "15400990003", "15400990004", "06008196602")


def crowded() -> FakeWorkstation:
    """A desk on which the tea house has more of everything than a small window shows."""
    workstation = FakeWorkstation(is_demonstration=True)
    store = workstation.store
    firm, li, held = store.customers[FIRM], store.customers[LI], store.holding[LI]
    contacts = replace(firm.contacts, phones=PHONES, address="滨江区江南大道1688号A座20层, 杭州, 浙江, 310051")
    document = replace(li.identity.documents[0], kind="businessLicence", number="91390100000000019Y")
    identity = replace(firm.identity, documents=(document,))
    accounts = (*li.accounts, *firm.accounts)
    store.customers[FIRM] = replace(firm, contacts=contacts, identity=identity, accounts=accounts, tier="gold")
    more = tuple(replace(one, id=f"{one.id}-2") for one in held.products)
    store.holding[FIRM] = replace(held, products=(*held.products, *more))
    return workstation


@pytest.mark.parametrize("height", [640, 660, 680, 700])
async def test_what_is_scrolled_does_not_lie_under_the_bar(qapp: QApplication, height: int) -> None:
    async with open_desk(qapp, crowded()) as desk:
        desk.window.resize(1280, height)
        qapp.processEvents()
        desk.keyboard.type(f"{FIRM}⏎")
        await desk.idle()
        qapp.processEvents()
        page = desk.page
        assert isinstance(page, CustomerPage)
        assert page.overview.verticalScrollBar().isVisible()
        shown = [one for one in page.facts.findChildren(PlainLabel) if one.isVisible()]
        assert shown
        assert all(one.geometry().right() < page.overview.viewport().width() for one in shown)
        assert all(one.height() >= one.heightForWidth(one.width()) for one in shown if one.wordWrap())
