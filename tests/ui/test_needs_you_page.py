"""What a person has to decide, by keys alone; nothing leaves without an act."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from app.complaints.model import ComplaintForm
from app.core.certainty import Certainty
from app.core.commands import Command, Pending, There
from app.core.errors import StorageError
from app.core.words import said_of
from app.sync.reasons import HELD_TWICE, LOST_WITH_THE_BACKUP, OUTCOME_UNKNOWN
from tests.fakes.acts import setting
from tests.fakes.people import FIBRE, LI, OUTAGE
from tests.fakes.workstation import BOSS, CLERK
from tests.ui.bench import ENTER, HELD, Bench, focused, heard, speak, type_keys
from ui.needs_you.page import NeedsYouPage
from ui.needs_you.view_model import Choice
from ui.widgets.labels import PlainLabel

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
]

SEEN = {"id": "T1", "severity": "minor", "description": "old", "note": [], "lastUpdate": "1"}
THEIRS = There({**SEEN, "severity": "critical", "description": "theirs", "lastUpdate": "2"}, 7, "e1")


async def refused(bench: Bench, category: str, reason: str = "Service is closed.") -> ComplaintForm:
    """File a complaint that head office refuses; returns its form."""
    form = bench.desk.complaints.new_form(LI, "李示例")
    form = replace(form, category=category, description="no picture", service_id=FIBRE, service_name="Fibre 300M")
    await bench.desk.complaints.file(form)
    bench.store.become(form.id, Certainty.REFUSED, reason=reason)
    return form


def needs_you(bench: Bench) -> NeedsYouPage:
    """The page on this desk."""
    return NeedsYouPage(bench.desk, bench.workstation, bench.on_bug, clock=bench.clock)


async def test_what_was_sent_and_why_it_was_refused_stand_side_by_side() -> None:
    bench = Bench()
    await refused(bench, "tv")
    async with bench.showing(needs_you(bench)) as page:
        about = page.about.accessibleDescription()
        for part in (
            "Why: Service is closed.",
            "TV picture or channels",
            "李示例",
            "Fibre 300M",
            "no picture",
            CLERK.id,
        ):
            assert part in about


async def test_mending_is_recommended_and_opens_the_form_as_it_was_sent() -> None:
    bench = Bench()
    sent = await refused(bench, "tv")
    async with bench.showing(needs_you(bench)) as page:
        wanted = heard(page.mend_wanted)
        type_keys(page, ENTER)
        assert focused(page) is page.choices
        assert page.choices.rows[0].said == "Mend and send again, recommended"
        type_keys(page, ENTER)
        (form,) = wanted
        assert isinstance(form, ComplaintForm)
        assert (form.replaces, form.category, form.description) == (sent.id, "tv", "no picture")
        assert form.received_at == sent.received_at


async def test_setting_aside_shows_its_effect_and_needs_the_primary_key() -> None:
    bench = Bench()
    sent = await refused(bench, "tv")
    async with bench.showing(needs_you(bench)) as page:
        type_keys(page, ENTER, "2", ENTER)
        await page.tasks.idle()
        assert not bench.store.aside
        assert page.effect.text().startswith("Head office will not get this.")
        assert page.primary.accessibleName() == "Set aside"
        page.press("primary")
        await page.tasks.idle()
        assert bench.store.aside == {sent.id: CLERK.id}


async def test_a_held_primary_key_sets_aside_one_act_only() -> None:
    bench = Bench()
    first = await refused(bench, "tv")
    await refused(bench, "wrong-bill")
    async with bench.showing(needs_you(bench)) as page:
        type_keys(page, ENTER, "2")
        for _ in range(5):
            page.press("primary")
        await page.tasks.idle()
        page.press("primary")
        await page.tasks.idle()
        assert list(bench.store.aside) == [first.id]


def differing(bench: Bench, there: There | None, author: str = CLERK.id) -> Command:
    """A change of a ticket that others were quicker with."""
    act = replace(setting(1, "T1", SEEN, '"e1-5"', severity="major"), author=author)
    bench.store.acts[act.id] = Pending(act, Certainty.DIFFERS, 1, there=there)
    return act


async def test_both_versions_stand_there_field_by_field_and_neither_is_recommended() -> None:
    bench = Bench()
    differing(bench, THEIRS)
    async with bench.showing(needs_you(bench)) as page:
        assert page.versions.accessibleName() == "Both versions"
        assert page.versions.accessibleDescription() == (
            "Severity: yours: major · there now: critical · you saw: minor; Text: there now: theirs · you saw: old"
        )
        assert page.about.accessibleDescription().startswith("Why: Others changed it before yours arrived.")
        assert [row.said for row in page.choices.rows] == ["Send mine on top", "Drop mine"]


async def test_what_differs_is_said_in_the_clerks_language(qapp: QApplication) -> None:
    bench = Bench()
    differing(bench, THEIRS)
    async with bench.showing(needs_you(bench)) as page:
        speak(qapp, "zh_CN", "light")
        try:
            assert page.versions.accessibleDescription().startswith(
                "严重程度: 您要：严重 · 现有：紧急 · 您当时看到：一般"
            )
        finally:
            speak(qapp, "en", "light")


async def test_what_differs_in_a_party_and_in_an_amount_is_told_in_the_clerks_words(qapp: QApplication) -> None:
    bench = Bench()
    seen = {"id": "A1", "relatedParty": [{"name": "王", "role": "payer"}], "creditLimit": {"unit": "CNY", "value": 50}}
    there = {**seen, "relatedParty": [{"name": "王", "role": "owner"}], "creditLimit": {"unit": "CNY", "value": 80}}
    act = setting(1, "A1", seen, '"e1-5"', creditLimit={"unit": "CNY", "value": 99})
    bench.store.acts[act.id] = Pending(act, Certainty.DIFFERS, 1, there=There(there, 7, "e1"))
    async with bench.showing(needs_you(bench)) as page:
        assert page.versions.accessibleDescription() == (
            "Credit limit: yours: 99.00 CNY · there now: 80.00 CNY · you saw: 50.00 CNY; "
            "Who is concerned: there now: 王 (role: owner) · you saw: 王 (role: payer)"
        )
        speak(qapp, "zh_CN", "light")
        try:
            assert page.versions.accessibleDescription().startswith("信用额度: ")
        finally:
            speak(qapp, "en", "light")


async def test_sending_on_top_shows_what_it_does_and_needs_the_primary_key() -> None:
    bench = Bench()
    act = differing(bench, THEIRS)
    async with bench.showing(needs_you(bench)) as page:
        type_keys(page, ENTER, "1", ENTER)
        await page.tasks.idle()
        assert not bench.store.on_top
        assert page.effect.text().startswith("What you wanted takes the place of what is there now")
        assert page.primary.accessibleName() == "Send mine on top"
        page.press("primary")
        await page.tasks.idle()
        assert (bench.store.on_top, bench.store.aside) == ({act.id: CLERK.id}, {})
        assert not page.rows.rows


async def test_what_somebody_else_decided_is_sent_on_top_by_a_supervisor_only() -> None:
    offered = {CLERK: (Choice.DROP,), BOSS: (Choice.SEND_ON_TOP, Choice.DROP)}
    for clerk, choices in offered.items():
        bench = Bench(clerk)
        differing(bench, THEIRS, "somebody else")
        async with bench.showing(needs_you(bench)) as page:
            assert page.view_model.state.choices == choices


async def test_what_changed_again_is_not_overwritten_but_shown() -> None:
    bench = Bench()
    act = differing(bench, THEIRS)
    async with bench.showing(needs_you(bench)) as page:
        type_keys(page, ENTER, "1")
        newer = There({**SEEN, "severity": "minor", "description": "newer"}, 8, "e1")
        bench.store.acts[act.id] = replace(bench.store.acts[act.id], there=newer)
        page.press("primary")
        await page.tasks.idle()
        assert not bench.store.on_top
        assert "there now: newer" in page.versions.accessibleDescription()


async def test_dropping_mine_keeps_what_is_there() -> None:
    bench = Bench()
    act = differing(bench, THEIRS)
    async with bench.showing(needs_you(bench)) as page:
        type_keys(page, ENTER, "2")
        assert page.effect.text().startswith("What is there now stays.")
        page.press("primary")
        await page.tasks.idle()
        assert (bench.store.on_top, bench.store.aside) == ({}, {act.id: CLERK.id})


async def test_nothing_can_be_sent_on_top_of_what_was_deleted() -> None:
    bench = Bench()
    differing(bench, There())
    async with bench.showing(needs_you(bench)) as page:
        assert page.view_model.state.choices == (Choice.DROP,)
        assert page.about.accessibleDescription().startswith("Why: It was deleted at head office")
        assert page.versions_panel.isHidden()
        type_keys(page, ENTER, "1")
        assert page.effect.text().startswith("It stays deleted, or out of your sight.")


async def test_where_nobody_says_how_it_is_there_now_nothing_is_promised_about_it() -> None:
    bench = Bench()
    differing(bench, None)
    async with bench.showing(needs_you(bench)) as page:
        assert page.about.accessibleDescription().startswith("Why: Head office does not say how it is there now.")
        assert page.view_model.state.choices == (Choice.SET_ASIDE,)
        type_keys(page, ENTER, "1")
        assert page.effect.text().startswith("Nothing is sent or changed at head office.")


async def test_choices_that_stand_under_the_keys_stay_until_another_act_is_looked_at() -> None:
    bench = Bench()
    act = differing(bench, THEIRS)
    async with bench.showing(needs_you(bench)) as page:
        type_keys(page, ENTER, "1")
        differing(bench, There())
        bench.store.changes.publish({"troubleTicket"})
        await page.tasks.idle()
        assert page.view_model.state.choices == (Choice.DROP,)
        assert [row.said for row in page.choices.rows] == ["Send mine on top", "Drop mine"]
        assert (bench.store.on_top, list(bench.store.acts)) == ({}, [act.id])


async def test_who_may_adopt_sees_what_waits_for_somebodys_sign_in_once_that_is_told() -> None:
    bench = Bench(BOSS)
    await bench.left_behind()
    bench.workstation.tell(replace(HELD, held=()))
    async with bench.showing(needs_you(bench)) as page:
        assert not page.rows.rows
        page.primary.setFocus()
        page.rows.clearFocus()
        bench.workstation.tell(HELD)
        await page.tasks.idle()
        assert len(page.rows.rows) == 1
        bench.workstation.tell(replace(HELD, held=()))
        await page.tasks.idle()
        assert not page.rows.rows


async def test_a_supervisor_adopts_by_keys_and_is_told_that_both_names_are_recorded() -> None:
    bench = Bench(BOSS)
    act = await bench.left_behind()
    async with bench.showing(needs_you(bench)) as page:
        assert "李娜 is no longer accepted at head office. A supervisor can adopt this." in page.rows.rows[0].said
        assert page.about.accessibleDescription().startswith("Why: 李娜 is no longer accepted at head office.")
        type_keys(page, ENTER, "1", ENTER)
        await page.tasks.idle()
        assert not bench.store.acts[act].command.adopted_by
        assert page.effect.text() == (
            "It goes to head office under your sign-in. Both names, 李娜 and yours, are recorded there and here."
        )
        assert page.primary.accessibleName() == "Adopt and send"
        page.press("primary")
        await page.tasks.idle()
        assert bench.store.acts[act].command.adopted_by == BOSS.id
        assert not page.rows.rows


async def test_what_is_adopted_in_chinese_is_said_in_chinese(qapp: QApplication) -> None:
    bench = Bench(BOSS)
    await bench.left_behind()
    async with bench.showing(needs_you(bench)) as page:
        type_keys(page, ENTER, "1")
        speak(qapp, "zh_CN", "dark")
        try:
            assert page.primary.accessibleName() == "接管并发送"
            assert page.effect.text() == "将以您的登录身份发往总部。李娜 和您的姓名在总部和本机都会记录。"
        finally:
            speak(qapp, "en", "light")


async def test_the_next_act_brings_its_own_choices_though_the_cursor_stays_with_them() -> None:
    bench = Bench(BOSS)
    differing(bench, THEIRS)
    adoptable = await bench.left_behind()
    async with bench.showing(needs_you(bench)) as page:
        type_keys(page, ENTER, "2")
        page.press("primary")
        await page.tasks.idle()
        assert focused(page) is page.choices
        assert [row.said for row in page.choices.rows] == ["Adopt and send"]
        assert page.view_model.state.choice is None, "nobody has chosen it yet"
        page.press("primary")
        await page.tasks.idle()
        assert not bench.store.acts[adoptable].command.adopted_by


async def test_who_may_not_adopt_is_offered_nothing_of_it() -> None:
    bench = Bench()
    await bench.left_behind()
    async with bench.showing(needs_you(bench)) as page:
        assert not page.rows.rows


async def test_what_goes_on_by_itself_leaves_the_list_of_what_can_be_adopted() -> None:
    bench = Bench(BOSS)
    await bench.left_behind()
    async with bench.showing(needs_you(bench)) as page:
        page.rows.clearFocus()
        bench.workstation.tell(replace(HELD, held=()))
        await page.tasks.idle()
        page.press("refresh")
        await page.tasks.idle()
        assert not page.rows.rows


async def test_an_adopted_act_that_comes_back_refused_shows_both_names() -> None:
    bench = Bench(BOSS)
    act = await bench.left_behind()
    await bench.desk.adoption.adopt(act)
    bench.store.become(act, Certainty.REFUSED, reason="Service is closed.")
    async with bench.showing(needs_you(bench)) as page:
        assert "Owner: lina, adopted by boss" in page.about.accessibleDescription()


async def test_without_a_choice_the_primary_key_goes_to_the_choices() -> None:
    bench = Bench()
    await refused(bench, "tv")
    async with bench.showing(needs_you(bench)) as page:
        assert page.primary.accessibleName() == "Next: choose what to do"
        page.press("primary")
        assert focused(page) is page.choices


async def test_an_act_that_cannot_be_mended_can_be_set_aside() -> None:
    bench = Bench()
    form = bench.desk.complaints.new_form(LI, "李示例")
    await bench.desk.complaints.link_outage(form, OUTAGE, "Fibre cut")
    bench.store.become(form.id, Certainty.REFUSED, reason="The outage has ended.")
    async with bench.showing(needs_you(bench)) as page:
        assert page.view_model.state.choices == (Choice.SET_ASIDE,)
        assert "Counted in on outage: Fibre cut" in page.rows.rows[0].said


async def test_a_lost_link_says_what_happened_and_can_be_sent_again_as_it_was() -> None:
    bench = Bench()
    form = bench.desk.complaints.new_form(LI, "李示例")
    await bench.desk.complaints.link_outage(form, OUTAGE, "Fibre cut")
    bench.store.become(form.id, Certainty.REFUSED, reason=LOST_WITH_THE_BACKUP)
    lost = bench.store.acts[form.id].command
    async with bench.showing(needs_you(bench)) as page:
        assert f"Why: {LOST_WITH_THE_BACKUP}" in page.about.accessibleDescription()
        type_keys(page, ENTER)
        assert [row.said for row in page.choices.rows] == ["Send again, recommended", "Set aside"]
        type_keys(page, "1")
        assert page.effect.text().startswith("Goes to head office once more, as it was")
        page.press("primary")
        await page.tasks.idle()
        assert not page.rows.rows
    assert bench.store.aside == {form.id: CLERK.id}
    (again,) = (act.command for act in bench.store.acts.values())
    assert again == replace(lost, id=again.id, made_at=again.made_at, replaces=lost.id)


async def test_a_lost_complaint_is_looked_at_again_before_it_is_sent() -> None:
    bench = Bench()
    await refused(bench, "tv", LOST_WITH_THE_BACKUP)
    async with bench.showing(needs_you(bench)) as page:
        assert page.view_model.state.choices == (Choice.MEND, Choice.SET_ASIDE)


async def test_another_act_that_arrives_changes_neither_the_one_looked_at_nor_the_cursor() -> None:
    bench = Bench()
    sent = await refused(bench, "tv")
    async with bench.showing(needs_you(bench)) as page:
        second = await refused(bench, "wrong-bill")
        await page.tasks.idle()
        assert focused(page) is page.rows
        assert [row.key for row in page.rows.rows] == [sent.id]
        assert page.view_model.state.shown_id == sent.id
        page.press("refresh")
        await page.tasks.idle()
        assert [row.key for row in page.rows.rows] == [sent.id, second.id]
        assert page.rows.current_key == sent.id


async def test_another_row_is_looked_at_without_a_choice_made_for_it() -> None:
    bench = Bench()
    await refused(bench, "tv")
    second = await refused(bench, "wrong-bill")
    async with bench.showing(needs_you(bench)) as page:
        type_keys(page, ENTER, "2")
        page.rows.setFocus()
        type_keys(page, "2")
        assert (page.view_model.state.shown_id, page.view_model.state.choice) == (second.id, None)


async def test_home_can_open_it_at_one_act() -> None:
    bench = Bench()
    await refused(bench, "tv")
    second = await refused(bench, "wrong-bill")
    async with bench.showing(needs_you(bench)) as page:
        page.show_act(second.id)
        assert page.view_model.state.shown_id == second.id
        assert page.rows.current_key == second.id


async def test_home_can_open_it_at_one_act_before_the_acts_are_read() -> None:
    bench = Bench()
    await refused(bench, "tv")
    second = await refused(bench, "wrong-bill")
    page = needs_you(bench)
    page.show_act(second.id)
    async with bench.showing(page):
        assert page.view_model.state.shown_id == second.id


@pytest.mark.parametrize(
    ("reason", "told"),
    [(said_of(HELD_TWICE, ids="T1, T2"), "more than once: T1, T2."), (OUTCOME_UNKNOWN, "Nobody can say")],
)
async def test_what_head_office_may_hold_all_the_same_says_so_and_promises_nothing_else(reason: str, told: str) -> None:
    bench = Bench()
    sent = await refused(bench, "tv")
    bench.store.become(sent.id, Certainty.DIFFERS, reason=reason)
    async with bench.showing(needs_you(bench)) as page:
        assert told in page.about.accessibleDescription()
        assert told in page.rows.rows[0].said
        page.view_model.choose(Choice.SET_ASIDE)
        assert page.effect.text().startswith("Nothing is sent or changed at head office.")
        page.press("primary")
        await page.tasks.idle()
        assert set(bench.store.aside) == {sent.id}


async def test_a_failing_disk_keeps_the_act_and_says_so() -> None:
    bench = Bench()
    await refused(bench, "tv")
    async with bench.showing(needs_you(bench)) as page:
        said = heard(page.said)
        bench.gate.fail("set-aside", StorageError())
        type_keys(page, ENTER, "2")
        page.press("primary")
        await page.tasks.idle()
        assert said[-1] == str(StorageError())
        assert len(page.rows.rows) == 1


async def test_an_empty_list_says_what_would_be_there() -> None:
    bench = Bench()
    async with bench.showing(needs_you(bench)) as page:
        said = [label.text() for label in page.rows_panel.findChildren(PlainLabel)]
        assert "Nothing needs you. What head office refuses or loses comes here." in said
        assert page.primary.isHidden()


async def test_a_choice_is_forgotten_where_the_act_has_come_to_offer_others() -> None:
    bench = Bench(BOSS)
    act = await bench.left_behind()
    async with bench.showing(needs_you(bench)) as page:
        type_keys(page, ENTER, "1")
        assert page.primary.accessibleName() == "Adopt and send"
        bench.store.become(act, Certainty.REFUSED, reason="Service is closed.")
        await page.tasks.idle()
        assert (page.view_model.state.shown_id, page.view_model.state.choice) == (act, None)
