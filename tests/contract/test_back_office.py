"""Desk and back office, each as it runs: every act exactly once, every copy exact, whatever breaks in between."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.complaints.commands import link_outage
from app.core.clock import SystemClock, from_wire, to_wire
from app.core.commands import Command, Method, There
from app.core.ids import new_id
from app.core.words import sentence_of
from app.sync.events import DataChanged, StatusChanged
from app.sync.model import Acknowledged, CommandState, Confirmed, Differs, Entry, Forgotten, NeverArrived, Refused
from app.sync.profiles import MOST_OPENED
from app.sync.reasons import FILED_ELSEWHERE
from app.sync.status import LineState
from app.tmf import transport
from local_cache.effects import there_from
from local_cache.journal_schema import command as command_table
from local_cache.journal_schema import effect as effect_table
from local_cache.mirror_schema import COLLECTIONS
from tests.contract.desks import RealDesk, opened
from tests.contract.office_process import SECRET, ForeignProcess, OfficeProcess
from tests.fakes.acts import command, setting
from tests.fakes.clock import NOON

FOREIGN_IN_THE_LONG_FORM = pytest.mark.parametrize(
    "any_office", ["office", pytest.param("foreign", marks=pytest.mark.whole)], indirect=True
)


@asynccontextmanager
async def signed_in(
    folder: Path, office: OfficeProcess, name: str = "desk", home: Sequence[str] = (), most_opened: int = MOST_OPENED
) -> AsyncIterator[RealDesk]:
    """A desk of the demonstration clerk, in step with the office."""
    async with opened(folder / name, office.url, home=home, most_opened=most_opened) as desk:
        device = desk.journal.device()
        if isinstance(office, ForeignProcess):
            desk.clerks.signed_in(await desk.office.sign_in("demo", "no matter", device))
        else:
            desk.clerks.signed_in(await desk.office.sign_in_embedded(SECRET, device))
        desk.engine.start()
        await desk.online()
        yield desk


def complaint(text: str, customer: str = "") -> Command:
    """A new ticket by the demonstration clerk."""
    made, command_id = command(1, author="demo", method=Method.CREATE), new_id()
    whose = {"relatedParty": [{"id": customer, "role": "customer"}]} if customer else {}
    return replace(made, id=command_id, entity_id=command_id, body={**made.body, "description": text, **whose})


def note(ticket: str, text: str) -> Command:
    """One more contact on a ticket."""
    made = command(1, ticket, author="demo")
    body = [{"op": "add", "path": "/note/-", "value": {"text": text, "author": "demo"}}]
    return replace(made, id=new_id(), body=body)


def texts(office: OfficeProcess) -> list[str]:
    return sorted(ticket["description"] for ticket in office.tickets())


class AWeekAhead(SystemClock):
    """The clock of a machine that nobody has looked after."""

    def now(self) -> datetime:
        return super().now() + timedelta(days=7)


async def test_a_desk_whose_clock_is_a_week_ahead_is_not_refused(tmp_path: Path, office: OfficeProcess) -> None:
    ahead = AWeekAhead()
    async with opened(tmp_path / "desk", office.url, clock=ahead) as desk:
        desk.clerks.signed_in(await desk.office.sign_in_embedded(SECRET, desk.journal.device()))
        desk.engine.start()
        await desk.online()
        act = complaint("made a week ahead")
        made = to_wire(ahead.now())
        await desk.record(replace(act, body={**act.body, "creationDate": made}))
        await desk.ended(act.id)
    (kept,) = office.tickets()
    assert kept["creationDateAtDesk"] == made
    assert abs(from_wire(kept["creationDate"]) - SystemClock().now()) < timedelta(hours=1)


async def test_a_complaint_is_confirmed_and_other_desks_see_it(tmp_path: Path, any_office: OfficeProcess) -> None:
    office = any_office
    async with signed_in(tmp_path, office) as desk, signed_in(tmp_path, office, "other") as other:
        filed = complaint("No signal")
        await desk.record(filed)
        await desk.ended(filed.id)
        (ticket,) = office.tickets()
        held = await desk.holds("troubleTicket", ticket["id"])
        assert isinstance(office, ForeignProcess) or held.revision == 1
        assert json.loads(held.body or "") == ticket
        await other.holds("troubleTicket", ticket["id"])
        assert other.new_mirrors == 1


@FOREIGN_IN_THE_LONG_FORM
async def test_notes_reach_a_ticket_made_offline_in_their_order(tmp_path: Path, any_office: OfficeProcess) -> None:
    office = any_office
    async with signed_in(tmp_path, office) as desk:
        office.misbehave("drop-request")
        filed = complaint("No signal")
        await desk.record(filed)
        notes = [note(filed.id, f"call {number}") for number in range(5)]
        for one in notes:
            await desk.record(one)
        await desk.ended(notes[-1].id)
        (ticket,) = office.tickets()
        assert [one["text"] for one in ticket["note"]] == [f"call {number}" for number in range(5)]


FAULTS = ("drop-answer", "drop-request", "cut", "html", "refuse", "slow", "hang")


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        *(("office", fault) for fault in FAULTS),
        ("foreign", "drop-request"),
        *(pytest.param("foreign", fault, marks=pytest.mark.whole) for fault in FAULTS if fault != "drop-request"),
    ],
)
async def test_a_broken_answer_ends_with_one_ticket(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office: OfficeProcess = request.getfixturevalue(kind)
    monkeypatch.setattr(transport, "TIMEOUT", httpx.Timeout(5.0, read=2.0))
    async with signed_in(tmp_path, office) as desk:
        office.misbehave(fault, seconds=0.2)
        filed = complaint("No signal")
        await desk.record(filed)
        await desk.ended(filed.id)
        await desk.until(lambda: desk.status.line is LineState.ONLINE and desk.status.trouble == "")
    assert texts(office) == ["No signal"]


async def test_the_same_request_again_is_answered_the_same_and_done_once(tmp_path: Path, office: OfficeProcess) -> None:
    async with signed_in(tmp_path, office) as desk:
        grant = desk.outbox.latest_grant()
        assert grant is not None
        entry = Entry(complaint("No signal"), 1, CommandState.QUEUED)
        assert isinstance(await desk.office.ask(entry, grant), NeverArrived)
        first = await desk.office.send(entry, entry.command.id, grant, Acknowledged())
        again = await desk.office.send(entry, entry.command.id, grant, Acknowledged())
        assert isinstance(first, Confirmed)
        assert again == first
        assert await desk.office.ask(entry, grant) == replace(first, body=None)
        other = replace(entry, command=replace(entry.command, body={**entry.command.body, "severity": "minor"}))
        assert isinstance(await desk.office.send(other, entry.command.id, grant, Acknowledged()), Forgotten)
    assert len(office.tickets()) == 1


async def test_what_another_desk_has_filed_under_the_same_id_is_refused_in_words(
    tmp_path: Path, office: OfficeProcess
) -> None:
    act = complaint("No signal")
    async with signed_in(tmp_path, office) as one, signed_in(tmp_path, office, "other") as other:
        await one.record(act)
        await one.ended(act.id)
        await other.record(act)
        await other.ended(act.id, CommandState.REFUSED)
        with other.journal.reading() as connection:
            reason = connection.execute(select(command_table.c.reason).where(command_table.c.id == act.id)).scalar()
        assert sentence_of(reason or "") == (FILED_ELSEWHERE, {"name": "演示 Demo"})
    assert len(office.tickets()) == 1


@FOREIGN_IN_THE_LONG_FORM
async def test_a_refused_complaint_holds_back_only_its_notes(tmp_path: Path, any_office: OfficeProcess) -> None:
    office = any_office
    async with signed_in(tmp_path, office) as desk:
        empty = complaint("")
        senseless = replace(empty, body={**empty.body, "severity": 5})
        behind, beside = note(senseless.id, "and"), complaint("No signal")
        for act in (senseless, behind, beside):
            await desk.record(act)
        await desk.ended(beside.id)
        await desk.ended(senseless.id, CommandState.REFUSED)
        await desk.until(lambda: (desk.status.waiting, desk.status.needs_you) == (1, 1))
        assert await desk.state(behind.id) is CommandState.QUEUED
    assert texts(office) == ["No signal"]


async def test_two_desks_that_count_a_customer_in_at_once_count_them_once(tmp_path: Path) -> None:
    office = OfficeProcess(tmp_path)
    office.generate(20)
    office.start()
    try:
        async with signed_in(tmp_path, office) as desk, signed_in(tmp_path, office, "other") as other:
            links = [link_outage(new_id(), "P-1042", "Fibre cut", "C-100002", "demo", NOON) for _ in range(2)]
            await asyncio.gather(desk.record(links[0]), other.record(links[1]))
            await asyncio.gather(desk.ended(links[0].id), other.ended(links[1].id))
            told = office.everything()["serviceProblem", "P-1042"]
            for one in (desk, other):
                held = await one.holds("serviceProblem", "P-1042", told)
                parties = json.loads(held.body or "")["relatedParty"]
                assert [party["id"] for party in parties if party["role"] == "affectedCustomer"] == ["C-100002"]
    finally:
        office.kill()


async def test_a_change_of_what_somebody_else_changed_differs(tmp_path: Path, any_office: OfficeProcess) -> None:
    office = any_office
    ticket = office.file("No signal")
    async with signed_in(tmp_path, office) as desk:
        grant, seen = desk.outbox.latest_grant(), await desk.holds("troubleTicket", ticket)
        assert grant is not None
        tag = f'"{desk.mirror.state().epoch}-{seen.revision}"'
        change = replace(note(ticket, ""), method=Method.CHANGE, body={"severity": "minor"}, base_tag=tag)
        office.change(ticket, severity="critical")
        assert await desk.office.send(Entry(change, 1, CommandState.QUEUED), ticket, grant, Acknowledged()) == Differs()
        assert office.tickets()[0]["severity"] == "critical"


async def test_two_desks_that_change_one_record_lose_nothing_of_either(tmp_path: Path, office: OfficeProcess) -> None:
    """Different fields merge by themselves; of the same field, and of a status, a person decides who has seen both."""
    ticket = office.file("No signal")
    async with signed_in(tmp_path, office) as desk, signed_in(tmp_path, office, "other") as other:
        body, tag = await seen_by(desk, ticket)
        await seen_by(other, ticket)
        first = setting(1, ticket, body, tag, priority="high")
        merges = setting(2, ticket, body, tag, severity="critical", note=[*body.get("note", ()), {"text": "mine"}])
        differs = setting(3, ticket, body, tag, priority="low")
        closes = setting(4, ticket, body, tag, status="inProgress")
        first, merges, differs, closes = (
            replace(one, id=new_id(), author="demo") for one in (first, merges, differs, closes)
        )
        await desk.record(first)
        await desk.ended(first.id)
        await other.record(merges)
        await other.ended(merges.id)
        there = office.tickets()[0]
        assert (there["priority"], there["severity"], there["note"][-1]["text"]) == ("high", "critical", "mine")
        await other.record(differs)
        await other.ended(differs.id, CommandState.CONFLICT)
        await desk.record(closes)
        await desk.ended(closes.id, CommandState.CONFLICT)
        assert office.tickets()[0]["priority"] == "high"
        shown = await other.engine.thread.run(other.there, differs.id)
        await other.engine.thread.run(other.journal.send_on_top, differs.id, differs.author, shown.tag)
        other.engine.poke()
        await other.ended(differs.id)
        there = office.tickets()[0]
        assert (there["priority"], there["severity"], there["status"]) == ("low", "critical", "acknowledged")


async def test_a_change_to_what_was_deleted_is_left_to_a_person_and_an_addition_refused(
    tmp_path: Path, any_office: OfficeProcess
) -> None:
    office = any_office
    ticket = office.file("No signal")
    async with signed_in(tmp_path, office) as desk:
        body, tag = await seen_by(desk, ticket)
        changes = replace(setting(1, ticket, body, tag, severity="minor"), id=new_id(), author="demo")
        office.delete(ticket)
        await desk.record(changes)
        await desk.ended(changes.id, CommandState.CONFLICT)
        with desk.journal.reading() as connection:
            found = connection.execute(select(command_table).where(command_table.c.id == changes.id)).one()
        assert there_from(found) == There()
        grant = desk.outbox.latest_grant()
        assert grant is not None
        adds = Entry(note(ticket, "and"), 9, CommandState.QUEUED)
        assert isinstance(await desk.office.send(adds, ticket, grant, Acknowledged()), Refused)


async def test_what_head_office_makes_of_a_clerks_own_acts_is_not_taken_for_others_work(
    tmp_path: Path, office: OfficeProcess
) -> None:
    """It keeps a history of the status and gives ids, which the desk reckons with only once it is told."""
    ticket = office.file("No signal")
    async with signed_in(tmp_path, office) as desk:
        seen, tag = await seen_by(desk, ticket)
        filed = complaint("No line")
        shown = {**filed.body, "id": filed.id, "status": "acknowledged"}
        nobodys = f'{tag.partition("-")[0]}-0"'
        changes = (
            setting(1, ticket, seen, tag, status="inProgress"),
            setting(2, ticket, {**seen, "status": "inProgress"}, nobodys, status="held"),
            setting(3, filed.id, shown, nobodys, status="inProgress"),
            setting(4, filed.id, {**shown, "status": "inProgress"}, nobodys, status="held"),
        )
        acts = [filed, *(replace(one, id=new_id(), author="demo") for one in changes)]
        for act in acts:
            await desk.engine.thread.run(desk.journal.record, act, None)
        desk.engine.poke()
        for act in acts:
            await desk.ended(act.id)
        assert [one["status"] for one in office.tickets()] == ["held", "held"]


PUK = "83920174"


async def test_of_a_record_with_a_puk_a_supervisors_desk_compares_and_keeps_only_what_its_copy_shows(
    tmp_path: Path, office: OfficeProcess
) -> None:
    office.hire("boss", "王主任", "battery staple", "supervisor")
    async with opened(tmp_path / "desk", office.url) as desk:
        desk.engine.start()
        await desk.sign_in("boss", "battery staple")
        await desk.online()
        service = await desk.engine.thread.run(service_with_a_puk, desk, office)
        held = await desk.holds("service", service)
        body, nobodys = json.loads(held.body or ""), f'"{desk.mirror.state().epoch}-0"'
        acts = [
            replace(setting(1, service, body, nobodys, **fields), id=new_id(), author="boss", collection="service")
            for fields in ({"state": "inactive"}, {"state": "active"})
        ]
        await desk.record(acts[0])
        await desk.ended(acts[0].id)
        assert PUK not in await desk.engine.thread.run(written_in, desk)
        await desk.record(acts[1])
        await desk.ended(acts[1].id, CommandState.CONFLICT)
        told = await desk.engine.thread.run(written_in, desk)
        assert PUK not in told
        assert json.dumps("••••")[1:-1] in told, "it is compared as it is shown"


def service_with_a_puk(desk: RealDesk, office: OfficeProcess) -> str:
    """A SIM card's service, made by a supervisor to whom head office shows what opens the card; returns its id."""
    grant = desk.outbox.latest_grant()
    assert grant is not None
    body = {
        "state": "active", "name": "SIM", "serviceSpecification": {"id": "sim"},
        "serviceCharacteristic": [{"name": "PUK", "value": PUK}],
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {grant.token}", "Idempotency-Key": new_id()}
    url = f"{office.url}/tmf-api/serviceInventory/v4/service"
    made = httpx.post(url, json=body, headers=headers).raise_for_status().json()["id"]
    assert PUK in httpx.get(f"{url}/{made}", headers=headers).text
    return str(made)


def written_in(desk: RealDesk) -> str:
    """All that the journal holds of acts and of what they come to."""
    with desk.journal.reading() as connection:
        rows = [row for table in (command_table, effect_table) for row in connection.execute(select(table))]
    return "\n".join(str(value) for row in rows for value in row)


async def seen_by(desk: RealDesk, ticket: str) -> tuple[dict[str, Any], str]:
    """A ticket as a clerk sees it, once the copy has it, and its ETag."""
    row = await desk.holds("troubleTicket", ticket)
    return json.loads(row.body or ""), f'"{desk.mirror.state().epoch}-{row.revision}"'


@FOREIGN_IN_THE_LONG_FORM
async def test_a_back_office_killed_in_the_middle_loses_and_doubles_nothing(
    tmp_path: Path, any_office: OfficeProcess
) -> None:
    office = any_office
    async with signed_in(tmp_path, office) as desk:
        acts = [complaint(f"complaint {number:02}") for number in range(24)]
        for number, act in enumerate(acts):
            await desk.record(act)
            if number % 8 == 4:
                await asyncio.to_thread(office.kill)
                await desk.until(lambda: desk.status.line is LineState.CUT)
                await asyncio.to_thread(office.start)
        for act in acts:
            await desk.ended(act.id)
        await desk.until(lambda: desk.status.waiting == 0)
    assert texts(office) == [f"complaint {number:02}" for number in range(24)]


async def test_a_desk_stopped_in_the_middle_goes_on_where_it_was(tmp_path: Path, office: OfficeProcess) -> None:
    acts = [complaint(f"complaint {number}") for number in range(6)]
    async with signed_in(tmp_path, office) as desk:
        office.misbehave("slow", times=6, seconds=0.3)
        desk.said.clear()
        for act in acts:
            await desk.record(act)
        await desk.until(lambda: any(isinstance(event, DataChanged) for event in desk.said))
    async with signed_in(tmp_path, office) as desk:
        for act in acts:
            await desk.ended(act.id)
    assert texts(office) == [f"complaint {number}" for number in range(6)]


@pytest.mark.parametrize(
    ("kind", "path"),
    [(OfficeProcess, "/snapshot"), pytest.param(ForeignProcess, "/product", marks=pytest.mark.whole)],
)
async def test_a_cut_snapshot_goes_on_and_ends_exact(tmp_path: Path, kind: type[OfficeProcess], path: str) -> None:
    office = kind(tmp_path)
    office.generate(500)
    office.start()
    try:
        office.misbehave("cut", "GET", path)
        async with signed_in(tmp_path, office) as desk:
            assert LineState.CUT in {event.status.line for event in desk.said if isinstance(event, StatusChanged)}
            assert desk.new_mirrors == 1
            await same_as(office, desk)
            ticket = office.file("While somebody listens")
            await desk.holds("troubleTicket", ticket)
            await same_as(office, desk)
    finally:
        office.kill()


async def test_an_older_copy_of_the_database_makes_the_desk_copy_it(tmp_path: Path, office: OfficeProcess) -> None:
    office.file("Before the backup")
    await asyncio.to_thread(office.kill)
    backup = tmp_path / "backup.db"
    shutil.copy(office.database, backup)
    await asyncio.to_thread(office.start)
    async with signed_in(tmp_path, office) as desk:
        lost = office.file("After the backup")
        await desk.holds("troubleTicket", lost)
        await asyncio.to_thread(put_back, backup, office)
        desk.clerks.signed_in(await desk.office.sign_in_embedded(SECRET, desk.journal.device()))
        desk.engine.signed_in("demo")
        await desk.until(lambda: desk.new_mirrors == 2)
        await same_as(office, desk)
        assert await desk.row("troubleTicket", lost) is None


@FOREIGN_IN_THE_LONG_FORM
async def test_a_damaged_copy_is_built_anew_while_the_desk_works(tmp_path: Path, any_office: OfficeProcess) -> None:
    office = any_office
    ticket = office.file("No signal")
    async with signed_in(tmp_path, office) as desk:
        await desk.holds("troubleTicket", ticket)
        desk.engine.rebuild()
        filed = complaint("Meanwhile")
        await desk.record(filed)
        await desk.ended(filed.id)
        await desk.until(lambda: desk.new_mirrors == 2 and desk.status.trouble == "")
        await same_as(office, desk)


def put_back(backup: Path, office: OfficeProcess) -> None:
    """What an administrator without our tools does."""
    office.kill()
    shutil.copy(backup, office.database)
    for leftover in office.database.parent.glob("office.db-*"):
        leftover.unlink()
    office.start()


async def same_as(office: OfficeProcess, desk: RealDesk) -> None:
    """Every record of head office that desks keep is in the desk's copy, at its revision if it has one."""
    if isinstance(office, ForeignProcess):
        records = office.records()
        held = await desk.engine.thread.run(desk.mirror.rows, list(records))
        assert {(row.collection, row.id): json.loads(row.body or "null") for row in held} == records
        return
    wanted = {key: revision for key, revision in office.everything().items() if key[0] in COLLECTIONS}
    rows = await desk.engine.thread.run(desk.mirror.rows, list(wanted))
    assert {(row.collection, row.id): row.revision for row in rows} == wanted
