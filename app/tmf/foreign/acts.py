"""A clerk's acts at a server without keys: asked for by the traces they leave, and never sent again blindly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx

from app.core.clock import Clock
from app.core.commands import Command, Method, There
from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError, NeverSentError
from app.rules import merging
from app.sync.errors import BusyError, GrantEndedError
from app.sync.model import (
    ASKED_ANEW,
    Confirmed,
    Differs,
    Entry,
    Later,
    NeverArrived,
    NoGrant,
    NotKnown,
    Outcome,
    Refused,
    Unaskable,
)
from app.sync.ports import Grant
from app.sync.retry import told_delay
from app.tmf.decoding import answer_in
from app.tmf.foreign.content import Read, canonical
from app.tmf.foreign.lists import Lists, check, demand_reason
from app.tmf.foreign.ports import Memory
from app.tmf.foreign.traces import (
    EXTERNAL_ID,
    additions,
    are_in,
    can_be_recognised,
    lists_added_to,
    with_external_id,
)
from app.tmf.resources import path_of
from app.tmf.transport import Transport

LATE_S: Final = 60.0  # in which an attempt that was given up may still arrive
_BUSY = (429, 503)
_SAYS_NOTHING = (408, 409, 425)  # 409: perhaps because the first attempt has arrived
_GONE = (404, 410)
_UNAUTHORIZED, _UNSUPPORTED = 401, 415
_MERGE_PATCH, _JSON_PATCH = "application/merge-patch+json", "application/json-patch+json"


class Acts:
    """Sends and asks. `touched` is told what the clerk's acts have changed."""

    def __init__(
        self,
        transport: Transport,
        lists: Lists,
        memory: Memory,
        clock: Clock,
        touched: Callable[[str, str], None],
        late_s: float,
    ) -> None:
        self._transport = transport
        self._lists = lists
        self._memory = memory
        self._clock = clock
        self._touched = touched
        self._late_s = late_s
        self._missed_since: dict[str, float] = {}  # command → when it was first asked for in vain

    async def send(self, entry: Entry, entity_id: str, grant: Grant) -> Outcome:
        """Make the command's request, unless what it does is done already."""
        command = entry.command
        try:
            if command.method is Method.CREATE:
                body = with_external_id(command)
                return await self._answered(await self._request(grant, "POST", command.collection, "", body), command)
            there = await self._look_first(command, entity_id, grant)
            if not isinstance(there, Read):
                return there
            if command.method is Method.APPEND:
                return await self._append(command, there, grant)
            return await self._change(command, there, grant)
        except (GrantEndedError, BackOfficeUnreachableError) as error:
            return _no_answer(error)
        except BackOfficeAnswerError:
            return NotKnown()

    async def ask(self, entry: Entry, grant: Grant) -> Outcome:
        """Look for what the command would have left behind."""
        if entry.state in ASKED_ANEW:  # the epoch is the desk's own count: nothing was put back to a backup
            return Unaskable()
        command = entry.command
        try:
            if command.method is Method.CREATE:
                return await self._ask_by_external_id(command, grant)
            entity_id = await self._memory.server_id(command.collection, command.entity_id)
            there = await self._lists.record(grant, command.collection, entity_id)
            return await self._ask_in(command, there)
        except (GrantEndedError, BackOfficeUnreachableError) as error:
            return _no_answer(error)
        except BackOfficeAnswerError:
            return NotKnown()

    async def _ask_by_external_id(self, command: Command, grant: Grant) -> Outcome:
        if command.collection not in EXTERNAL_ID:
            return Unaskable()
        found = await self._lists.by_external_id(grant, command.collection, command.id)
        if found is None:
            return Unaskable()
        return await self._confirmed(found[0], command) if found else self._missed(command)

    async def _ask_in(self, command: Command, there: Read) -> Outcome:
        added = additions(command)
        if _is_so(there, command) if command.method is Method.CHANGE else are_in(there.body, added):
            return await self._confirmed(there, command)
        return self._missed(command) if can_be_recognised(added) else Unaskable()

    def _missed(self, command: Command) -> Outcome:
        """Nothing is there: it may be sent, once whatever may still be on its way has had time to arrive."""
        now = self._clock.monotonic()
        left = self._missed_since.setdefault(command.id, now) + self._late_s - now
        if left > 0:
            return Later(left)
        del self._missed_since[command.id]
        return NeverArrived()

    async def _look_first(self, command: Command, entity_id: str, grant: Grant) -> Read | Outcome:
        """The record that the command is about; while it cannot be read nothing is sent, and so nothing is unknown."""
        try:
            return await self._lists.record(grant, command.collection, entity_id)
        except BusyError as error:
            return Later(error.seconds)
        except BackOfficeUnreachableError:
            return Later(line_is_cut=True)
        except BackOfficeAnswerError:
            return Later()

    async def _append(self, command: Command, there: Read, grant: Grant) -> Outcome:
        added = additions(command)
        if are_in(there.body, added):
            return await self._confirmed(there, command)
        patch = [{"op": "add", "path": f"/{name}/-", "value": value} for name, value in added]
        answer = await self._request(grant, "PATCH", command.collection, there.id, patch, _JSON_PATCH)
        if answer.status_code == _UNSUPPORTED:
            whole = _grown(there, added)
            answer = await self._request(grant, "PATCH", command.collection, there.id, whole, _MERGE_PATCH)
        return await self._answered(answer, command, there.id)

    async def _change(self, command: Command, there: Read, grant: Grant) -> Outcome:
        if _is_so(there, command):
            return await self._confirmed(there, command)
        if there.text is None:
            return Differs(There())
        if _is_in_the_way(command, there.body):
            return Differs()
        answer = await self._request(grant, "PATCH", command.collection, there.id, command.body, _MERGE_PATCH)
        return await self._answered(answer, command, there.id)

    async def _request(
        self, grant: Grant, method: str, collection: str, entity_id: str, body: Any, media: str = "application/json"
    ) -> httpx.Response:
        headers = {"Authorization": grant.token, "Content-Type": media}
        return await self._transport.request(method, path_of(collection, entity_id), headers=headers, body=body)

    async def _answered(self, answer: httpx.Response, command: Command, entity_id: str = "") -> Outcome:
        """What an answer to a command's request means. Raises BackOfficeAnswerError where it means nothing."""
        status = answer.status_code
        if status in _BUSY:
            return Later(told_delay(answer.headers.get("retry-after")))
        if status == _UNAUTHORIZED:
            return NoGrant()
        if answer.is_client_error and status not in _SAYS_NOTHING:
            reason = demand_reason(answer)
            is_gone = status in _GONE and command.method is Method.CHANGE
            return Differs(There()) if is_gone else Refused(reason)
        if not answer.is_success:
            return NotKnown()
        check(answer)
        body = answer_in(answer)
        told = body.get("id")
        if not isinstance(told, str) or not told or told != (entity_id or told):
            raise BackOfficeAnswerError
        return await self._confirmed(Read(command.collection, told, answer.content.decode(), body), command)

    async def _confirmed(self, read: Read, command: Command) -> Confirmed:
        """It took effect, at a revision that the copy has not reached and will with its next look at the record."""
        self._missed_since.pop(command.id, None)
        held = await self._memory.rows([read.key])
        self._touched(*read.key)
        return Confirmed(read.id, 1 + max((one.revision for one in held), default=0), read.body)


def _grown(there: Read, added: list[tuple[str, dict[str, Any]]]) -> dict[str, list[Any]]:
    """The lists as they are there, with the additions: for servers that take no JSON patch."""
    whole: dict[str, list[Any]] = {}
    for name, value in added:
        held = there.body.get(name)
        whole.setdefault(name, list(held) if isinstance(held, list) else []).append(value)
    return whole


def _is_so(there: Read, command: Command) -> bool:
    """Whether every field that a change sets has that value, and every list that it adds to shows what it adds."""
    if there.text is None or not are_in(there.body, additions(command)):
        return False
    set_whole = command.body.keys() - lists_added_to(command)
    return all(canonical(there.body.get(name)) == canonical(command.body[name]) for name in set_whole)


def _is_in_the_way(command: Command, there: Mapping[str, Any]) -> bool:
    """Whether somebody has changed, since the clerk saw it, what the command changes, or has added to a list that it sends.

    What nobody wrote down the sight of nobody can compare.
    """
    if command.seen is None:
        return True
    merge = merging.merge(command.collection, command.seen, command.body, there)
    return merge.needs_a_person or canonical(merge.delta) != canonical(command.body)


def _no_answer(error: GrantEndedError | BackOfficeUnreachableError) -> Outcome:
    if isinstance(error, GrantEndedError):
        return NoGrant()
    if isinstance(error, BusyError):
        return Later(error.seconds)
    return Later(line_is_cut=True) if isinstance(error, NeverSentError) else NotKnown(line_is_cut=True)
