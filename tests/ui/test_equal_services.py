"""Services of one name are told apart by what people know first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from app.inventory.model import Holdings, Service
from tests.fakes.people import LI
from tests.ui.bench import ENTER, Bench, speak, type_keys
from ui.customer.apart import told_apart
from ui.widgets.labels import PlainLabel
from ui.widgets.row_list import RowList

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
]

SINCE = datetime(2019, 3, 25, 4, tzinfo=UTC)
FIRST = Service("S-77-0001", "TV", "tv", "", "active", "Tea Lane 1", "A-1", SINCE)
SECOND = replace(FIRST, id="S-77-0002")
NUMBERED = (replace(FIRST, number="13800138000"), replace(SECOND, number="13900139000"))
TEXTS = st.sampled_from(["", "a", "b"])
SERVICES = st.lists(
    st.builds(
        Service, id=st.text("0123456789", min_size=1, max_size=7), name=st.sampled_from(["TV", "Fibre"]),
        kind=st.just("tv"), number=TEXTS,
        state=st.just("active"), place=TEXTS, account=TEXTS,
        since=st.sampled_from([None, SINCE, SINCE + timedelta(minutes=1), SINCE + timedelta(days=400)]),
    ),
    max_size=6, unique_by=lambda one: one.id,
)  # fmt: skip


def labels(*services: Service) -> list[str]:
    told = told_apart(services)
    return [told[one.id].label(one.name) for one in services]


def thirds(rows: RowList) -> list[str]:
    """What stands in the column of the name."""
    return [row.cells[2].text for row in rows.rows]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (replace(SECOND, name="Fibre"), ["TV", "Fibre"]),
        (replace(SECOND, place="Oak Street 9"), ["TV · Tea Lane 1", "TV · Oak Street 9"]),
        (replace(SECOND, account="A-2", since=None), ["TV · account A-1", "TV · account A-2"]),
        (replace(SECOND, since=SINCE + timedelta(days=31)), ["TV · since 25 Mar 2019", "TV · since 25 Apr 2019"]),
        (SECOND, ["TV · …0001", "TV · …0002"]),
        (replace(FIRST, id="S-78-0001"), ["TV · …7-0001", "TV · …8-0001"]),
    ],
)
def test_what_people_know_first_tells_services_apart(second: Service, words: list[str]) -> None:
    assert labels(FIRST, second) == words


def test_a_number_is_enough_and_stands_in_its_own_column() -> None:
    assert labels(*NUMBERED) == ["TV · 138 0013 8000", "TV · 139 0013 9000"]
    assert [one.marks for one in told_apart(NUMBERED).values()] == [(), ()]


def test_where_one_trait_is_not_enough_the_next_is_added() -> None:
    third = replace(SECOND, id="S-77-0003", account="A-2")
    assert labels(FIRST, SECOND, third) == [
        "TV · account A-1 · …0001",
        "TV · account A-1 · …0002",
        "TV · account A-2 · …0003",
    ]


@given(services=SERVICES)
def test_no_two_services_are_ever_called_the_same(services: list[Service]) -> None:
    called = labels(*services)
    assert len(set(called)) == len(called)


async def test_both_lists_and_the_complaint_say_which_of_the_three(qapp: QApplication) -> None:
    bench = Bench()
    third = replace(FIRST, id="S-77-0003")
    bench.store.holding[LI] = Holdings((FIRST, SECOND, third))
    async with bench.showing(bench.customer_page(LI)) as page:
        assert thirds(page.services) == [f"TV · …000{n} · Tea Lane 1" for n in (1, 2, 3)]
        speak(qapp, "zh_CN", "light")
        bench.store.holding[LI] = Holdings((FIRST, replace(SECOND, account="A-2")))
        page.view_model.refresh()
        await page.tasks.idle()
        assert thirds(page.services) == [f"TV · 账户 A-{n} · Tea Lane 1" for n in (1, 2)]
        speak(qapp, "en", "light")
    bench.store.holding[LI] = Holdings((FIRST, SECOND, third))
    async with bench.showing(await bench.complaint_page(LI)) as form:
        assert thirds(form.services)[:3] == [f"TV · …000{n} · Tea Lane 1" for n in (1, 2, 3)]
        type_keys(form, "2", ENTER)
        said = [one.text() for one in form.findChildren(PlainLabel) if one.isVisible()]
        assert "1  Service: TV · …0002" in said
        assert any(one.startswith("Doesn't work") and one.endswith("TV · …0002") for one in said)


async def test_an_outage_that_hits_several_of_one_name_counts_them() -> None:
    bench = Bench()
    bench.store.holding[LI] = Holdings((FIRST, SECOND))
    bench.store.outages = tuple(
        replace(one, service_ids=frozenset({FIRST.id, SECOND.id})) for one in bench.store.outages
    )
    async with bench.showing(bench.customer_page(LI)) as page:
        assert page.side.alerts.lines[0][1].text().startswith("Outage P-1042 hits 2× TV.")
