"""Who may sign in, and what each role may do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Semaphore

import httpx
import pytest
from sqlalchemy import select

from app.core.clock import to_wire
from backoffice import schema
from backoffice.passwords import hashed
from backoffice.people import Person
from backoffice.scopes import EVERYTHING
from backoffice.throttle import FREE_ATTEMPTS, LONGEST_WAIT_SECONDS
from backoffice.web import signing_in
from backoffice.web.context import Options
from tests.backoffice.helpers import CUSTOMERS, PROBLEMS, TICKETS, RunningServer, customer, ticket
from tests.fakes.clock import NOON, FakeClock

READS = [CUSTOMERS, TICKETS, f"{TICKETS}/T1", "/desk/v1/snapshot", "/desk/v1/feed?after=x.0"]
PATIENCE_S = 20.0
PASSWORD = "correct horse"
PASSWORD_HASH = hashed(PASSWORD)


def sign_in(client: httpx.Client, password: str = PASSWORD, user: str = "li", **more: str) -> httpx.Response:
    return client.post("/desk/v1/sign-in", json={"user": user, "password": password, **more})


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    """Somebody who has not signed in yet, in a hall where 李娜 works."""
    server.people.put(Person("li", "李娜", "clerk"), PASSWORD_HASH)
    return server.client()


def test_a_clerk_signs_in_and_out(server: RunningServer, client: httpx.Client) -> None:
    answer = sign_in(client, device="desk-1")
    assert answer.status_code == 200
    token = answer.json().pop("token")
    assert answer.json() == {
        "token": token,
        "expiresAt": to_wire(NOON + timedelta(hours=12)),
        "offlineUntil": to_wire(NOON + timedelta(days=7)),
        "user": {"id": "li", "name": "李娜", "role": "clerk"},
        "office": server.store.get_meta("office"),
    }
    client.headers["Authorization"] = f"Bearer {token}"
    assert client.get("/desk/v1/me").json() == {
        "id": "li",
        "name": "李娜",
        "role": "clerk",
        "device": "desk-1",
        "office": answer.json()["office"],
    }
    assert client.post("/desk/v1/sign-out").status_code == 204
    assert client.get("/desk/v1/me").status_code == 401


def test_only_a_device_makes_a_registered_desk(client: httpx.Client) -> None:
    for device, expected in ((None, 201), ("desk-1", 400)):
        more = {} if device is None else {"device": device}
        client.headers["Authorization"] = f"Bearer {sign_in(client, **more).json()['token']}"
        assert client.post(TICKETS, json=ticket()).status_code == expected


def test_a_token_ends_after_twelve_hours(client: httpx.Client, clock: FakeClock) -> None:
    client.headers["Authorization"] = f"Bearer {sign_in(client).json()['token']}"
    clock.move(timedelta(hours=12, seconds=-1))
    assert client.get("/desk/v1/me").status_code == 200
    clock.move(timedelta(seconds=1))
    assert client.get("/desk/v1/me").status_code == 401


def test_a_new_password_ends_the_tokens_of_the_old_one(server: RunningServer, client: httpx.Client) -> None:
    client.headers["Authorization"] = f"Bearer {sign_in(client).json()['token']}"
    server.people.put(Person("li", "李娜", "clerk"), PASSWORD_HASH)
    assert client.get("/desk/v1/me").status_code == 401


def test_wrong_credentials_do_not_tell_who_exists(server: RunningServer, client: httpx.Client) -> None:
    server.people.put(Person("ghost", "No password", "clerk"), None)
    answers = [sign_in(client, "wrong"), sign_in(client, user="nobody"), sign_in(client, user="ghost")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"user": "li"},
        {"user": 5, "password": "x"},
        {"user": "li", "password": "x" * 256},
        {"user": None, "password": "x"},
    ],
)
def test_a_sign_in_that_makes_no_sense_is_a_bad_request(client: httpx.Client, body: object) -> None:
    assert client.post("/desk/v1/sign-in", json=body).status_code == 400


def test_without_an_embedded_server_no_secret_signs_in(client: httpx.Client) -> None:
    assert client.post("/desk/v1/sign-in", json={"secret": "", "device": "desk-1"}).status_code == 401


@pytest.mark.parametrize("user", ["li", "nobody"])
def test_guessing_gets_slower_and_slower(client: httpx.Client, clock: FakeClock, user: str) -> None:
    assert {sign_in(client, "wrong", user).status_code for _ in range(FREE_ATTEMPTS)} == {401}
    for wait in (1, 2, 4):
        refused = sign_in(client, "wrong", user)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(wait))
        clock.move(timedelta(seconds=wait))
        assert sign_in(client, "wrong", user).status_code == 401
    assert sign_in(client, user="somebody-else").status_code == 401


def test_the_right_password_has_to_wait_too_and_then_clears_the_count(client: httpx.Client, clock: FakeClock) -> None:
    for _ in range(FREE_ATTEMPTS):
        sign_in(client, "wrong")
    assert sign_in(client).status_code == 429
    clock.move(timedelta(seconds=LONGEST_WAIT_SECONDS))
    assert sign_in(client).status_code == 200
    assert sign_in(client, "wrong").status_code == 401
    assert sign_in(client).status_code == 200


def test_several_servers_give_no_more_attempts_than_one(server: RunningServer, client: httpx.Client) -> None:
    other = RunningServer(server.database, Options(), server.clock)
    other.start()
    try:
        both = [client, other.client()]
        codes = [sign_in(both[number % 2], "wrong").status_code for number in range(2 * FREE_ATTEMPTS)]
        assert codes == [401] * FREE_ATTEMPTS + [429] * FREE_ATTEMPTS
    finally:
        other.stop()


def test_attempts_at_the_same_moment_are_counted_each(server: RunningServer, client: httpx.Client) -> None:
    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(lambda _: sign_in(client, "wrong").status_code, range(20)))
    assert sorted(codes) == [401] * FREE_ATTEMPTS + [429] * (20 - FREE_ATTEMPTS)


def test_who_gave_up_waiting_in_a_crowd_is_neither_waited_for_nor_taken_for_a_guess(
    server: RunningServer, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared, under_way, go_on = list[str](), Semaphore(0), Event()

    def slowly(password: str, _: str | None) -> bool:
        compared.append(password)
        under_way.release()
        return go_on.wait(PATIENCE_S) and False

    monkeypatch.setattr(signing_in, "is_right", slowly)
    with ThreadPoolExecutor(2) as pool:
        first = [pool.submit(sign_in, server.client(), "early", user) for user in ("chen", "wu")]
        assert all(under_way.acquire(timeout=PATIENCE_S) for _ in first)
        impatient = server.client()
        impatient.timeout = httpx.Timeout(PATIENCE_S, read=0.2)
        with pytest.raises(httpx.ReadTimeout):
            sign_in(impatient, "given up")
        assert server.client().get("/health").status_code == 200  # heard after the other has gone
        go_on.set()
        assert {one.result().status_code for one in first} == {401}
    assert sign_in(client, "late", "ma").status_code == 401
    assert compared == ["early", "early", "late"]
    with server.store.reading(EVERYTHING) as reader:
        assert len(reader.connection.execute(select(schema.attempt)).all()) == 3


def test_a_clock_that_is_set_back_locks_nobody_out(client: httpx.Client, clock: FakeClock) -> None:
    for _ in range(FREE_ATTEMPTS):
        sign_in(client, "wrong")
    clock.move(-timedelta(days=400))
    assert sign_in(client).status_code == 200


def test_old_attempts_are_forgotten_and_names_are_not_kept_as_typed(
    server: RunningServer, client: httpx.Client, clock: FakeClock
) -> None:
    for user in ("typed-the-password-here", "li"):
        assert sign_in(client, "wrong", user).status_code == 401
        with server.store.reading(EVERYTHING) as reader:
            kept = reader.connection.execute(select(schema.attempt)).all()
        assert len(kept) == 1
        assert user not in repr(kept)
        clock.move(timedelta(days=1, seconds=1))


@pytest.mark.parametrize(
    ("role", "reads", "files_tickets", "corrects_records"),
    [
        ("clerk", True, True, False),
        ("agent", True, True, False),
        ("supervisor", True, True, True),
        ("viewer", True, False, False),
        ("admin", False, False, False),
        ("unheard-of", False, False, False),
    ],
)
def test_each_role_may_do_what_it_may_and_nothing_else(
    server: RunningServer, role: str, *, reads: bool, files_tickets: bool, corrects_records: bool
) -> None:
    client = server.client(role)
    assert {client.get(path).status_code == 403 for path in READS} == {not reads}
    with client.stream("GET", "/desk/v1/events") as events:
        assert (events.status_code == 200) == reads
    assert client.post(TICKETS, json=ticket()).status_code == (201 if files_tickets else 403)
    assert client.patch(f"{TICKETS}/T1", json={}).status_code == (404 if files_tickets else 403)
    assert client.post(CUSTOMERS, json=customer()).status_code == (201 if corrects_records else 403)
    assert client.delete(f"{TICKETS}/T1").status_code == (404 if corrects_records else 403)
    assert client.get("/desk/v1/commands/K1").status_code == 404
    assert client.delete(f"{CUSTOMERS}/C1").status_code == (404 if corrects_records else 403)
    assert client.get("/desk/v1/me").json()["role"] == role


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic bGk6eA==", "wrong"])
def test_without_a_token_nothing_but_health_is_served(server: RunningServer, header: str) -> None:
    client = server.client()
    client.headers["Authorization"] = header
    for path in (*READS, "/desk/v1/me", "/desk/v1/events"):
        assert (client.get(path).status_code, path) == (401, path)
    for method, path in (("POST", TICKETS), ("DELETE", f"{TICKETS}/T1"), ("POST", "/desk/v1/sign-out")):
        assert client.request(method, path).status_code == 401
    assert client.get("/health").json()["status"] == "ok"


def test_tokens_and_passwords_are_not_in_the_database(server: RunningServer, client: httpx.Client) -> None:
    token = sign_in(client).json()["token"]
    with server.store.reading(EVERYTHING) as reader:
        tables = [reader.connection.execute(select(table)).all() for table in schema.metadata.sorted_tables]
    kept = repr(tables)
    assert "李娜" in kept
    assert token not in kept
    assert PASSWORD not in kept


def test_a_clerk_may_count_a_customer_in_on_an_outage_but_not_change_it(server: RunningServer) -> None:
    problem = {
        "category": "access",
        "priority": 1,
        "description": "Cut",
        "reason": "Digger",
        "originatorParty": {"id": "noc"},
    }
    made = server.client("supervisor").post(PROBLEMS, json=problem).json()
    clerk, path = server.client("clerk"), f"{PROBLEMS}/{made['id']}"
    patch = {"Content-Type": "application/json-patch+json"}
    append = [{"op": "add", "path": "/relatedParty/-", "value": {"id": "C1", "role": "affectedCustomer"}}]
    change = [{"op": "replace", "path": "/description", "value": "All is well"}]
    assert clerk.patch(path, json=append, headers=patch).json()["relatedParty"] == [append[0]["value"]]
    assert clerk.patch(path, json=[*append, *change], headers=patch).status_code == 403
    assert clerk.patch(path, json={"description": "All is well"}).status_code == 403
    assert server.client("viewer").patch(path, json=append, headers=patch).status_code == 403
    assert clerk.get(path).json()["description"] == "Cut"


def test_a_customer_counted_in_twice_is_there_once_and_no_desk_hears_of_the_second_time(server: RunningServer) -> None:
    problem = {
        "category": "access",
        "priority": 1,
        "description": "Cut",
        "reason": "Digger",
        "originatorParty": {"id": "noc"},
    }
    path = server.client("supervisor").post(PROBLEMS, json=problem).json()["href"]
    answers = []
    for desk in ("desk-1", "desk-2"):
        headers = {"Content-Type": "application/json-patch+json", "Idempotency-Key": f"act-of-{desk}", "If-Match": "*"}
        party = {
            "id": "C1",
            "role": "affectedCustomer",
            "validFor": {"startDateTime": f"2026-03-25T04:0{desk[-1]}:00.000Z"},
        }
        append = [{"op": "add", "path": "/relatedParty/-", "value": party}]
        answers.append(server.client("clerk", desk).patch(path, json=append, headers=headers))
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["ETag"] == answers[1].headers["ETag"]
    assert [one["validFor"]["startDateTime"] for one in answers[1].json()["relatedParty"]] == [
        "2026-03-25T04:01:00.000Z"
    ]
    told = server.client("clerk", "desk-2").get("/desk/v1/commands/act-of-desk-2").json()
    assert f'-{told["revision"]}"' in answers[0].headers["ETag"]
