"""A draft between desk and hall moves on what head office itself says of it, and on nothing else that is answered on the way."""

from __future__ import annotations

import json

import httpx
import pytest

from app.core.drafts import Draft, Place
from app.core.errors import BackOfficeAnswerError, NotAllowedError
from app.drafts.model import HallFullError, NoHallError, ParkedState
from app.sync.errors import BusyError
from backoffice import schema
from backoffice.parking import parking
from backoffice.parking.parking import CLAIM_LASTS
from backoffice.people import Person
from tests.backoffice.helpers import RunningServer
from tests.contract.parking.hall_desk import Desks, HallDesk, at_hall_without_answer, claimed
from tests.fakes.clock import FakeClock

PORTAL = "<html>blocked</html>"


def answers(desk: HallDesk, method: str, part: str, status: int, text: str, **headers: str) -> None:
    """Let somebody on the way answer what the desk asks so."""

    def instead(asked: str, path: str) -> httpx.Response | None:
        sort = {"Content-Type": "text/html" if text == PORTAL else "application/json"}
        is_meant = asked == method and part in path
        return httpx.Response(status, text=text, headers={**sort, **headers}) if is_meant else None

    desk.way.instead = instead


async def only_draft(desk: HallDesk) -> Draft:
    """What the desk has on its disk."""
    (draft,) = await desk.files.drafts.drafts_of(desk.person)
    return draft


async def test_a_draft_that_may_be_at_the_hall_stays_on_its_way_whatever_somebody_else_answers(desks: Desks) -> None:
    one, other = desks
    draft = await at_hall_without_answer(one)
    senseless = ("{}", '{"portal": "please sign in"}', '{"id": "D0", "state": "parked"}')
    pages = [(status, PORTAL) for status in (200, 201, 400, 403, 404, 409, 413)]
    refusal = (409, '{"code": "conflict", "reason": "Busy."}')
    for status, text in (*pages, *((200, text) for text in senseless), (204, ""), refusal):
        answers(one, "PUT", "/drafts/", status, text)
        one.restart()
        await one.look()
        kept = await only_draft(one)
        assert (status, text, kept.place, kept.trouble) == (status, text, Place.PARKING, BackOfficeAnswerError.text)
    one.way.mend()
    one.restart()
    await one.look()
    assert (await one.places(), await other.hall()) == ({}, {draft.id: ParkedState.PARKED})


@pytest.mark.whole
async def test_a_hall_that_seems_to_be_none_brings_back_nothing_that_may_be_there(desks: Desks) -> None:
    one, other = desks
    draft = await at_hall_without_answer(one)
    answers(one, "GET", "/hall", 404, PORTAL)
    await one.look()
    assert (await one.places(), await other.hall()) == ({draft.id: Place.PARKING}, {draft.id: ParkedState.PARKED})


@pytest.mark.whole
async def test_what_is_fetched_stays_on_its_way_whatever_somebody_else_answers(desks: Desks) -> None:
    draft = await claimed(*desks)
    other = desks[1]
    for status, text in ((200, "{}"), (204, ""), *((status, PORTAL) for status in (200, 404, 409, 410))):
        answers(other, "DELETE", "/drafts/", status, text)
        other.restart()
        await other.look()
        assert (status, text, await other.places()) == (status, text, {draft.id: Place.FETCHING})
    other.way.mend()
    other.restart()
    await other.look()
    assert await other.places() == {draft.id: Place.HERE}


@pytest.mark.whole
async def test_what_head_office_does_not_take_is_here_again_and_says_why(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "MOST_AT_A_HALL", 0)
    one, _ = desks
    await one.begin()
    await one.look()
    kept = await only_draft(one)
    assert (kept.place, kept.trouble) == (Place.HERE, HallFullError.text)


@pytest.mark.whole
async def test_a_refusal_brings_back_nothing_that_an_earlier_attempt_has_parked(
    desks: Desks, server: RunningServer
) -> None:
    one, other = desks
    draft = await at_hall_without_answer(one)
    answers(one, "PUT", "/drafts/", 403, json.dumps({"code": "forbidden", "reason": "Not you."}))
    await one.look()
    assert (await one.places(), await other.hall()) == ({draft.id: Place.PARKING}, {draft.id: ParkedState.PARKED})


@pytest.mark.whole
async def test_a_desk_without_a_hall_keeps_what_was_to_be_parked_and_says_why(desks: Desks) -> None:
    one, _ = desks
    await one.begin()
    answers(one, "GET", "/hall", 404, PORTAL)
    await one.look()
    kept = await only_draft(one)
    assert (kept.place, kept.trouble) == (Place.HERE, NoHallError.text)


async def test_a_lost_answer_and_a_second_parking_elsewhere_make_no_second_draft(desks: Desks) -> None:
    one, other = desks
    draft = await at_hall_without_answer(one)
    await other.keeper.resume(draft.id, "li")
    await other.files.drafts.park(draft.id, "li")
    await other.look()
    await one.look()
    assert (await one.places(), await other.places(), set(await other.hall())) == ({}, {}, {draft.id})


@pytest.mark.whole
async def test_a_clerk_who_changes_department_between_claim_and_take_doubles_nothing(
    desks: Desks, server: RunningServer, clock: FakeClock
) -> None:
    one, other = desks
    draft = await claimed(one, other)
    server.people.put(Person("li", "Li", "clerk"), None, department="binjiang")
    other.sign_in()
    await other.look()
    clock.move(CLAIM_LASTS)
    one.sign_in()
    assert (await other.places(), await one.hall()) == ({draft.id: Place.HERE}, {})


async def test_what_cannot_be_settled_is_left_alone_for_a_while_and_can_be_discarded(desks: Desks) -> None:
    one, _ = desks
    draft = await at_hall_without_answer(one)
    asked: list[str] = []

    async def counted(method: str, path: str) -> None:
        asked.append(f"{method} {path}")

    one.way.meanwhile = counted
    answers(one, "PUT", "/drafts/", 400, PORTAL)
    await one.look()
    assert 0 < one.keeper._pause() < 1
    before = len(asked)
    await one.look()
    assert len(asked) == before
    await one.files.drafts.discard(draft.id, "mei")
    assert await one.places() == {}


@pytest.mark.whole
async def test_what_is_on_its_way_as_it_should_be_is_not_discarded(desks: Desks) -> None:
    draft = await claimed(*desks)
    await desks[1].files.drafts.discard(draft.id, "li")
    assert await desks[1].places() == {draft.id: Place.FETCHING}


@pytest.mark.whole
async def test_a_draft_that_head_office_will_not_settle_holds_back_no_other(
    desks: Desks, server: RunningServer
) -> None:
    _, other = desks
    stuck = await claimed(*desks)
    server.people.put(Person("li", "Li", "admin"), None, department="xihu")  # who may not file any more
    other.sign_in("li")
    other.sign_in("zhao", "xihu")
    draft = await other.begin()
    await other.look()
    assert await other.places() == {}
    assert set(await other.hall()) == {stuck.id, draft.id}
    (told,) = await other.files.drafts.drafts_of("li")
    assert (told.place, bool(told.trouble)) == (Place.FETCHING, True)


@pytest.mark.whole
async def test_a_sign_in_that_has_ended_holds_back_no_other_author(desks: Desks, server: RunningServer) -> None:
    one, _ = desks
    await one.begin()
    one.sign_in("zhao")
    with server.store.writing() as transaction:
        transaction.connection.execute(schema.token.delete().where(schema.token.c.staff == "zhao"))
    one.restart()
    await one.look()
    assert await one.files.drafts.drafts_of("mei") == ()


@pytest.mark.whole
@pytest.mark.parametrize("status", [pytest.param(429, marks=pytest.mark.whole), 503])
async def test_a_busy_head_office_is_asked_again_when_it_said(desks: Desks, status: int) -> None:
    one, _ = desks
    draft = await one.begin()
    answers(one, "PUT", "/drafts/", status, "{}", **{"Retry-After": "7"})
    with pytest.raises(BusyError) as busy:
        await one.look()
    assert (busy.value.seconds, await one.places()) == (7.0, {draft.id: Place.PARKING})


@pytest.mark.whole
async def test_who_may_not_park_hears_it(desks: Desks) -> None:
    one, _ = desks
    await one.begin()
    answers(one, "PUT", "/drafts/", 403, json.dumps({"code": "forbidden", "reason": "Not you."}))
    await one.look()
    assert (await only_draft(one)).trouble == NotAllowedError.text
