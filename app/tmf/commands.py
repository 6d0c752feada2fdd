"""A command as a TM Forum request, and what each answer means for it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx

from app.core import wire
from app.core.commands import Method
from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError
from app.sync.model import Confirmed, Differs, Entry, Later, NeverArrived, NoGrant, NotKnown, Outcome, Refused
from app.sync.ports import Grant
from app.sync.retry import told_delay
from app.tmf.resources import path_of
from app.tmf.transport import Transport, json_in

_ETAG = re.compile(r'^"(?P<epoch>[^"]*)-(?P<revision>\d{1,18})"$')
_LONGEST_REASON = 300
_BUSY = (429, 503)
_CONFLICT, _PRECONDITION, _UNAUTHORIZED, _NOT_FOUND = 409, 412, 401, 404


async def send(transport: Transport, entry: Entry, entity_id: str, grant: Grant, acknowledged: int) -> Outcome:
    """Make the command's request."""
    command = entry.command
    headers = {
        "Idempotency-Key": command.id,
        "Desk-Sequence": str(entry.sequence),
        "Desk-Acknowledged": str(acknowledged),
    }
    method, path = "POST", path_of(command.collection)
    if command.method is not Method.CREATE:
        method, path = "PATCH", path_of(command.collection, entity_id)
        is_append = command.method is Method.APPEND  # adding to a list merges with whatever others did meanwhile
        headers["Content-Type"] = f"application/{'json-patch' if is_append else 'merge-patch'}+json"
        headers["If-Match"] = "*" if is_append else command.base_tag
    try:
        answer = await transport.request(method, path, token=grant.token, headers=headers, body=command.body)
        return outcome_of(answer)
    except BackOfficeUnreachableError as error:
        never_sent = isinstance(error.__cause__, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
        return Later(line_is_cut=True) if never_sent else NotKnown(line_is_cut=True)
    except BackOfficeAnswerError:
        return NotKnown()


async def ask(transport: Transport, entry: Entry, grant: Grant) -> Outcome:
    """Ask what became of the command."""
    try:
        answer = await transport.request("GET", f"/desk/v1/commands/{entry.command.id}", token=grant.token)
        if answer.status_code == _NOT_FOUND and _is_error_body(answer):
            return NeverArrived()
        if answer.status_code == _UNAUTHORIZED:
            return NoGrant()
        if answer.status_code in _BUSY:
            return Later(told_delay(answer.headers.get("retry-after")))
        told = _object(answer) if answer.is_success else {}
        entity_id, revision = wire.text(told, "id"), told.get("revision")
        if entity_id and isinstance(revision, int):
            return Confirmed(entity_id, revision)
        return NotKnown()
    except BackOfficeUnreachableError:
        return NotKnown(line_is_cut=True)
    except BackOfficeAnswerError:
        return NotKnown()


def outcome_of(answer: httpx.Response) -> Outcome:
    """What an answer to a command's request means. Raises BackOfficeAnswerError where it means nothing."""
    status = answer.status_code
    if answer.is_success:
        return _confirmed(answer)
    if status in _BUSY or (status == _CONFLICT and "retry-after" in answer.headers):
        return Later(told_delay(answer.headers.get("retry-after")))
    if status == _UNAUTHORIZED:
        return NoGrant()
    if status == _PRECONDITION:
        return Differs()
    if answer.is_client_error:
        return Refused(_reason(answer))
    return NotKnown()


def _confirmed(answer: httpx.Response) -> Confirmed:
    body, revision = _object(answer), _revision(answer)
    entity_id = wire.text(body, "id")
    if not entity_id or not revision:
        raise BackOfficeAnswerError
    return Confirmed(entity_id, revision, body)


def _revision(answer: httpx.Response) -> int:
    match = _ETAG.match(answer.headers.get("etag", ""))
    return int(match["revision"]) if match else 0


def _reason(answer: httpx.Response) -> str:
    return wire.text(_object(answer), "reason")[:_LONGEST_REASON] or str(answer.status_code)


def _is_error_body(answer: httpx.Response) -> bool:
    return bool(wire.text(_object(answer), "reason") or wire.text(_object(answer), "code"))


def _object(answer: httpx.Response) -> Mapping[str, object]:
    body = json_in(answer)
    if not isinstance(body, Mapping):
        raise BackOfficeAnswerError
    return body
