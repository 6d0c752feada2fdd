"""Sends questions as somebody, and compares answers as somebody who tries to find out whether a thing exists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from app.core.permissions import Permission
from backoffice.resources import Resource
from tests.backoffice.matrix.people import Who
from tests.backoffice.matrix.world import BIRTHDAY, Record, secret

_CHANCE = ("date", "x-request-id", "content-length")
_A_BUG = 500
Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Headers
    text: str

    def json(self) -> Any:
        """The body."""
        return json.loads(self.text)


class Asker:
    """Somebody with a token; `wrong` holds what is wrong with the answers so far."""

    def __init__(self, who: Who, url: str, token: str, records: list[Record]) -> None:
        self.who = who
        self.wrong: list[str] = []
        self.visible = [one for one in records if who.reads(one)]
        self.hidden = [one for one in records if not who.reads(one)]
        self._unseen = {needs for one in records for needs in (mask.needs for mask in one.resource.masks)}
        self._host = urlsplit(url).netloc
        self._headers = {"Authorization": f"Bearer {token}"}
        self._connection = HTTPConnection(self._host, timeout=30)  # a fraction of what a fuller client takes
        self._absent: dict[object, Answer] = {}

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def of(self, resource: Resource) -> tuple[list[Record], list[Record]]:
        """The visible and the hidden records of a collection."""
        visible = [one for one in self.visible if one.resource is resource]
        return visible, [one for one in self.hidden if one.resource is resource]

    def ask(self, method: str, path: str, content: Any = None, headers: Headers | None = None) -> Answer:
        """An answer, which must show nothing that is hidden, wherever it comes from."""
        body = None if content is None else json.dumps(content)
        sent = {"Content-Type": "application/json", **self._headers, **(headers or {})}
        self._connection.request(method, path, body, sent)
        with self._connection.getresponse() as response:
            told = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, told, response.read().decode())
        self.look_at(answer.text, f"{method} {path} shows", of_mirrors=path.startswith("/desk/v1/"))
        if answer.status >= _A_BUG:
            self.expect(answer.status, "", f"{method} {path} is answered with")
        return answer

    def look_at(self, text: str, about: str, *, of_mirrors: bool = False) -> None:
        """Note what a text shows that is hidden."""
        for leak in self._leaks(text, of_mirrors=of_mirrors):
            self.expect(leak, "", about)

    def hear(self, path: str, lines: int, headers: Headers) -> list[str]:
        """The first lines of a stream."""
        with closing(HTTPConnection(self._host, timeout=30)) as connection:
            connection.request("GET", path, headers={**self._headers, **headers})
            with connection.getresponse() as response:
                return [response.readline().decode().strip() for _ in range(lines)]

    def expect(self, found: object, wanted: object, about: str) -> None:
        """Note it where what was found is not what was wanted."""
        if found != wanted:
            self.wrong.append(f"{self.who}: {about} {found!r}, not {wanted!r}")

    def like_absent(
        self, method: str, one: Record, absent: str, content: Any = None, headers: Headers | None = None
    ) -> None:
        """A hidden record must be answered like one that never was."""
        kind = (method, one.path.replace(one.id, absent), json.dumps(content).replace(one.id, absent))
        if kind not in self._absent:
            path, same = kind[1], json.loads(kind[2])
            self._absent[kind] = self.ask(method, path, same, headers)
        answer = self.ask(method, one.path, content, headers)
        self.alike(answer, self._absent[kind], (one.id, absent), f"{method} {one.path} {headers or ''}")

    def alike(self, first: Answer, second: Answer, names: Iterable[str], about: str) -> None:
        """Note it where two answers differ by more than the names in them."""
        told = [_without(answer, names) for answer in (first, second)]
        self.expect(told[0], told[1], f"{about} is told apart:")

    def _leaks(self, text: str, *, of_mirrors: bool) -> Iterator[str]:
        if "CANARY" in text:
            yield from (one.canary for one in self.hidden if one.canary in text)
        for needs in self._unseen:
            is_seen = self.who.sees(needs) and not (of_mirrors and needs is Permission.REVEAL_SECRETS)
            if not is_seen and secret(needs) in text:
                yield secret(needs)
        if BIRTHDAY in text and self.who.role == "viewer":
            yield BIRTHDAY


def _without(answer: Answer, names: Iterable[str]) -> tuple[int, Headers, str]:
    text, headers = answer.text, {name: one for name, one in answer.headers.items() if name not in _CHANCE}
    for name in names:
        text = text.replace(name, "…")
        headers = {name_of: one.replace(name, "…") for name_of, one in headers.items()}
    return answer.status, headers, text
