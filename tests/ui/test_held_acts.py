"""Acts that wait until somebody signs in say whom they wait for, in the bar, on Home and where they were saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from app.core.certainty import Certainty
from app.sync.status import Held, LineState, SyncStatus
from tests.fakes.people import FIRM, LI, NAMELESS, TICKET
from tests.fakes.workstation import CLERK
from tests.ui.bench import ENTER, Bench, speak, type_keys
from tests.ui.desk_window import open_desk
from ui.home.page import HomePage
from ui.shell.status_words import waiting_words

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
]

ONLINE = SyncStatus(LineState.ONLINE, waiting=3)
LINA, WANG = Held("lina", "李娜", 2), Held(CLERK.id, CLERK.name, 1)


@pytest.fixture(params=["en", "zh_CN"])
def language(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[str]:
    """The window in either language."""
    chosen: str = request.param
    speak(qapp, chosen, "light")
    yield chosen
    speak(qapp, "en", "light")


async def file(bench: Bench, customer_id: str, author: str) -> str:
    """A complaint that somebody took at this desk."""
    form = replace(bench.desk.complaints.new_form(customer_id), category="wrong-bill", description="too much")
    act = await bench.desk.complaints.file(form)
    taken = bench.store.acts[act]
    bench.store.acts[act] = replace(taken, command=replace(taken.command, author=author))
    return act


def home(bench: Bench) -> HomePage:
    return HomePage(bench.desk, bench.workstation, bench.on_bug, clock=bench.clock)


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ((), {"en": "3 waiting", "zh_CN": "3 条待发"}),
        ((LINA,), {"en": "3 waiting · 2 until 李娜 signs in", "zh_CN": "3 条待发 · 2 条等 李娜 登录"}),
        (
            (LINA, WANG),
            {"en": "3 waiting · 3 until 李娜 and others sign in", "zh_CN": "3 条待发 · 3 条等 李娜 等人登录"},
        ),
    ],
)
def test_the_bar_says_how_many_wait_and_for_whom(language: str, held: tuple[Held, ...], words: dict[str, str]) -> None:
    assert waiting_words(replace(ONLINE, held=held)).text == words[language]


async def test_the_bar_forgets_it_as_soon_as_that_person_has_signed_in(qapp: QApplication) -> None:
    async with open_desk(qapp) as desk:
        desk.workstation.tell(replace(ONLINE, held=(LINA,)))
        assert "3 waiting · 2 until 李娜 signs in" in desk.window.status.text()
        desk.workstation.tell(replace(ONLINE, waiting=1))
        assert "until" not in desk.window.status.text()


async def test_homes_rows_say_that_they_are_safe_and_who_has_to_sign_in(language: str) -> None:
    bench = Bench()
    await file(bench, LI, "lina")
    await file(bench, FIRM, CLERK.id)
    bench.workstation.tell(replace(ONLINE, held=(LINA,)))
    async with bench.showing(home(bench)) as page:
        wanted = {
            "en": "safe here, goes on once 李娜 signs in again",
            "zh_CN": "已存在本机，待 李娜 重新登录后继续",
        }[language]
        assert [wanted in row.said for row in page.list.rows] == [True, False]
        bench.workstation.tell(ONLINE)
        page.list.let_in()
        assert [wanted in row.said for row in page.list.rows] == [False, False]
        bench.workstation.tell(replace(ONLINE, held=(LINA, WANG)))
        page.list.let_in()
        assert [wanted in row.said for row in page.list.rows] == [True, False]
        assert CLERK.name in page.list.rows[1].said


async def test_a_refused_act_needs_a_decision_and_no_sign_in() -> None:
    bench = Bench()
    refused = await file(bench, LI, "lina")
    bench.store.become(refused, Certainty.REFUSED, reason="Service is closed.")
    bench.workstation.tell(replace(ONLINE, held=(LINA,)))
    async with bench.showing(home(bench)) as page:
        assert "signs in" not in page.list.rows[0].said


async def test_where_it_was_saved_the_line_below_says_it_for_as_long_as_it_is_so(language: str) -> None:
    bench = Bench()
    bench.workstation.tell(replace(ONLINE, held=(WANG,)))
    waits, asks = {
        "en": (
            "It is safe here and goes to head office once 王示例 signs in again.",
            "It is safe here; head office is asked about it once 王示例 signs in again. Do not take it again.",
        ),
        "zh_CN": (
            "已安全存在本机，王示例 重新登录后发往总部。",
            "已安全存在本机，王示例 重新登录后向总部查询。请勿重复受理。",
        ),
    }[language]
    async with bench.showing(await bench.complaint_page(NAMELESS)) as page:
        type_keys(page, "wfw", ENTER, "dead")
        page.press("primary")
        await page.tasks.idle()
        assert page.outcome.fate.text() == waits
        bench.store.become(page.view_model.state.form.id, Certainty.UNKNOWN)
        await page.tasks.idle()
        assert page.outcome.fate.text() == asks
        bench.workstation.tell(ONLINE)
        await page.tasks.idle()
        assert page.outcome.fate.text() not in (waits, asks)
        bench.workstation.tell(replace(ONLINE, held=(WANG,)))
        bench.store.become(page.view_model.state.form.id, Certainty.CONFIRMED)
        await page.tasks.idle()
        assert "王示例" not in page.outcome.fate.text()


async def test_what_is_added_behind_somebody_elses_act_waits_for_them() -> None:
    bench = Bench()
    theirs = await file(bench, LI, "lina")
    bench.store.acts[theirs] = replace(
        bench.store.acts[theirs], command=replace(bench.store.acts[theirs].command, entity_id=TICKET)
    )
    bench.workstation.tell(replace(ONLINE, held=(LINA,)))
    async with bench.showing(await bench.complaint_page(LI, "S-fibre")) as page:
        type_keys(page, "2", ENTER)
        await page.tasks.idle()
        assert page.outcome.fate.text() == "It is safe here and goes to head office once 李娜 signs in again."
