"""Machines become desks, prove that they are, and are shut out and wiped by `backoffice devices`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text

from backoffice import schema
from backoffice.__main__ import main
from backoffice.desks import CODE_LASTS, Desk, Desks
from backoffice.dialect import is_postgresql
from backoffice.passwords import hashed
from backoffice.people import Person
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.throttle import FREE_ATTEMPTS
from backoffice.web.context import Options
from tests.backoffice.helpers import TICKETS, RunningServer, ticket
from tests.backoffice.processes import create
from tests.fakes.clock import NOON, FakeClock

PASSWORD = "correct horse"
PASSWORD_HASH = hashed(PASSWORD)
WIPE = (401, "wipe")
SHUT_OUT = (401, "deviceRevoked")
NOT_ENROLLED = (401, "notEnrolled")
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def desks(server: RunningServer, clock: FakeClock) -> Desks:
    """The list of desks of a back office where 李娜 works."""
    server.people.put(Person("li", "李娜", "clerk"), PASSWORD_HASH)
    return Desks(server.store, clock)


def enrol(client: httpx.Client, code: str, device: str = "m1") -> httpx.Response:
    return client.post("/desk/v1/enrol", json={"code": code, "device": device})


def enrolled(server: RunningServer, desks: Desks, device: str = "m1") -> dict[str, str]:
    """What a desk knows of itself once it is enrolled, as it signs in with it."""
    answer = enrol(server.client(), desks.add(f"desk of {device}"), device).json()
    return {"device": device, "deviceSecret": answer["deviceSecret"]}


def sign_in(client: httpx.Client, password: str = PASSWORD, **more: str) -> httpx.Response:
    return client.post("/desk/v1/sign-in", json={"user": "li", "password": password, **more})


def signed_in(server: RunningServer, **more: str) -> httpx.Client:
    client = server.client()
    client.headers["Authorization"] = f"Bearer {sign_in(client, **more).json()['token']}"
    return client


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def state(desks: Desks) -> Desk:
    (one,) = desks.every()
    return one


def test_a_machine_becomes_a_desk_by_a_code_and_proves_it_by_its_secret(server: RunningServer, desks: Desks) -> None:
    answer = enrol(server.client(), desks.add("hall-1"))
    assert answer.status_code == 201
    assert answer.json()["office"] == server.store.get_meta("office")
    known = {name: answer.json()[name] for name in ("device", "deviceSecret")}
    client = signed_in(server, **known)
    assert client.get("/desk/v1/me").json()["device"] == "m1"
    assert client.post(TICKETS, json=ticket()).status_code == 400
    assert client.post(TICKETS, json=ticket(), headers={"Idempotency-Key": "k1"}).status_code == 201
    assert client.patch(f"{TICKETS}/T1", json={}, headers={"Idempotency-Key": "k2"}).status_code == 428
    assert (state(desks).name, state(desks).enrolled) == ("hall-1", int(NOON.timestamp()))


def test_nobody_signs_in_as_an_enrolled_desk_without_its_secret(server: RunningServer, desks: Desks) -> None:
    enrolled(server, desks)
    client = server.client()
    assert refused(sign_in(client, device="m1")) == NOT_ENROLLED
    assert refused(sign_in(client, device="m1", deviceSecret="guessed")) == NOT_ENROLLED
    assert sign_in(client).status_code == sign_in(client, device="not enrolled").status_code == 200


def test_while_codes_wait_for_their_machines_people_sign_in_without_one(server: RunningServer, desks: Desks) -> None:
    desks.add("hall-1")
    desks.add("hall-2")
    assert sign_in(server.client()).status_code == 200


def test_a_token_taken_in_a_machines_name_before_it_enrolled_ends(server: RunningServer, desks: Desks) -> None:
    before = signed_in(server, device="m1")
    assert before.get("/desk/v1/me").status_code == 200
    enrolled(server, desks)
    assert refused(before.get("/desk/v1/me")) == (401, "notSignedIn")


def test_a_code_is_good_once_for_a_day_and_however_it_is_typed(
    server: RunningServer, desks: Desks, clock: FakeClock
) -> None:
    client, code = server.client(), desks.add("hall-1")
    assert enrol(client, "XXXX-XXXX-XXXX").status_code == 401
    assert enrol(client, code.lower().replace("-", " ").replace("0", "o").replace("1", "l")).status_code == 201
    assert enrol(client, code, "m2").status_code == 401
    late = desks.add("hall-2")
    clock.move(CODE_LASTS)
    assert enrol(client, late, "m2").status_code == 401


def test_who_enrols_while_the_database_is_busy_keeps_nobody_waiting(server: RunningServer, desks: Desks) -> None:
    code, client = desks.add("hall-1"), server.client()
    with closing(Store.open(server.database)) as other, ThreadPoolExecutor() as pool:
        with other.writing() as transaction:
            if is_postgresql(transaction.connection):
                transaction.connection.execute(text("LOCK TABLE attempt"))
            asked = pool.submit(enrol, server.client(), code)
            assert {client.get("/health", timeout=5).status_code for _ in range(50)} == {200}
            assert not asked.done()
        assert asked.result().status_code == 201


def test_guessing_codes_gets_slower(server: RunningServer, desks: Desks) -> None:
    client, code = server.client(), desks.add("hall-1")
    assert {enrol(client, "XXXX").status_code for _ in range(FREE_ATTEMPTS)} == {401}
    answer = enrol(client, code)
    assert (refused(answer), answer.headers["Retry-After"]) == ((429, "tooManyAttempts"), "1")


@pytest.mark.parametrize("body", [{}, [], {"code": "x"}, {"code": 5, "device": "m"}, {"code": "x", "device": ""}])
def test_an_enrolment_that_makes_no_sense_is_a_bad_request(server: RunningServer, body: object) -> None:
    assert server.client().post("/desk/v1/enrol", json=body).status_code == 400


def test_a_revoked_desk_is_told_so_and_nothing_else(server: RunningServer, desks: Desks) -> None:
    known = enrolled(server, desks)
    client = signed_in(server, **known)
    desks.revoke("desk of m1")
    for path in ("/desk/v1/me", "/desk/v1/feed?after=x.0", "/desk/v1/snapshot", "/desk/v1/events", TICKETS):
        assert (path, refused(client.get(path))) == (path, SHUT_OUT)
    assert refused(client.post(TICKETS, json=ticket(), headers={"Idempotency-Key": "k1"})) == SHUT_OUT
    assert refused(sign_in(client, **known)) == SHUT_OUT
    assert refused(sign_in(client, device="m1")) == NOT_ENROLLED


def test_a_desk_that_is_to_be_wiped_hears_it_on_every_way_and_says_when_it_is_done(
    server: RunningServer, desks: Desks, clock: FakeClock
) -> None:
    known = enrolled(server, desks)
    client = signed_in(server, **known)
    desks.wipe("desk of m1")
    assert state(desks).wipe_told is None
    clock.move(timedelta(hours=1))
    for path in ("/desk/v1/feed?after=x.0", "/desk/v1/me", "/desk/v1/events", TICKETS):
        assert (path, refused(client.get(path))) == (path, WIPE)
    clock.move(timedelta(hours=1))
    assert refused(sign_in(client, "wrong password", **known)) == WIPE
    assert (state(desks).wipe_told, state(desks).wiped) == (int((NOON + timedelta(hours=1)).timestamp()), None)
    assert client.post("/desk/v1/wiped", json={**known, "deviceSecret": "guessed"}).status_code == 401
    assert client.post("/desk/v1/wiped", json=known).status_code == 204
    assert state(desks).wiped == int((NOON + timedelta(hours=2)).timestamp())
    assert refused(client.get("/desk/v1/me")) == WIPE


def test_at_sign_in_too_a_desk_hears_that_it_is_to_be_wiped_and_nobody_else_does(
    server: RunningServer, desks: Desks
) -> None:
    known = enrolled(server, desks)
    desks.wipe("desk of m1")
    client = server.client()
    assert refused(sign_in(client, device="m1", deviceSecret="guessed")) == NOT_ENROLLED
    assert state(desks).wipe_told is None
    assert refused(sign_in(client, **known)) == WIPE
    assert state(desks).wipe_told == int(NOON.timestamp())


def test_a_desk_that_nobody_told_to_wipe_cannot_say_it_did(server: RunningServer, desks: Desks) -> None:
    known = enrolled(server, desks)
    assert server.client().post("/desk/v1/wiped", json=known).status_code == 401
    assert state(desks).wiped is None


def test_a_desk_that_was_shut_out_comes_back_by_a_new_code_only(server: RunningServer, desks: Desks) -> None:
    known = enrolled(server, desks)
    old = signed_in(server, **known)
    desks.wipe("desk of m1")
    code = desks.add("desk of m1")
    assert refused(old.get("/desk/v1/me")) == WIPE
    again = enrol(server.client(), code).json()
    assert refused(old.get("/desk/v1/me")) == (401, "notSignedIn")
    assert refused(sign_in(server.client(), **known)) == NOT_ENROLLED
    assert sign_in(server.client(), device="m1", deviceSecret=again["deviceSecret"]).status_code == 200
    assert (state(desks).revoked, state(desks).wipe_ordered, state(desks).wipe_told) == (None, None, None)


def test_a_machine_has_one_name(server: RunningServer, desks: Desks) -> None:
    known = enrolled(server, desks)
    assert refused(enrol(server.client(), desks.add("another"))) == (409, "conflict")
    assert sign_in(server.client(), **known).status_code == 200


def test_revoking_forgets_a_code_that_was_not_used(server: RunningServer, desks: Desks) -> None:
    code = desks.add("hall-1")
    desks.revoke("hall-1")
    assert enrol(server.client(), code).status_code == 401


def test_secrets_and_codes_are_not_in_the_database(server: RunningServer, desks: Desks) -> None:
    known, code = enrolled(server, desks), desks.add("hall-2")
    with server.store.reading(EVERYTHING) as reader:
        kept = repr(reader.connection.execute(select(schema.desk)).all())
    assert "hall-2" in kept
    assert known["deviceSecret"] not in kept
    assert code.replace("-", "") not in kept


@pytest.fixture
def strict(database: str, clock: FakeClock) -> Iterator[RunningServer]:
    """A server at which passwords are good at enrolled desks only."""
    running = RunningServer(database, Options(enrolled_only=True), clock)
    running.start()
    running.people.put(Person("li", "李娜", "clerk"), PASSWORD_HASH)
    yield running
    running.stop()


def test_where_only_enrolled_desks_may_no_other_machine_signs_in(strict: RunningServer, clock: FakeClock) -> None:
    client = strict.client()
    assert refused(sign_in(client)) == refused(sign_in(client, device="m2")) == NOT_ENROLLED
    assert sign_in(client, **enrolled(strict, Desks(strict.store, clock))).status_code == 200


def told(capsys: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def test_it_adds_lists_revokes_and_wipes_desks_by_the_command(tmp_path: Path, capsys: Capture) -> None:
    database = str(tmp_path / "office.db")
    create(database)
    command = ["devices", "--database", database]
    assert main([*command, "add", "hall-1", "--hours", "2"]) == 0
    (made,) = told(capsys)
    assert (made["name"], len(made["code"])) == ("hall-1", len("XXXX-XXXX-XXXX"))
    assert main([*command, "revoke", "hall-1"]) == main([*command, "wipe", "hall-1"]) == 0
    assert [(one["name"], one["done"]) for one in told(capsys)] == [("hall-1", "revoked"), ("hall-1", "wipe ordered")]
    assert main([*command, "list"]) == 0
    (listed,) = told(capsys)
    assert (listed["name"], listed["device"], listed["wipe_told"]) == ("hall-1", None, None)
    assert listed["revoked"].endswith("Z")
    assert listed["wipe_ordered"].endswith("Z")
    assert main([*command, "revoke", "hall-9"]) == main([*command, "wipe", "hall-9"]) == 1
