"""A PostgreSQL of our own for the tests: a private cluster on a socket in a private folder, a database for each test."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

_BINARIES = Path("/usr/lib/postgresql")
DURABLE = "-c listen_addresses= -c max_connections=200"  # as in earnest
_QUICK = f"{DURABLE} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
_USER = "trunkline"


def binaries() -> Path | None:
    """Where the newest server that is installed has its programs."""
    found = sorted(_BINARIES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Cluster:
    """A running server; it ends with `close`."""

    def __init__(self, programs: Path, options: str = _QUICK) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="trunkline-pg-"))
        self._made = 0
        self._empty: list[str] = []
        self._line: psycopg.Connection | None = None
        if os.geteuid() == 0:  # the server refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        self._options = options
        self._data = str(self.folder / "data")
        self._run("initdb", "-D", self._data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()

    def database(self) -> str:
        """The URL of an empty database: a new one, or one that was emptied, which takes a fraction of the time."""
        if self._empty:
            return self._empty.pop()
        self._made += 1
        name = f"test{self._made}"
        self._tell(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://{_USER}@/{name}?host={self.folder}"

    def drop(self, url: str) -> None:
        """Let nothing be left in a database, whoever still holds it open."""
        name = url.partition("@/")[2].partition("?")[0]
        others = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
        self._tell(others)
        with psycopg.connect(f"host={self.folder} user={_USER} dbname={name}", autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        self._empty.append(url)

    def start(self) -> None:
        """Let it run."""
        self._run(
            "pg_ctl",
            "-D",
            self._data,
            "-o",
            f"{self._options} -k {self.folder}",
            "-l",
            f"{self.folder}/log",
            "-w",
            "start",
        )

    def stop(self) -> None:
        """Let it end, whoever is connected."""
        self._hang_up()
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def close(self) -> None:
        """End the server and remove everything of it."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _tell(self, command: str) -> None:
        """Over one connection for all: a program for each takes longer than what it is to do."""
        if self._line is None or self._line.closed:
            self._line = psycopg.connect(f"host={self.folder} user={_USER} dbname=postgres", autocommit=True)
        self._line.execute(command.encode())

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(self.folder)}
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=self.folder)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr or done.stdout}")
