"""`backoffice staff`: who may sign in is listed, added, changed and removed, and what they were signed in with ends."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, Popen
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backoffice import schema
from backoffice.__main__ import main
from backoffice.documents import Document
from backoffice.passwords import hashed
from backoffice.people import Person
from backoffice.roster import KnownUserError, Roster, UnknownUserError
from backoffice.scopes import EVERYTHING, Scope
from backoffice.store import Store
from backoffice.verifying import verified
from backoffice.web.context import Options
from tests.backoffice.helpers import TICKETS, RunningServer, customer, ticket
from tests.backoffice.processes import COMMAND, ROOT, WAIT_SECONDS
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.one_engine

Capture = pytest.CaptureFixture[str]
LI = ("--user", "li", "--name", "李娜", "--role", "clerk")
OLD, NEW = "correct horse", "battery staple"
OLD_HASH = hashed(OLD)


class Operator:
    """Whoever types `backoffice staff`, with a password as the first line of standard input."""

    def __init__(self, database: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
        self._database = database
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def types(self, action: str, *arguments: str, password: str = "") -> tuple[int, list[Any], str]:
        """The exit code, the JSON that was printed, and the complaint."""
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
        code = main(["staff", action, "--database", self._database, *arguments])
        out, err = self._capsys.readouterr()
        return (
            code,
            [json.loads(line) for line in out.splitlines() if line.startswith("{")],
            err,
        )  # the server logs there


@pytest.fixture
def server(database: str) -> Iterator[RunningServer]:
    """A back office by the time that commands have, too."""
    running = RunningServer(database, Options())
    running.start()
    yield running
    running.stop()


@pytest.fixture
def operator(server: RunningServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Somebody at the machine of a back office that serves, which nobody may sign in to yet."""
    return Operator(server.database, capsys, monkeypatch)


def sign_in(client: httpx.Client, password: str, user: str = "li") -> httpx.Response:
    return client.post("/desk/v1/sign-in", json={"user": user, "password": password})


def test_who_was_added_signs_in_and_is_listed_without_a_hash(operator: Operator, server: RunningServer) -> None:
    restricted = ("--department", "shop", "--territory", "xihu", "--territory", "binjiang")
    assert operator.types("add", *LI, *restricted, password=OLD)[:2] == (0, [{"user": "li", "done": "added"}])
    server.people.put(Person("own-system/C1", "Systems of C1", "own-system"), None, Scope(party="C1"))
    assert sign_in(server.client(), OLD).json()["user"] == {"id": "li", "name": "李娜", "role": "clerk"}
    code, listed, _ = operator.types("list")
    assert code == 0
    assert listed == [
        {
            "user": "li", "name": "李娜", "role": "clerk", "department": "shop", "territories": ["binjiang", "xihu"],
            "customer": None, "password": True,
        },
        {
            "user": "own-system/C1", "name": "Systems of C1", "role": "own-system", "department": None,
            "territories": None, "customer": "C1", "password": False,
        },
    ]  # fmt: skip


def test_a_territory_that_no_customer_is_in_is_pointed_out(operator: Operator, server: RunningServer) -> None:
    lives = [{"name": "territory", "value": "xihu"}]
    server.store.load([Document("customer", "C1", customer(characteristic=lives))])
    code, told, said = operator.types("add", *LI, "--territory", "xihu", "--territory", "xihi", password=OLD)
    assert (code, told) == (0, [{"user": "li", "done": "added"}])
    assert said == "Note: no customer is in the territory xihi so far.\n"


def test_who_is_there_already_is_not_added_over(operator: Operator, server: RunningServer) -> None:
    server.people.put(Person("li", "李娜", "supervisor"), OLD_HASH)
    code, told, said = operator.types("add", *LI, password=NEW)
    assert (code, told) == (1, [])
    assert said == "There is a user li already. Nothing was changed: that is what staff change is for.\n"
    assert sign_in(server.client(), OLD).json()["user"]["role"] == "supervisor"


def test_a_change_changes_what_is_given_only_and_ends_sign_ins(operator: Operator, server: RunningServer) -> None:
    server.people.put(Person("li", "李娜", "clerk"), OLD_HASH, Scope(frozenset({"xihu"})), "shop")
    client = server.client()
    client.headers["Authorization"] = f"Bearer {sign_in(client, OLD).json()['token']}"
    told = operator.types("change", "--user", "li", "--role", "supervisor")
    assert told == (0, [{"user": "li", "done": "changed", "signInsEnded": 1}], "")
    assert client.get("/desk/v1/me").status_code == 401
    assert sign_in(client, OLD).json()["user"] == {"id": "li", "name": "李娜", "role": "supervisor"}
    [listed] = operator.types("list")[1]
    assert (listed["department"], listed["territories"]) == ("shop", ["xihu"])
    assert operator.types("change", "--user", "li", "--everywhere")[0] == 0
    assert operator.types("list")[1][0]["territories"] is None


def test_a_new_password_takes_the_place_of_the_old_one(operator: Operator, server: RunningServer) -> None:
    server.people.put(Person("li", "李娜", "clerk"), OLD_HASH)
    assert operator.types("change", "--user", "li", "--password", password=NEW)[0] == 0
    assert [sign_in(server.client(), one).status_code for one in (OLD, NEW)] == [401, 200]


def test_who_is_removed_is_out_at_once_and_stays_named_in_what_they_did(
    operator: Operator, server: RunningServer
) -> None:
    client = server.client("clerk")
    assert client.post(TICKETS, json=ticket(), headers={"Idempotency-Key": "K1"}).status_code == 201
    told = operator.types("remove", "--user", "some-clerk")
    assert told == (0, [{"user": "some-clerk", "done": "removed", "signInsEnded": 1}], "")
    assert client.get(TICKETS).status_code == 401
    assert operator.types("list")[1] == []
    assert entries_of(server.store)[-2:] == [("some-clerk", "POST"), ("program", "staff-removed")]
    assert verified(server.store).problems == ()


def entries_of(store: Store) -> list[tuple[str, str]]:
    with store.reading(EVERYTHING) as reader:
        wanted = select(schema.audit.c.author, schema.audit.c.act).order_by(schema.audit.c.number)
        return [(row.author, row.act) for row in reader.connection.execute(wanted)]


def test_who_comes_under_a_removed_name_inherits_no_subscriptions(store: Store, clock: FakeClock) -> None:
    row = {
        "id": "S1", "api": "troubleTicket", "callback": "http://127.0.0.1:1/", "query": "", "role": "clerk",
        "territories": None, "party": "", "position": 0, "gap": None,
    }  # fmt: skip
    roster = Roster(store, clock)
    for user in ("li", "mei"):
        roster.add(user, {"name": user, "role": "clerk"})
    with store.writing() as transaction:
        for number, user in enumerate(("li", "mei")):
            transaction.connection.execute(
                schema.subscription.insert().values({**row, "id": f"S{number}", "staff": user})
            )
    assert roster.remove("li") == 0
    with store.reading(EVERYTHING) as reader:
        assert reader.connection.scalars(select(schema.subscription.c.staff)).all() == ["mei"]


@pytest.mark.parametrize("action", ["change", "remove"])
def test_nobody_can_change_or_remove_who_is_not_there(operator: Operator, action: str) -> None:
    more = ["--name", "梅"] if action == "change" else []
    assert operator.types(action, "--user", "mei", *more) == (1, [], "There is no user mei.\n")


def test_what_is_known_is_known_also_where_two_do_it_at_once(store: Store, clock: FakeClock) -> None:
    roster, before = Roster(store, clock), len(entries_of(store))
    with pytest.raises(UnknownUserError):
        roster.change("li", {"name": "李娜"})
    roster.add("li", {"name": "李娜", "role": "clerk"})
    with pytest.raises(KnownUserError):
        roster.add("li", {"name": "李", "role": "viewer"})
    assert [(one.name, one.role) for one in roster.every()] == [("李娜", "clerk")]
    assert len(entries_of(store)) == before + 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["add", "--user", "li na", "--name", "李娜", "--role", "clerk"],
        ["add", *LI, "--department", "two words"],
        ["add", *LI, "--territory", "a|b"],
        ["add", "--user", "li", "--name", "李娜", "--role", "emperor"],
        ["change", "--user", "li"],
        ["change", "--user", "li", "--everywhere", "--territory", "xihu"],
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_command_that_makes_no_sense_is_refused_with_two(store: Store, database: str, arguments: list[str]) -> None:
    try:
        code: int | str | None = main(["staff", arguments[0], "--database", database, *arguments[1:]])
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    assert Roster(store, FakeClock()).every() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_is_added_without_a_password(operator: Operator) -> None:
    assert operator.types("add", *LI) == (1, [], "A password is needed. Nothing was changed.\n")
    assert operator.types("list")[1] == []


@contextmanager
def typing(database: str) -> Iterator[tuple[Popen[bytes], int]]:
    """`staff add` at a terminal of its own, and the other end of that terminal."""
    keyboard, terminal = os.openpty()
    command = [*COMMAND, "staff", "add", "--database", database, *LI]
    with Popen(command, cwd=ROOT, stdin=terminal, stdout=PIPE, stderr=PIPE, start_new_session=True) as process:
        os.close(terminal)
        try:
            yield process, keyboard
        finally:
            process.kill()
            os.close(keyboard)


def read_to(process: Popen[bytes], prompt: bytes) -> None:
    """Wait for a prompt: what is typed before it is thrown away."""
    assert process.stderr is not None
    said = b""
    while not said.endswith(prompt):
        said += process.stderr.read(1)
        assert len(said) < 1000


@pytest.mark.skipif(sys.platform == "win32", reason="terminals are something else there")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("again", "code"), [(OLD, 0), (NEW, 1)])
def test_at_a_terminal_the_password_is_typed_twice(store: Store, database: str, again: str, code: int) -> None:
    with typing(database) as (process, keyboard):
        for prompt, typed in ((b"Password: ", OLD), (b"The same again: ", again)):
            read_to(process, prompt)
            os.write(keyboard, f"{typed}\n".encode())
        assert process.wait(WAIT_SECONDS) == code
    assert [one.user for one in Roster(store, FakeClock()).every()] == ["li"] * (1 - code)
