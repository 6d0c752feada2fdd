"""A server without keys: acts are recognised by what they leave behind, and never sent again blindly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import httpx
import pytest

from app.complaints.commands import link_outage
from app.core.commands import Command, Method, There
from app.session.model import SignInRefusedError
from app.sync.merging import on_top
from app.sync.model import (
    CommandState,
    Confirmed,
    Differs,
    Entry,
    Later,
    Merged,
    NeverArrived,
    NoGrant,
    NotKnown,
    Outcome,
    Refused,
    Unaskable,
)
from app.tmf.foreign.lists import Lists
from app.tmf.foreign.signing_in import Credentials
from tests.fakes.acts import command, setting
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.tmf_server import TmfServer
from tests.sync.foreign import GRANT, ForeignDesk, foreign_desk

BROKEN = httpx.ReadError("cut")
MINE = {"text": "mine", "author": "mei", "date": "2026-03-25T04:00:00.000Z"}
THEIRS = {"text": "theirs", "author": "li", "date": "2026-03-25T04:01:00.000Z"}


def complaint() -> Command:
    return command(1, method=Method.CREATE)


def note(ticket: str = "T1") -> Command:
    return command(2, ticket)


def change(desk: ForeignDesk, **fields: object) -> Command:
    """Somebody who sees the ticket as it is now wants these fields of it changed."""
    return setting(3, "T1", dict(desk.server.tickets["T1"]), '"e-1"', **fields)


async def there(desk: ForeignDesk) -> There:
    return await desk.office.read("troubleTicket", "T1", GRANT)


async def send(desk: ForeignDesk, act: Command) -> Outcome:
    return await desk.office.send(Entry(act, 1, CommandState.QUEUED), act.entity_id, GRANT)


async def ask(desk: ForeignDesk, act: Command) -> Outcome:
    return await desk.office.ask(Entry(act, 1, CommandState.UNKNOWN), GRANT)


async def lose_the_answer(desk: ForeignDesk, act: Command) -> None:
    """It takes effect, and nobody hears of it."""
    assert isinstance(await send(desk, act), Confirmed)


async def test_a_creation_carries_its_command_and_is_found_by_it() -> None:
    async with foreign_desk(TmfServer()) as desk:
        sent = await send(desk, complaint())
        assert desk.server.tickets["T1"]["externalId"] == complaint().id
        assert sent == Confirmed("T1", 1, desk.server.tickets["T1"])
        assert await ask(desk, complaint()) == sent


async def test_what_is_not_there_is_sent_again_only_after_a_late_attempt_had_time_to_arrive() -> None:
    async with foreign_desk(TmfServer()) as desk:
        assert await ask(desk, complaint()) == Later(60.0)
        desk.clock.move(timedelta(seconds=59))
        assert await ask(desk, complaint()) == Later(1.0)
        desk.clock.move(timedelta(seconds=1))
        assert await ask(desk, complaint()) == NeverArrived()
        assert await ask(desk, complaint()) == Later(60.0)  # the next attempt has its own time


async def test_an_act_that_was_confirmed_is_not_asked_for_because_the_copy_was_made_anew() -> None:
    async with foreign_desk(TmfServer()) as desk:
        checked = Entry(complaint(), 1, CommandState.CHECKING)
        assert await desk.office.ask(checked, GRANT) == Unaskable()
        assert not desk.server.asked


async def test_an_attempt_that_arrives_in_that_time_is_found() -> None:
    async with foreign_desk(TmfServer()) as desk:
        assert isinstance(await ask(desk, complaint()), Later)
        desk.server.file("T7", externalId=complaint().id)
        desk.clock.move(timedelta(minutes=2))
        assert await ask(desk, complaint()) == Confirmed("T7", 1, desk.server.tickets["T7"])


async def test_where_it_cannot_be_asked_a_person_has_to_look() -> None:
    async with foreign_desk(TmfServer(hears_filters=False)) as desk:
        desk.server.file("T5", externalId="of somebody else")
        assert await ask(desk, complaint()) == Unaskable()
        other = replace(complaint(), collection="customer")
        assert await ask(desk, other) == Unaskable()
        unknown = replace(note("T5"), body=[{"op": "add", "path": "/attachment/-", "value": {"name": "a"}}])
        assert await ask(desk, unknown) == Unaskable()


@pytest.mark.parametrize("made", [TmfServer, partial(TmfServer, own_note_ids=True)])
async def test_a_note_is_recognised_by_its_id_or_where_the_server_gives_its_own_by_its_words(
    made: Callable[[], TmfServer],
) -> None:
    dated = note()
    value = {"text": "said", "author": "mei", "date": "2026-03-25T04:00:00.000Z"}
    dated = replace(dated, body=[{"op": "add", "path": "/note/-", "value": value}])
    async with foreign_desk(made()) as desk:
        desk.server.file("T1")
        await lose_the_answer(desk, dated)
        assert isinstance(await ask(desk, dated), Confirmed)
        assert isinstance(await send(desk, dated), Confirmed)
        assert len(desk.server.tickets["T1"]["note"]) == 1


async def test_a_customer_is_counted_in_once() -> None:
    links = [link_outage(f"L{number}", "P1", "Cut", "C1", "mei", NOON) for number in range(2)]
    server = TmfServer(records={"serviceProblem": {"P1": {"id": "P1"}}})
    async with foreign_desk(server) as desk:
        for link in links:
            assert isinstance(await send(desk, link), Confirmed)
        assert len(server.records["serviceProblem"]["P1"]["relatedParty"]) == 1


async def test_a_server_without_json_patch_gets_the_whole_list() -> None:
    async with foreign_desk(TmfServer(takes_json_patch=False)) as desk:
        desk.server.file("T1", note=[{"id": "N1", "text": "before"}])
        assert isinstance(await send(desk, note()), Confirmed)
        assert [one["text"] for one in desk.server.tickets["T1"]["note"]] == ["before", "said 2"]


async def test_a_change_goes_on_top_of_changes_to_other_fields() -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.file("T1", severity="major", priority="1")
        wanted = change(desk, severity="minor")
        desk.server.tickets["T1"]["priority"] = "2"
        assert isinstance(await send(desk, wanted), Confirmed)
        assert desk.server.tickets["T1"] | {"severity": "minor", "priority": "2"} == desk.server.tickets["T1"]


async def test_a_change_of_what_somebody_changed_differs() -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.file("T1", severity="major")
        wanted = change(desk, severity="minor")
        desk.server.tickets["T1"]["severity"] = "critical"
        assert await send(desk, wanted) == Differs()
        assert await there(desk) == There(desk.server.tickets["T1"])
        assert desk.server.tickets["T1"]["severity"] == "critical"


async def test_a_change_to_what_was_deleted_is_left_to_a_person_also_where_that_happens_just_then() -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.file("T1", severity="major")
        wanted, adds = change(desk, severity="minor"), note()
        del desk.server.tickets["T1"]
        assert await send(desk, wanted) == Differs(There())
        assert await there(desk) == There()
        assert isinstance(await send(desk, adds), Refused)
        desk.server.file("T1", severity="major")

        def somebody_deletes_it(asked: httpx.Request) -> None:
            if asked.method == "PATCH":
                desk.server.tickets.clear()

        desk.server.before = somebody_deletes_it
        assert await send(desk, wanted) == Differs(There())


async def test_a_status_is_set_on_the_record_as_it_was_seen_only() -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.file("T1", status="acknowledged", lastUpdate="1")
        closes = change(desk, status="closed")
        desk.server.tickets["T1"]["severity"] = "critical"
        assert await send(desk, closes) == Differs()
        del desk.server.tickets["T1"]["severity"]
        desk.server.tickets["T1"]["lastUpdate"] = "2"
        assert isinstance(await send(desk, closes), Confirmed)


async def test_what_nobody_wrote_down_the_sight_of_is_never_sent_on_top() -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.file("T1", severity="major")
        assert await send(desk, replace(change(desk, severity="minor"), seen=None)) == Differs()
        assert desk.server.tickets["T1"]["severity"] == "major"


async def test_a_list_that_others_added_to_is_merged_before_it_is_sent() -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.file("T1", note=[])
        wanted = change(desk, note=[MINE])
        desk.server.tickets["T1"]["note"] = [THEIRS]
        assert await send(desk, wanted) == Differs(), "what goes out is written down first"
        merged = on_top(wanted, await there(desk))
        assert isinstance(merged, Merged)
        assert isinstance(await send(desk, merged.command), Confirmed)
        assert desk.server.tickets["T1"]["note"] == [THEIRS, MINE]


async def test_what_a_change_added_to_a_list_is_recognised_among_what_others_added_and_not_added_again() -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.file("T1", note=[])
        wanted = change(desk, note=[MINE])
        await lose_the_answer(desk, wanted)
        desk.server.tickets["T1"]["note"] = [{**MINE, "id": "N1"}, THEIRS]  # with the server's own ids
        assert isinstance(await ask(desk, wanted), Confirmed)
        assert isinstance(await send(desk, wanted), Confirmed)
        assert len(desk.server.tickets["T1"]["note"]) == 2


async def test_what_a_change_added_and_nobody_could_tell_from_what_others_added_a_person_looks_for() -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.file("T1", note=[])
        wanted = change(desk, note=[{"text": "mine"}])
        desk.server.tickets["T1"]["note"] = [{"text": "mine"}]
        assert await ask(desk, wanted) == Unaskable()


async def test_a_change_that_is_there_already_is_confirmed_without_another_word() -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.file("T1", severity="minor")
        wanted = change(desk, severity="minor")
        desk.server.asked.clear()
        assert isinstance(await send(desk, wanted), Confirmed)
        assert isinstance(await ask(desk, wanted), Confirmed)
        assert {one.split()[0] for one in desk.server.asked} == {"GET"}


async def test_what_a_clerk_touched_is_read_again_at_once_and_takes_the_place_of_what_the_desk_shows() -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.file("T1")
        desk.server.file("T2")
        await desk.copy()
        confirmed = await send(desk, note())
        assert isinstance(confirmed, Confirmed)
        desk.server.tickets["T2"]["severity"] = "minor"
        await desk.pull()
        assert desk.memory.held["troubleTicket", "T1"].revision >= confirmed.revision
        assert desk.memory.shown["T1"] == desk.server.tickets["T1"]
        assert desk.memory.shown["T2"] != desk.server.tickets["T2"]  # that takes a sweep
        confirmed = await send(desk, note())  # it is there already
        await desk.pull()
        assert isinstance(confirmed, Confirmed)
        assert desk.memory.held["troubleTicket", "T1"].revision >= confirmed.revision


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (BROKEN, NotKnown(line_is_cut=True)),
        (httpx.ConnectError("away"), Later(line_is_cut=True)),
        (httpx.Response(500, json={}), NotKnown()),
        (httpx.Response(503, headers={"Retry-After": "7"}), Later(7.0)),
        (httpx.Response(401), NoGrant()),
        (httpx.Response(400, json={"code": "1", "reason": "No."}), Refused("No.")),
        (httpx.Response(409, json={"code": "1", "reason": "It is there."}), NotKnown()),
        (httpx.Response(404, html="lost"), NotKnown()),
        (httpx.Response(202), NotKnown()),
        (httpx.Response(201, json={"no": "id"}), NotKnown()),
    ],
)
async def test_every_answer_to_a_creation_means_something(answer: httpx.Response | Exception, outcome: Outcome) -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.answers.append(answer)
        assert await send(desk, complaint()) == outcome


@pytest.mark.parametrize("answer", [BROKEN, httpx.Response(500), httpx.Response(200, html="lost")])
async def test_what_could_not_even_be_looked_at_was_certainly_not_changed(answer: httpx.Response | Exception) -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.file("T1")
        desk.server.answers.append(answer)
        assert isinstance(await send(desk, note()), Later)
        assert "note" not in desk.server.tickets["T1"]


async def test_a_second_ticket_of_one_command_is_told_with_both_ids() -> None:
    async with foreign_desk(TmfServer()) as desk:
        await desk.copy()
        desk.server.file("T2", externalId=complaint().id)  # met while nobody knows yet what became of the act
        await desk.sweep()
        assert desk.memory.twice == {}
        desk.server.file("T5", externalId=complaint().id)
        desk.memory.made[complaint().id] = "T5"
        await desk.sweep()
        assert desk.memory.twice == {complaint().id: ["T2", "T5"]}


async def test_one_ticket_under_another_number_is_no_double() -> None:
    async with foreign_desk(TmfServer()) as desk:
        await desk.copy()
        desk.memory.made[complaint().id] = "T5"
        desk.server.file("T2", externalId=complaint().id)  # they moved it
        await desk.sweep()
        assert desk.memory.twice == {}


async def test_a_note_that_stands_twice_is_told() -> None:
    async with foreign_desk(TmfServer()) as desk:
        desk.server.file("T1", note=[{"id": note().id, "text": "said"}] * 2)
        desk.memory.made[note().id] = "T1"
        await desk.copy()
        assert desk.memory.twice == {note().id: ["T1", "T1"]}


async def test_who_is_not_let_in_is_told_so() -> None:
    async with foreign_desk(TmfServer()) as desk:
        answer = await desk.office.sign_in("mei", "secret")
        assert answer["token"] == GRANT.token
        assert answer["office"] == "http://127.0.0.1:1"
        desk.server.answers.append(httpx.Response(401))
        with pytest.raises(SignInRefusedError):
            await desk.office.sign_in("mei", "wrong")
        with pytest.raises(SignInRefusedError):
            await desk.office.sign_in("mei:x", "secret")


async def test_where_tokens_are_given_out_the_token_is_what_is_typed() -> None:
    server = TmfServer()
    transport = server.transport()
    credentials = Credentials("bearer", "office", "address", FakeClock())
    answer = await credentials.sign_in(Lists(transport), "mei", "token-1")
    assert (answer["token"], answer["kind"], answer["offlineUntil"]) == (
        "Bearer token-1", "foreign", "2026-04-01T04:00:00.000Z"
    )  # fmt: skip
    with pytest.raises(SignInRefusedError):
        await credentials.sign_in(Lists(transport), "mei", "no token\r\nX-Evil: 1")
    await transport.close()
