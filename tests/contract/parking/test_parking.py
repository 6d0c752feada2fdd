"""Drafts go from desk to hall and from hall to desk through the real back office, and no kill and no lost answer costs one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core.drafts import Place
from app.core.errors import BackOfficeUnreachableError
from app.core.ids import new_id
from app.drafts.model import (
    DraftGoneError,
    DraftNotForYouError,
    DraftTakenError,
    DraftUnreadableError,
    NewerDraftError,
    NoHallError,
    ParkedState,
)
from app.sync.errors import GrantEndedError
from app.tmf.sealing import new_secret
from backoffice import schema
from backoffice.parking.parking import CLAIM_LASTS, KEPT, REMEMBERED
from backoffice.scopes import EVERYTHING
from local_cache.parking import JournalParking
from tests.backoffice.helpers import RunningServer
from tests.cache.records import draft_for, filing
from tests.contract.office_process import ForeignProcess
from tests.contract.parking.hall_desk import WORDS, CutShortError, Desks, HallDesk, Way, at_hall_without_answer, claimed
from tests.fakes.clock import FakeClock


async def test_a_parked_draft_is_resumed_at_another_desk_by_another_clerk_as_it_was(desks: Desks) -> None:
    one, other = desks
    draft = await one.parked()
    (told,) = await other.keeper.parked("li")
    assert (told.kind, told.subject, told.author_name, told.state) == (
        "complaint",
        "no-service",
        "Mei",
        ParkedState.PARKED,
    )
    await other.keeper.resume(draft.id, "li")
    (resumed,) = await other.files.drafts.drafts_of("li")
    assert resumed == replace(draft, author="li")
    assert (await one.hall(), await one.places(), one.moved, other.moved) == ({}, {}, 1, 1)


@pytest.mark.whole
async def test_the_back_office_holds_nothing_that_it_could_read(desks: Desks, server: RunningServer) -> None:
    await desks[0].parked()
    with server.store.reading(EVERYTHING) as reader:
        held = " ".join(str(row) for row in reader.connection.execute(select(schema.parked_draft)))
    assert "no-service" in held
    for canary in (WORDS, "李示例", '"description"'):  # none of which base64 could hold
        assert canary not in held


@pytest.mark.whole
async def test_what_is_parked_after_its_author_has_left_can_be_opened_where_it_was_begun(
    tmp_path: Path, server: RunningServer
) -> None:
    desk = HallDesk(tmp_path / "one", server, "mei", hall="xihu")
    draft = await desk.begin()
    desk.sign_in("wang", "binjiang")  # nobody at xihu has told a key yet
    await desk.look()
    assert await desk.files.drafts.drafts_of("mei") == ()
    desk.sign_in("mei", "xihu")
    await desk.keeper.resume(draft.id, "mei")
    assert await desk.places() == {draft.id: Place.HERE}
    await desk.close()


@pytest.mark.whole
async def test_a_desk_at_which_two_halls_work_opens_what_is_parked_at_either(desks: Desks) -> None:
    one, other = desks
    other.sign_in("wang", "binjiang")
    await other.look()
    draft = await one.parked()
    other.sign_in("li", "xihu")
    await other.keeper.resume(draft.id, "li")
    assert await other.places() == {draft.id: Place.HERE}


@pytest.mark.whole
async def test_who_comes_back_by_pin_sees_their_own_hall(desks: Desks) -> None:
    one, other = desks
    draft = await one.parked()
    other.sign_in("wang", "binjiang")
    other.sign_in("li", "xihu")  # was the last with the line
    assert await other.keeper.parked("wang") == ()
    assert [told.id for told in await other.keeper.parked("li")] == [draft.id]
    with pytest.raises(GrantEndedError):
        await other.keeper.parked("zhao")


@pytest.mark.whole
async def test_a_desk_tells_its_key_to_each_hall_that_somebody_signs_in_for(desks: Desks, tmp_path: Path) -> None:
    one, other = desks
    other.sign_in("wang", "binjiang")
    await other.look()
    one.sign_in("zhao", "binjiang")
    draft = await one.parked()
    await other.keeper.resume(draft.id, "wang")


@pytest.mark.whole
async def test_of_two_desks_one_gets_it_and_the_other_hears_who(desks: Desks, server: RunningServer) -> None:
    one, other = desks
    draft = await claimed(one, other)
    assert await one.hall() == {draft.id: ParkedState.CLAIMED}
    with pytest.raises(DraftTakenError) as refused:
        await one.keeper.resume(draft.id, "mei")
    assert refused.value.params == {"name": "Li"}


@pytest.mark.whole
async def test_without_the_line_parking_waits_and_can_be_called_back(desks: Desks, server: RunningServer) -> None:
    one, _ = desks
    draft = await one.begin()
    one.way.cut()
    with pytest.raises(BackOfficeUnreachableError):
        await one.look()
    assert await one.places() == {draft.id: Place.WAITS}
    assert await one.files.drafts.call_back(draft.id, "mei")
    assert await one.places() == {draft.id: Place.HERE}


@pytest.mark.parametrize("is_parked_again", [True, pytest.param(False, marks=pytest.mark.whole)])
async def test_what_is_called_back_while_the_line_is_slow_goes_with_its_last_word_or_not_at_all(
    desks: Desks, *, is_parked_again: bool
) -> None:
    one, other = desks
    draft = await one.begin()
    longer = replace(draft, body={**draft.body, "description": "and the number is 138 0013 8000"})

    async def calls_back(method: str, path: str) -> None:
        if (method, path) == ("GET", "/desk/v1/hall"):
            assert await one.files.drafts.call_back(draft.id, "mei")
            await one.files.drafts.keep(longer)
            if is_parked_again:
                await one.files.drafts.park(draft.id, "mei")

    one.way.meanwhile = calls_back
    await one.look()
    if is_parked_again:
        await other.keeper.resume(draft.id, "li")
        (resumed,) = await other.files.drafts.drafts_of("li")
        assert resumed == replace(longer, author="li")
    else:
        assert (await one.places(), await other.hall()) == ({draft.id: Place.HERE}, {})


@pytest.mark.whole
async def test_what_head_office_may_have_by_now_is_not_called_back(desks: Desks) -> None:
    one, _ = desks
    draft = await one.begin()
    one.files.journal.close()
    JournalParking(one.files.sync_journal, new_secret).parking(draft.id)
    assert not await one.files.drafts.call_back(draft.id, "mei")
    await one.look()
    assert await one.hall() == {draft.id: ParkedState.PARKED}


@pytest.mark.whole
@pytest.mark.parametrize("is_after", [False, True], ids=["before it", "after it"])
async def test_a_desk_that_is_killed_at_any_step_costs_no_draft_and_makes_no_second_one(
    desks: Desks, *, is_after: bool
) -> None:
    one, other = desks
    fatal, has_died = 0, True
    while has_died:
        fatal += 1
        has_died = await goes_over(one, other, fatal, is_after=is_after)
        one, other = other, one
    assert fatal > 6


@pytest.mark.parametrize(("fatal", "is_after"), [(6, True)], ids=["after head office was asked"])
async def test_a_desk_that_is_killed_while_it_parks_and_while_it_fetches_costs_no_draft(
    desks: Desks, fatal: int, *, is_after: bool
) -> None:
    assert await goes_over(*desks, fatal, is_after=is_after)


async def goes_over(one: HallDesk, other: HallDesk, fatal: int, *, is_after: bool) -> bool:
    """Park at one desk and resume at the other, each killed once and started again; whether any of them was."""
    died = 0
    draft = await one.begin()
    one.restart()
    one.steps.begin(fatal, is_after=is_after)
    try:
        await one.look()
    except CutShortError:
        died += 1
    one.steps.begin()
    one.restart()
    assert set(await one.places()) | set(await one.hall()) == {draft.id}
    await one.look()
    assert (await one.places(), await one.hall()) == ({}, {draft.id: ParkedState.PARKED})
    other.restart()
    other.steps.begin(fatal, is_after=is_after)
    try:
        await other.keeper.resume(draft.id, other.person)
    except CutShortError:
        died += 1
    other.steps.begin()
    other.restart()
    assert set(await other.places()) | set(await other.hall()) == {draft.id}
    await other.look()
    if await other.places() == {}:
        await other.keeper.resume(draft.id, other.person)
    assert (await other.places(), await other.hall(), await one.places()) == ({draft.id: Place.HERE}, {}, {})
    await other.files.drafts.discard(draft.id, other.person)
    return died > 0


@pytest.mark.whole
async def test_a_claim_that_lapsed_before_it_was_followed_up_is_the_other_desks_and_nobody_works_on_it_twice(
    desks: Desks, clock: FakeClock
) -> None:
    one, other = desks
    draft = await claimed(one, other)
    assert await other.places() == {draft.id: Place.FETCHING}
    clock.move(CLAIM_LASTS)
    await one.keeper.resume(draft.id, "mei")
    await other.look()
    assert (await other.places(), await one.places()) == ({}, {draft.id: Place.HERE})


@pytest.mark.whole
async def test_what_has_expired_is_its_authors(desks: Desks, clock: FakeClock) -> None:
    one, other = desks
    draft = await one.parked()
    clock.move(KEPT)
    for desk in desks:
        desk.sign_in()
    with pytest.raises(DraftNotForYouError):
        await other.keeper.resume(draft.id, "li")
    assert await one.hall() == {draft.id: ParkedState.EXPIRED}
    await one.keeper.resume(draft.id, "mei")
    assert await one.places() == {draft.id: Place.HERE}


@pytest.mark.whole
async def test_a_supervisor_lets_go_of_what_has_expired(desks: Desks, clock: FakeClock) -> None:
    one, other = desks
    await one.parked()
    clock.move(KEPT)
    for desk in desks:
        desk.sign_in()
    other.sign_in("boss", role="supervisor")
    with pytest.raises(DraftTakenError):
        await other.keeper.discard_parked((await one.keeper.parked("mei"))[0].id, "li")
    await other.keeper.discard_parked((await one.keeper.parked("mei"))[0].id, "boss")
    assert await one.hall() == {}


@pytest.mark.whole
async def test_a_head_office_that_knows_nothing_of_a_claim_leaves_the_draft_here(
    desks: Desks, server: RunningServer, clock: FakeClock
) -> None:
    one, other = desks
    draft = await claimed(one, other)
    with server.store.writing() as transaction:
        transaction.connection.execute(schema.parked_draft.delete())
    await other.look()
    assert await other.places() == {draft.id: Place.HERE}
    assert REMEMBERED > KEPT


@pytest.mark.whole
async def test_what_head_office_does_not_take_is_here_again(desks: Desks) -> None:
    one, _ = desks
    draft = replace(draft_for(filing(), "x" * 70_000), author="mei")
    await one.files.drafts.keep(draft)
    await one.files.drafts.park(draft.id, "mei")
    await one.look()
    assert await one.places() == {draft.id: Place.HERE}


@pytest.mark.whole
async def test_a_desk_that_came_to_the_hall_later_is_told_that_it_cannot_open_it(
    desks: Desks, server: RunningServer, tmp_path: Path
) -> None:
    draft = await desks[0].parked()
    late = HallDesk(tmp_path / "late", server, "zhao")
    with pytest.raises(DraftUnreadableError):
        await late.keeper.resume(draft.id, "zhao")
    assert await late.places() == {}
    with pytest.raises(DraftGoneError):
        await late.keeper.resume("another", "zhao")
    await late.close()
    await desks[1].keeper.resume(draft.id, "li")  # it keeps nobody else from it


@pytest.mark.whole
async def test_what_a_newer_trunkline_has_parked_stays_at_the_hall(desks: Desks) -> None:
    one, other = desks
    newer = replace(draft_for(replace(filing(), id=new_id())), author="mei", version=2)
    await one.files.drafts.keep(newer)
    await one.files.drafts.park(newer.id, "mei")
    await one.look()
    with pytest.raises(NewerDraftError):
        await other.keeper.resume(newer.id, "li")
    assert (await other.places(), await one.hall()) == ({}, {newer.id: ParkedState.PARKED})


async def test_who_fetches_at_the_same_desk_what_is_still_on_its_way_from_there_hears_whose_it_is(desks: Desks) -> None:
    one, _ = desks
    draft = await at_hall_without_answer(one)
    one.sign_in("zhao")
    with pytest.raises(DraftTakenError) as refused:
        await one.keeper.resume(draft.id, "zhao")
    assert refused.value.params == {"name": "Mei"}
    await one.look()
    assert (await one.files.drafts.drafts_of("mei"), set(await one.hall())) == ((), {draft.id})
    await one.keeper.resume(draft.id, "zhao")
    assert await one.places() == {draft.id: Place.HERE}


@pytest.mark.parametrize("is_filed", [pytest.param(True, marks=pytest.mark.whole), False])
async def test_what_a_restored_office_shows_once_more_writes_over_nobodys_work(
    desks: Desks, server: RunningServer, *, is_filed: bool
) -> None:
    one, other = desks
    draft = await one.parked()
    with server.store.reading(EVERYTHING) as reader:
        row = dict(reader.connection.execute(select(schema.parked_draft)).one()._mapping)
    await other.keeper.resume(draft.id, "li")
    longer = replace(draft, author="li", body={**draft.body, "description": "an hour of typing"})
    await other.files.drafts.keep(longer)
    if is_filed:
        await other.files.log.record(replace(filing(), id=draft.id, author="li"))
    with server.store.writing() as transaction:
        transaction.connection.execute(schema.parked_draft.delete())
        transaction.connection.execute(schema.parked_draft.insert().values(**row))
    other.sign_in("zhao")
    with pytest.raises(DraftTakenError) as refused:
        await other.keeper.resume(draft.id, "zhao")
    assert refused.value.params == {"name": "Li"}
    assert set(await other.hall()) == {draft.id}
    assert await other.files.drafts.drafts_of("li") == (() if is_filed else (longer,))


@pytest.mark.whole
async def test_a_foreign_server_parks_nothing_and_what_was_to_be_parked_stays_here(
    foreign: ForeignProcess, server: RunningServer, tmp_path: Path
) -> None:
    desk = HallDesk(tmp_path / "desk", server, "mei")
    await desk.way.close()
    desk.way = Way(foreign.url)
    desk.restart()
    draft = await desk.begin()
    await desk.look()
    assert await desk.places() == {draft.id: Place.HERE}
    with pytest.raises(NoHallError):
        await desk.hall()
    await desk.close()
