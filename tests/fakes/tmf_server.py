"""A TM Forum server in memory that knows nothing of desks, with the habits of others' servers; and a desk's memory of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import httpx

from app.sync.model import Change, FeedPage, MirrorState
from app.tmf.transport import Transport

Body = dict[str, Any]
JSON_PATCH = "application/json-patch+json"


@dataclass
class TmfServer:
    """Lists keep the order in which things were made unless `sorts`. `before` is called before each request is answered."""

    records: dict[str, dict[str, Body]] = field(default_factory=lambda: {"troubleTicket": {}})
    sorts: bool = False
    counts: bool = True
    pages: bool = True
    most: int = 2
    hears_filters: bool = True
    takes_json_patch: bool = True
    own_note_ids: bool = False
    before: Callable[[httpx.Request], None] = lambda _request: None
    asked: list[str] = field(default_factory=list)
    answers: list[httpx.Response | Exception] = field(default_factory=list)

    def transport(self) -> Transport:
        """A transport that ends here."""
        return Transport(
            "http://127.0.0.1:1", transport=httpx.MockTransport(lambda request: _unread(self.answer(request)))
        )

    @property
    def tickets(self) -> dict[str, Body]:
        """The trouble tickets by id."""
        return self.records["troubleTicket"]

    def file(self, identity: str, **attributes: Any) -> None:
        """Somebody files a ticket."""
        self.tickets[identity] = {"id": identity, "description": identity, **attributes}

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer as the next of `answers` says, nothing having happened; else as a server would."""
        self.before(request)
        self.asked.append(f"{request.method} {request.url.path}")
        if self.answers:
            scripted = self.answers.pop(0)
            if isinstance(scripted, Exception):
                raise scripted
            return scripted
        collection, _, name = request.url.path.partition("/v4/")[2].partition("/")
        if (held := self.records.get(collection)) is None or request.url.path.startswith("/desk/"):
            return _error(404, "There is no such resource.")
        identity = unquote(name)
        if request.method == "POST":
            made = {"id": f"T{len(held) + 1}", **json.loads(request.content)}
            held[made["id"]] = made
            return httpx.Response(201, json=made)
        if not identity:
            return self._list(list(held.values()), request.url.params)
        if identity not in held:
            return _error(404, "There is no such resource.")
        if request.method == "PATCH":
            if (patched := self._patched(held[identity], request)) is None:
                return _error(415, "Send application/merge-patch+json.")
            held[identity] = patched
        return httpx.Response(200, json=held[identity])

    def _list(self, rows: list[Body], asked: Mapping[str, str]) -> httpx.Response:
        if "externalId" in asked and self.hears_filters:
            rows = [one for one in rows if one.get("externalId") == asked["externalId"]]
        if "sort" in asked:
            if not self.sorts:
                return _error(400, "This server does not sort.")
            rows.sort(key=lambda one: str(one["id"]))
        start, limit = int(asked.get("offset", 0)), min(int(asked.get("limit", self.most)), self.most)
        page = rows[start : start + limit] if self.pages else rows
        headers = {"X-Total-Count": str(len(rows))} if self.counts else {}
        return httpx.Response(200 if len(page) == len(rows) else 206, json=page, headers=headers)

    def _patched(self, held: Body, request: httpx.Request) -> Body | None:
        patch = json.loads(request.content)
        if request.headers["content-type"] != JSON_PATCH:
            return {**held, **patch}
        if not self.takes_json_patch:
            return None
        after = dict(held)
        for operation in patch:
            name = operation["path"].removeprefix("/").removesuffix("/-")
            value = {**operation["value"], **({"id": "1"} if self.own_note_ids else {})}
            after[name] = [*after.get(name, ()), value]
        return after


@dataclass
class FakeMemory:
    """Satisfies `app.tmf.foreign.ports.Memory`. `take` does with a page of the feed what the engine does."""

    held: dict[tuple[str, str], Change] = field(default_factory=dict)
    cursor: str = ""
    made: dict[str, str] = field(default_factory=dict)
    twice: dict[str, list[str]] = field(default_factory=dict)

    def take(self, page: FeedPage) -> None:
        """Apply it; a revision never goes back."""
        for change in page.changes:
            before = self.held.get((change.collection, change.id))
            assert before is None or before.revision < change.revision
            self.held[change.collection, change.id] = change
        self.cursor = page.cursor

    @property
    def shown(self) -> dict[str, Any]:
        """What the copy holds, by id."""
        return {key[1]: json.loads(one.body) for key, one in self.held.items() if one.body is not None}

    async def state(self) -> MirrorState:
        return MirrorState(cursor=self.cursor)

    async def rows(self, keys: Iterable[tuple[str, str]]) -> Sequence[Change]:
        return [self.held[key] for key in keys if key in self.held]

    async def ids(self, collection: str, after: str, limit: int) -> Sequence[str]:
        living = (one for one in self.held.values() if one.body is not None and one.collection == collection)
        return sorted(one.id for one in living if one.id > after)[:limit]

    async def server_id(self, collection: str, entity_id: str) -> str:
        assert collection
        return self.made.get(entity_id, entity_id)

    async def made_by(self, command_ids: Iterable[str]) -> Mapping[str, str]:
        return {one: self.made[one] for one in command_ids if one in self.made and one not in self.twice}

    async def happened_twice(self, command_id: str, ids: Iterable[str]) -> None:
        self.twice[command_id] = list(ids)


def _unread(answer: httpx.Response) -> httpx.Response:
    """The answer as it comes over a line."""
    return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(answer.content))


def _error(status: int, reason: str) -> httpx.Response:
    return httpx.Response(status, json={"code": str(status), "reason": reason})
