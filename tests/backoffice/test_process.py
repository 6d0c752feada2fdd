"""The back office as a program: embedded in a desk, killed in the middle of things, and asked to verify itself."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Semaphore

import httpx
import pytest

from app.core.ids import new_id
from backoffice.documents import Document
from backoffice.querying import Query, find
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.web.server import listen
from tests.backoffice.helpers import CUSTOMERS, TICKETS, customer, ticket
from tests.backoffice.processes import WAIT_SECONDS, close_input, log_of, logged, run, serving

SECRET = "a secret that stands nowhere"
HANDOVER = json.dumps({"secret": SECRET})


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where a database will be."""
    return tmp_path / "office.db"


def sign_in(url: str, secret: str = SECRET) -> httpx.Response:
    return httpx.post(f"{url}/desk/v1/sign-in", json={"secret": secret, "device": "desk-1"}, timeout=30)


def test_an_embedded_server_knows_its_desk_by_the_secret_and_ends_with_it(database: Path) -> None:
    with serving(database, "--embedded", sent=HANDOVER) as (process, url):
        answer = sign_in(url)
        assert answer.json()["user"] == {"id": "demo", "name": "演示 Demo", "role": "clerk"}
        assert sign_in(url, "another secret").status_code == 401
        close_input(process)
        assert process.wait(WAIT_SECONDS) == 0


def test_an_embedded_server_ends_although_a_desk_listens(database: Path) -> None:
    with serving(database, "--embedded", sent=HANDOVER) as (process, url):
        headers = {"Authorization": f"Bearer {sign_in(url).json()['token']}"}
        with httpx.stream("GET", f"{url}/desk/v1/events", headers=headers, timeout=30) as events:
            assert next(events.iter_lines()) == ": alive"
            close_input(process)
            assert process.wait(WAIT_SECONDS) == 0


def test_a_server_ends_when_asked_to(database: Path) -> None:
    with serving(database, "--no-auth") as (process, url):
        assert httpx.get(f"{url}/health").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_SECONDS) == 0


def test_a_demonstration_is_there_from_the_first_answer_and_made_once(database: Path) -> None:
    totals = []
    for _ in range(2):
        with serving(database, "--embedded", "--demonstration", "20", sent=HANDOVER) as (_, url):
            headers = {"Authorization": f"Bearer {sign_in(url).json()['token']}"}
            answer = httpx.get(f"{url}{CUSTOMERS}", headers=headers)
            totals.append(answer.headers["X-Total-Count"])
            cursor = httpx.get(f"{url}/desk/v1/snapshot", headers=headers).text.splitlines()[0]
            totals.append(cursor)
    assert totals[:2] == totals[2:]
    assert totals[0] == "20"


def test_a_demonstration_that_was_cut_short_is_completed(database: Path) -> None:
    with closing(Store.open(str(database))) as store:
        store.set_meta("demonstration", "begun")
        store.load([Document("customer", "C1", customer())])
    with serving(database, "--embedded", "--demonstration", "20", sent=HANDOVER):
        pass
    with closing(Store.open(str(database))) as store, store.reading(EVERYTHING) as reader:
        assert find(reader, Query("customer"))[1] == 21
        assert reader.meta("demonstration") == "done"


@pytest.fixture
def outdated(database: Path) -> Path:
    """A database that an older version made."""
    with closing(Store.open(str(database))) as store:
        store.load([Document("customer", "C1", customer())])
        store.set_meta("schema_version", "1")
    return database


def test_a_demonstration_of_an_older_version_is_set_aside_and_made_anew(outdated: Path) -> None:
    with serving(outdated, "--embedded", "--demonstration", "20", sent=HANDOVER) as (_, url):
        headers = {"Authorization": f"Bearer {sign_in(url).json()['token']}"}
        assert httpx.get(f"{url}{CUSTOMERS}", headers=headers).headers["X-Total-Count"] == "20"
    with closing(sqlite3.connect(f"{outdated}.outdated")) as kept:
        assert kept.execute("SELECT id FROM document").fetchall() == [("C1",)]


def test_any_other_database_of_an_older_version_is_refused_and_left_as_it_is(outdated: Path) -> None:
    before = outdated.read_bytes()
    ended = run("serve", "--embedded", "--database", str(outdated), sent=HANDOVER)
    assert ended.returncode == 1
    assert "Make it anew with import or generate." in ended.stderr
    assert outdated.read_bytes() == before


def test_tokens_outlive_a_restart_of_an_embedded_server(database: Path) -> None:
    with serving(database, "--embedded", sent=HANDOVER) as (_, url):
        headers = {"Authorization": f"Bearer {sign_in(url).json()['token']}"}
    with serving(database, "--embedded", sent=json.dumps({"secret": "the next one"})) as (_, url):
        assert httpx.get(f"{url}/desk/v1/me", headers=headers).json()["id"] == "demo"


@pytest.mark.parametrize("sent", ["", "{}\n", "secret\n", "[" * 20_000])
def test_an_embedded_server_without_a_secret_does_not_start(database: Path, sent: str) -> None:
    ended = run("serve", "--embedded", "--database", str(database), sent=sent)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "secret" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--host", "0.0.0.0"], 2, "not a loopback address"),  # noqa: S104 - what is refused
        (["--demonstration", "5"], 2, "--embedded"),
        (["--port", "65536"], 2, "from 0 to 65535"),
    ],
)
def test_a_server_that_may_not_start_says_why(database: Path, arguments: list[str], code: int, said: str) -> None:
    ended = run("serve", "--database", str(database), *arguments)
    assert ended.returncode == code
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_port_that_is_taken_is_an_error_in_words(database: Path) -> None:
    with closing(listen("127.0.0.1", 0)) as taken:
        taken.listen()
        ended = run("serve", "--database", str(database), "--port", str(taken.getsockname()[1]))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_verify_says_in_its_last_line_whether_all_is_well(database: Path) -> None:
    with closing(Store.open(str(database))) as store, store.writing() as transaction:
        transaction.put("customer", "C1", {"id": "C1", **customer()})
    sound = run("verify", "--database", str(database))
    counts = {"documents": 1, "tombstones": 0, "sequence": 1}
    said = json.loads(sound.stdout)
    assert said.pop("audit")["entries"] == 1
    assert (sound.returncode, said) == (0, {"ok": True, **counts, "problems": 0})
    with closing(Store.open(str(database))) as store, store.writing() as transaction:
        transaction.put("customer", "C1", {"id": "C2"})
    damaged = run("verify", "--database", str(database))
    assert damaged.returncode == 1
    assert json.loads(damaged.stdout.splitlines()[-1])["ok"] is False


def test_the_log_has_a_line_per_request_and_nothing_of_what_was_in_it(database: Path) -> None:
    with serving(database, "--no-auth") as (process, url):
        with httpx.Client(base_url=url) as client:
            made = client.post(
                TICKETS, json=ticket(description="王小明"), headers={"Idempotency-Key": "key-13800138000"}
            )
            client.get(TICKETS, params={"relatedParty.id": "C-13800138000"})
            client.get("/desk/v1/commands/key-13800138000")
            client.get("/desk/v1/profiles/C-13800138000")
            client.get(made.headers["Location"])
            client.get("/C-13800138000")
        process.terminate()
        process.wait(WAIT_SECONDS)
    every = logged(database)
    assert (every[0]["event"], every[0]["port"], every[-1]["event"]) == (
        "serving",
        int(url.rpartition(":")[2]),
        "stopped",
    )
    lines = [line for line in every if line["event"] == "request"]
    assert [line["status"] for line in lines] == [201, 200, 200, 404, 200, 404]
    assert lines[0]["request"] == made.headers["X-Request-Id"]
    assert lines[0]["route"] == TICKETS
    text = log_of(database).read_text(encoding="utf-8")
    for hidden in ("王小明", "13800138000", made.json()["id"]):
        assert hidden not in text


def test_the_log_of_an_embedded_server_holds_no_requests_and_no_secret(database: Path) -> None:
    with serving(database, "--embedded", sent=HANDOVER) as (process, url):
        token = sign_in(url).json()["token"]
        close_input(process)
        process.wait(WAIT_SECONDS)
    text = log_of(database).read_text(encoding="utf-8")
    assert not [line for line in text.splitlines() if '"event": "request"' in line]
    assert token not in text
    assert SECRET not in text


ROUNDS = 4
DESKS = 3


def test_after_a_kill_every_key_agrees_with_its_effect(database: Path) -> None:
    sent: set[str] = set()
    confirmed: dict[str, str] = {}
    for _ in range(ROUNDS):
        with serving(database, "--no-auth") as (process, url), ThreadPoolExecutor(DESKS) as pool:
            filed = Semaphore(0)
            desks = [pool.submit(_file_until_it_breaks, url, sent, confirmed, filed) for _ in range(DESKS)]
            assert all(filed.acquire(timeout=WAIT_SECONDS) for _ in range(20))
            process.kill()
            for desk in desks:
                desk.result()
    assert run("verify", "--database", str(database)).returncode == 0
    with serving(database, "--no-auth") as (_, url), httpx.Client(base_url=url, timeout=30) as client:
        effects = {body["externalId"]: body["id"] for body in _all_tickets(client)}
        for key in sent:
            answer = client.get(f"/desk/v1/commands/{key}")
            assert effects.get(key) == (answer.json()["id"] if answer.status_code == 200 else None)
        assert confirmed.items() <= effects.items()


def _file_until_it_breaks(url: str, sent: set[str], confirmed: dict[str, str], filed: Semaphore) -> None:
    with httpx.Client(base_url=url, timeout=30) as client:
        try:
            while True:
                sent.add(key := new_id())
                answer = client.post(TICKETS, json=ticket(externalId=key), headers={"Idempotency-Key": key})
                confirmed[key] = answer.json()["id"]
                filed.release()
        except httpx.TransportError:
            return


def _all_tickets(client: httpx.Client) -> Iterator[dict[str, str]]:
    offset = 0
    while page := client.get(TICKETS, params={"offset": offset}).json():
        yield from page
        offset += len(page)
