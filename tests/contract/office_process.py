"""The real back office as a process that can be killed, started again and told to misbehave."""

from __future__ import annotations

import json
import socket
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx

from app.tmf.foreign.head_office import COLLECTIONS
from app.tmf.resources import path_of
from tests.backoffice.processes import create, run, serving

SECRET = "a secret that stands nowhere"
TICKETS = "/tmf-api/troubleTicket/v4/troubleTicket"
_SECONDS = 30


class OfficeProcess:
    """One back office on one port and one database. What it says to others than the desk is asked with a token."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "office.db"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._serving: AbstractContextManager[tuple[subprocess.Popen[bytes], str]] | None = None

    def generate(self, customers: int) -> None:
        """Fill the database."""
        made = run("generate", "--database", str(self.database), "--customers", str(customers), "--seed", "1")
        assert made.returncode == 0, made.stderr

    def hire(self, user: str, name: str, password: str, role: str = "clerk") -> None:
        """Let somebody sign in from now on."""
        create(self.database)
        staff = ("staff", "add", "--database", str(self.database), "--user", user, "--name", name, "--role", role)
        added = run(*staff, sent=f"{password}\n")
        assert added.returncode == 0, added.stderr

    def dismiss(self, user: str) -> None:
        """Let a clerk in no more; what they are signed in with ends."""
        done = run("staff", "remove", "--database", str(self.database), "--user", user)
        assert done.returncode == 0, done.stderr

    def end(self, token: str) -> None:
        """Accept this token no more, as after its twelve hours."""
        self._post("/desk/v1/sign-out", {"Authorization": f"Bearer {token}"})

    def start(self) -> None:
        """Serve."""
        self._serving = self._served("--test-faults", "--port", str(self.port))
        self._process, _ = self._serving.__enter__()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._serving is not None:
            self._serving.__exit__(None, None, None)
            self._serving = None

    def misbehave(self, fault: str, method: str = "POST", path: str = "/troubleTicket", **more: Any) -> None:
        """Do so at the next request of that kind."""
        wanted = {"method": method, "path_contains": path, "fault": fault, **more}
        httpx.post(f"{self.url}/test/v1/faults", json=wanted, timeout=_SECONDS).raise_for_status()

    def let_in(self) -> None:
        """Let arrive what was held back by the fault `late`."""
        httpx.delete(f"{self.url}/test/v1/faults", timeout=_SECONDS).raise_for_status()

    def tickets(self) -> list[dict[str, Any]]:
        """Every ticket it holds."""
        found: list[dict[str, Any]] = self._get(TICKETS)
        return found

    def file(self, description: str) -> str:
        """A ticket made by somebody else; returns its id."""
        body = {"description": description, "severity": "major", "ticketType": "complaint"}
        answer = httpx.post(f"{self.url}{TICKETS}", json=body, headers=self._headers(), timeout=_SECONDS)
        return str(answer.raise_for_status().json()["id"])

    def delete(self, ticket: str) -> None:
        """A supervisor, or whoever may at somebody else's server, deletes a ticket."""
        answer = httpx.delete(f"{self.url}{TICKETS}/{ticket}", headers=self._supervisors(), timeout=_SECONDS)
        answer.raise_for_status()

    def change(self, ticket: str, **attributes: str) -> None:
        """Somebody else changes a ticket."""
        answer = httpx.patch(
            f"{self.url}{TICKETS}/{ticket}", json=attributes, headers=self._headers(), timeout=_SECONDS
        )
        answer.raise_for_status()

    def everything(self, of: str = "", **asked: str) -> dict[tuple[str, str], int]:
        """The revision of every record in its snapshot, in that of who asks for a part, or `of` one customer."""
        url = f"{self.url}/desk/v1/{f'profiles/{of}' if of else 'snapshot'}"
        lines = httpx.get(url, params=asked, headers=self._headers(), timeout=_SECONDS).iter_lines()
        rows = [row for row in map(json.loads, lines) if row["kind"] == "row"]
        return {(row["collection"], row["id"]): row["revision"] for row in rows}

    def _served(self, *options: str) -> AbstractContextManager[tuple[subprocess.Popen[bytes], str]]:
        return serving(self.database, "--embedded", *options, sent=json.dumps({"secret": SECRET}))

    def _post(self, path: str, headers: dict[str, str]) -> None:
        httpx.post(f"{self.url}{path}", headers=headers, timeout=_SECONDS).raise_for_status()

    def _get(self, path: str) -> Any:
        return httpx.get(f"{self.url}{path}", headers=self._headers(), timeout=_SECONDS).raise_for_status().json()

    def _headers(self) -> dict[str, str]:
        return self._signed_in({"secret": SECRET})

    def _supervisors(self) -> dict[str, str]:
        self.hire("remover", "Supervisor", "battery staple", "supervisor")
        return self._signed_in({"user": "remover", "password": "battery staple"})

    def _signed_in(self, who: dict[str, str]) -> dict[str, str]:
        answer = httpx.post(f"{self.url}/desk/v1/sign-in", json=who, timeout=_SECONDS)
        return {"Authorization": f"Bearer {answer.raise_for_status().json()['token']}"}


class ForeignProcess(OfficeProcess):
    """A TM Forum server that knows nothing of desks."""

    def records(self) -> dict[tuple[str, str], Any]:
        """Every record that desks keep, as its lists show it."""
        return {(name, one["id"]): one for name in COLLECTIONS for one in self._get(path_of(name))}

    def _served(self, *options: str) -> AbstractContextManager[tuple[subprocess.Popen[bytes], str]]:
        return serving(self.database, "--no-auth", "--foreign", *options)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": "Bearer of-somebody-else"}

    def _supervisors(self) -> dict[str, str]:
        return self._headers()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
