"""The real back office as a process of its own, for tests that go all the way."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

ROOT = Path(__file__).parents[2]
USER, PASSWORD = "lina", "correct horse battery"


class Office:
    """A running back office on its own database."""

    options: tuple[str, ...] = ()

    def __init__(self, database: Path) -> None:
        self.database = database
        self._client = httpx.Client(trust_env=False)
        self._start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End it the hard way."""
        self._process.kill()
        self._wait()

    def restart(self) -> None:
        """Start it again on the same database and port."""
        self._start(self.port)

    def close(self) -> None:
        """End it."""
        self._client.close()
        self._process.terminate()
        self._wait()

    def misbehave(self, fault: str, *, method: str = "POST", path: str, times: int = 1) -> None:
        """Make the next requests that match meet a fault."""
        body = {"method": method, "path_contains": path, "fault": fault, "times": times}
        self._client.post(f"{self.url}/test/v1/faults", json=body).raise_for_status()

    def get(self, path: str, **filters: str) -> Any:
        """What the back office itself holds."""
        query = urlencode(filters)
        answer = self._client.get(f"{self.url}/tmf-api/{path}?{query}", headers=self._auth())
        answer.raise_for_status()
        return answer.json()

    def tickets(self, **filters: str) -> list[dict[str, Any]]:
        """Its trouble tickets."""
        found: list[dict[str, Any]] = self.get("troubleTicket/v4/troubleTicket", **filters)
        return found

    def _auth(self) -> dict[str, str]:
        answer = self._client.post(f"{self.url}/desk/v1/sign-in", json={"user": USER, "password": PASSWORD})
        answer.raise_for_status()
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    def _start(self, port: int = 0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "backoffice", "serve", "--database", str(self.database), "--port", str(port),
             "--test-faults", *self.options],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.port: int = json.loads(self._process.stdout.readline())["port"]

    def _wait(self) -> None:
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


class ForeignOffice(Office):
    """Somebody else's TM Forum server, which knows nothing of desks."""

    options = ("--no-auth", "--foreign")

    @classmethod
    def with_copy_of(cls, database: Path, folder: Path) -> ForeignOffice:
        """One that holds what is in a database."""
        for part in database.parent.glob(f"{database.name}*"):
            shutil.copy(part, folder / part.name)
        return cls(folder / database.name)

    def faults(self) -> Any:
        """What it will still do wrong."""
        return self._client.get(f"{self.url}/test/v1/faults").raise_for_status().json()

    def let_in(self) -> None:
        """Let arrive what was held back by the fault `late`."""
        self._client.delete(f"{self.url}/test/v1/faults").raise_for_status()

    def _auth(self) -> dict[str, str]:
        return {"Authorization": "Bearer of-somebody-else"}


def make_database(path: Path, customers: int) -> None:
    """A generated operator with one clerk who can sign in."""
    run_office(["generate", "--database", str(path), "--customers", str(customers), "--seed", "1"])
    add_clerk(path)


def add_clerk(path: Path) -> None:
    """Let the clerk of the stories sign in."""
    staff = ["staff", "add", "--database", str(path), "--user", USER, "--name", "李娜", "--role", "clerk"]
    run_office(staff, PASSWORD + "\n")


def run_office(arguments: list[str], entered: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of the back office to its end."""
    return subprocess.run(
        [sys.executable, "-m", "backoffice", *arguments], cwd=ROOT, input=entered, text=True, check=True, capture_output=True
    )  # fmt: skip
