"""Sends acts over a line that loses answers to servers that die, until an answer can be used."""

from __future__ import annotations

import time
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import httpx
import msgspec

from tests.stress.acts import Act
from tests.stress.records import Told

PATIENT: Final = 60.0
IMPATIENT: Final = 0.004
_REST: Final = 0.02
_LAST_TRY: Final = 2_000  # of one act: by then a server that should be back is not
_COMMANDS: Final = "/desk/v1/commands"
_FAULTS: Final = "/test/v1/faults"


class StuckError(Exception):
    """An act got no usable answer however often it was sent."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer that is final."""

    status: int
    id: str
    revision: int
    is_replay: bool


class Sender:
    """One client of all servers; each try goes to any of them. Not for several threads."""

    def __init__(self, urls: list[str], seed: str) -> None:
        self._urls = urls
        self._random = Random(seed)  # noqa: S311 - to be drawn again
        self._client = httpx.Client(timeout=PATIENT)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def send(self, act: Act, tag: str | None, patience: float = PATIENT) -> Told:
        """Send until there is a final answer; only the first try may be an impatient one. Raises StuckError."""
        for tries in range(1, _LAST_TRY):
            seen = self._try(act, tag, patience if tries == 1 else PATIENT) or self._asked(act)
            if seen is not None:
                return Told(
                    act.key,
                    act.kind,
                    act.target,
                    act.amount,
                    seen.status,
                    seen.id,
                    seen.revision,
                    seen.is_replay,
                    tries,
                )
            time.sleep(self._random.uniform(0, _REST))
        raise StuckError(f"{act.key}: no answer that can be used")

    def tag_of(self, path: str) -> str:
        """The ETag of a record as it is now. Raises StuckError."""
        for _ in range(_LAST_TRY):
            answer = self._request("GET", path)
            if answer is not None and answer.status_code == httpx.codes.OK:
                return answer.headers["ETag"]
            time.sleep(self._random.uniform(0, _REST))
        raise StuckError(f"{path}: cannot be read")

    def sabotage(self, act: Act) -> None:
        """Let some request like this one meet a fault, whoever sends it."""
        fault = self._random.choice(("drop-answer", "drop-answer", "cut", "drop-request", "refuse"))
        order = {"method": act.method, "path_contains": "/tmf-api/", "fault": fault}
        self._request("POST", _FAULTS, content=msgspec.json.encode(order))

    def _try(self, act: Act, tag: str | None, patience: float) -> Seen | None:
        headers = {"Idempotency-Key": act.key, "Content-Type": act.media_type}
        headers |= {"If-Match": tag} if tag else {}
        body = None if act.content is None else msgspec.json.encode(act.content)
        answer = self._request(act.method, act.path, content=body, headers=headers, timeout=patience)
        if answer is None or _is_passing(answer):
            return None
        revision = int(answer.headers.get("ETag", '"-0"').strip('"').rpartition("-")[2])
        made = msgspec.json.decode(answer.content)["id"] if answer.is_success and answer.content else act.target
        return Seen(answer.status_code, made, revision, "Idempotency-Replayed" in answer.headers)

    def _asked(self, act: Act) -> Seen | None:
        """What the server says became of the act, as a desk would ask before it sends again; not every time."""
        answer = self._request("GET", f"{_COMMANDS}/{act.key}") if self._random.random() < 0.3 else None
        if answer is None or answer.status_code != httpx.codes.OK:
            return None
        known = answer.json()
        return Seen(known["status"], known["id"], known["revision"], is_replay=True)

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        """One try at any server; None if no whole answer came."""
        try:
            return self._client.request(method, self._random.choice(self._urls) + path, **more)
        except httpx.TransportError:
            return None


def _is_passing(answer: httpx.Response) -> bool:
    """Whether the same request is welcome again: the server is busy, or the first one still runs."""
    return answer.status_code == httpx.codes.SERVICE_UNAVAILABLE or "Retry-After" in answer.headers
