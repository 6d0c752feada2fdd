"""The box: finds as you type, opens on Enter, does things by name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.core.errors import StorageError
from app.core.tasks import TaskScope
from app.customers.model import MatchKind, SearchHit
from app.sync.status import LineState, SyncStatus
from tests.fakes.people import FIRM, LI, NAMELESS
from tests.fakes.workstation import FakeWorkstation, desk_on
from tests.ui.desk_window import open_desk
from ui.search.acts import ACTS, acts_for
from ui.search.rows import row_of, why
from ui.search.state import Found
from ui.search.view_model import SearchViewModel

NUMBER = "13800138000"
HIT = SearchHit(LI, "李示例", "8000", "杭州", "active", MatchKind.PHONE, NUMBER, is_exact=True)


class Asking:
    """A box without a window."""

    def __init__(self, *, is_open: bool = True) -> None:
        self.workstation = FakeWorkstation()
        self.desk = desk_on(self.workstation.store)
        self.owner = QObject()
        self.tasks = TaskScope(self.workstation.bugs.append)
        self.box = SearchViewModel(self.workstation, self.tasks, self.owner)
        self.opened: list[str] = []
        self.box.opened.connect(self.opened.append)
        if is_open:
            self.box.serve(self.desk.find)

    def keys(self) -> list[str]:
        return [row.key for row in self.box.state.rows]


@asynccontextmanager
async def asking(*, is_open: bool = True) -> AsyncIterator[Asking]:
    made = Asking(is_open=is_open)
    yield made
    await made.tasks.close()
    assert made.workstation.bugs == []


async def test_one_exact_hit_opens_at_once(qapp: QApplication) -> None:
    async with asking() as it:
        it.box.type(NUMBER)
        await it.tasks.idle()
        it.box.enter(ends_scan=False)
        assert it.opened == [f"customer:{LI}"]


async def test_enter_before_the_answer_waits_for_it(qapp: QApplication) -> None:
    async with asking() as it:
        waits: list[bool] = []
        it.box.deciding.connect(waits.append)
        it.box.type(NUMBER)
        it.box.enter(ends_scan=False)
        assert (it.opened, waits) == ([], [True])
        await it.tasks.idle()
        assert (it.opened, waits) == ([f"customer:{LI}"], [True, False])


async def test_what_can_be_done_comes_with_the_answer_so_that_a_key_paints_its_rows_once(qapp: QApplication) -> None:
    async with asking() as it:
        it.box.type("dark")
        await it.tasks.idle()
        assert {"do:dark"} <= {*it.keys()}
        it.workstation.gate.shut("search")
        it.box.type("lock")
        assert {"do:dark"} <= {*it.keys()}
        it.workstation.gate.open("search")
        await it.tasks.idle()
        assert {*it.keys()} & {"do:dark", "do:lock"} == {"do:lock"}


async def test_an_older_answer_never_overtakes_a_newer_question(qapp: QApplication) -> None:
    async with asking() as it:
        it.workstation.gate.shut("search")
        it.box.type("138")
        it.box.type("4471-QWXZE")
        it.workstation.gate.open("search")
        await it.tasks.idle()
        assert it.keys() == [f"customer:{NAMELESS}"]


async def test_of_several_the_first_is_picked_by_one_enter_and_opened_by_the_next(qapp: QApplication) -> None:
    async with asking() as it:
        it.box.type("0571")
        await it.tasks.idle()
        it.box.enter(ends_scan=False)
        assert (it.opened, it.box.state.current) == ([], f"customer:{LI}")
        it.box.enter(ends_scan=False)
        assert it.opened == [f"customer:{LI}"]


async def test_the_only_hit_is_opened_by_a_person_but_not_by_a_scanner(qapp: QApplication) -> None:
    async with asking() as it:
        it.box.type("tea")
        await it.tasks.idle()
        it.box.enter(ends_scan=True)
        assert (it.opened, it.box.state.current) == ([], "")
        it.box.enter(ends_scan=False)
        assert it.opened == [f"customer:{FIRM}"]


async def test_rows_stand_still_from_the_first_arrow_on(qapp: QApplication) -> None:
    async with asking() as it:
        it.box.type("05718800")
        await it.tasks.idle()
        it.box.move(1)
        before = it.keys()
        it.workstation.store.customers.pop(LI)
        it.box.serve(it.desk.find)
        await it.tasks.idle()
        assert it.keys() == before
        it.box.type("057188005")
        await it.tasks.idle()
        assert it.keys() == [f"customer:{FIRM}"]


async def test_arrows_stop_at_the_ends(qapp: QApplication) -> None:
    async with asking() as it:
        it.box.type("0571")
        await it.tasks.idle()
        for step in (1, 1, 1, 1):
            it.box.move(step)
        last = it.box.state.current
        for step in (-1, -1, -1):
            it.box.move(step)
        assert (it.box.state.current, last) == (it.keys()[0], it.keys()[-1])


async def test_what_was_typed_before_the_desk_opened_is_looked_up_then(qapp: QApplication) -> None:
    async with asking(is_open=False) as it:
        it.box.type(NUMBER)
        it.box.enter(ends_scan=False)
        await it.tasks.idle()
        assert it.opened == []
        it.box.serve(it.desk.find)
        await it.tasks.idle()
        assert it.opened == [f"customer:{LI}"]


async def test_a_failing_disk_is_said_and_an_enter_is_not_left_hanging(qapp: QApplication) -> None:
    async with asking() as it:
        it.workstation.gate.fail("search", StorageError())
        waits: list[bool] = []
        it.box.deciding.connect(waits.append)
        it.box.type(NUMBER)
        it.box.enter(ends_scan=False)
        await it.tasks.idle()
        assert isinstance(it.box.state.error, StorageError)
        assert (it.opened, waits) == ([], [True, False])


async def test_nobody_found_offers_the_complaint_without_account_at_its_own_number(qapp: QApplication) -> None:
    async with asking() as it:
        it.box.type("nobody of that name")
        await it.tasks.idle()
        (row,) = it.box.state.rows
        assert (row.key, row_of(row).number, it.box.state.found_nobody) == ("do:complaint-without-account", 3, True)


async def test_one_customer_is_one_row_however_many_ways_they_match(qapp: QApplication) -> None:
    async with asking() as it:
        twice = replace(it.box.state, typed="x", is_answered=True, hits=(HIT, replace(HIT, match=MatchKind.ACCOUNT)))
        assert [row.hit for row in twice.rows] == [HIT]


async def test_two_customers_with_one_number_are_both_shown(qapp: QApplication) -> None:
    async with asking() as it:
        both = replace(it.box.state, typed="x", is_answered=True, hits=(HIT, replace(HIT, customer_id=FIRM)))
        assert len(both.exact) == 2


@pytest.mark.parametrize("typed", ["dark", "深色", "shense", "ss", "ＤＡＲＫ"])
def test_acts_are_found_by_name_pinyin_and_initials_in_any_language(typed: str) -> None:
    assert "dark" in [act.id for act in acts_for(typed)]


def test_nothing_typed_offers_nothing() -> None:
    assert acts_for("  ") == ()


def test_no_two_acts_answer_to_one_spelling() -> None:
    spellings = [spelling.casefold() for act in ACTS for spelling in (act.words, *act.also)]
    assert sorted(spellings) == sorted(set(spellings))


def test_a_row_says_who_last_four_where_why_and_in_what_state(qapp: QApplication) -> None:
    nameless = replace(HIT, name="", status="inactive")
    assert [cell.text for cell in row_of(Found(hit=nameless)).cells] == [
        LI, "8000", "杭州", "number 138 0013 8000", "no longer a customer",
    ]  # fmt: skip
    assert why(replace(HIT, match=MatchKind.LAST_FOUR)) == "last four"


async def test_digits_pick_from_the_list_after_the_first_arrow_only(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type("0571")
        await desk.idle()
        assert len(desk.shell.finder.results.list.rows) == 2
        desk.keyboard.type("↓2")
        await desk.idle()
        assert desk.shell.pages.current is not None
        assert desk.shell.pages.current.key == f"customer:{FIRM}"
        assert desk.window.box.text() == "0571"


@pytest.mark.parametrize("how", ["↓", "⏎"])
async def test_a_digit_typed_over_what_is_selected_is_a_new_question(qapp: QApplication, how: str) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type("0571")
        await desk.idle()
        desk.keyboard.type(how)
        desk.window.box.selectAll()  # as F2 and Ctrl+A do
        desk.keyboard.type("2")
        await desk.idle()
        assert desk.window.box.text() == "2"
        assert desk.shell.pages.kept == ("home",)


async def test_an_act_leaves_an_empty_box_for_the_next_customer(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type("dark⏎")
        await desk.idle()
        assert desk.window.box.text() == ""
        desk.keyboard.type("light⏎")
        await desk.idle()
        assert desk.workstation.appearance.theme == "light"


async def test_a_scan_opens_an_exact_hit_and_nothing_else(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.keyboard.type("0571880012⏎", gap_ms=4)
        await desk.idle()
        assert desk.shell.pages.kept == ("home",)


async def test_nobody_found_in_a_copy_that_is_not_complete_is_looked_up_again(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        customers = desk.workstation.store.customers
        missing = customers.pop(NAMELESS)
        desk.workstation.tell(SyncStatus(LineState.ONLINE, loaded=2, total=3))
        desk.keyboard.type(NAMELESS)
        await desk.idle()
        assert desk.shell.finder.results.text() == "Not found so far: this branch's data is still being copied."
        customers[NAMELESS] = missing
        desk.workstation.tell(SyncStatus(LineState.ONLINE))
        await desk.idle()
        assert [row.key for row in desk.shell.finder.search.state.rows] == [f"customer:{NAMELESS}"]


async def test_a_key_does_not_wait_for_the_search(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.workstation.gate.shut("search")
        desk.keyboard.type("13800")
        for _ in range(20):
            await asyncio.sleep(0)
        assert desk.window.box.text() == "13800"
        desk.workstation.gate.open("search")


def test_who_is_not_at_this_desk_is_shown_so(qapp: QApplication) -> None:
    far = replace(HIT, name="李••••", district="Binjiang", is_elsewhere=True)
    said = row_of(Found(hit=far)).said
    assert said == "李•••• · not at this desk · opens from head office, 8000, Binjiang, number 138 0013 8000, active"
    assert "not at this desk" not in row_of(Found(hit=HIT)).said


async def test_who_may_only_be_meant_stands_behind_the_rest_and_is_opened_by_nobody_in_passing() -> None:
    sure = replace(HIT, match=MatchKind.NAME, is_exact=False)
    perhaps = replace(HIT, customer_id=FIRM, match=MatchKind.POSSIBLE, is_exact=False, is_elsewhere=True)
    async with asking() as it:
        state = replace(it.box.state, typed="x", is_answered=True, hits=(sure, perhaps))
        assert [row.key for row in state.meant] == [f"customer:{LI}"]
        assert state.rows[-1].key == f"customer:{FIRM}"
        assert replace(state, hits=(perhaps,)).meant == ()
