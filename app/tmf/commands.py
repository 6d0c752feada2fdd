"""A command as a TM Forum request, and what each answer means for it."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote

import httpx
import msgspec

from app.core import wire
from app.core.clock import to_wire
from app.core.commands import Command, Method, There
from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError, NeverSentError
from app.core.words import said_of
from app.sync.model import (
    Acknowledged,
    Confirmed,
    Differs,
    Entry,
    Forgotten,
    Later,
    NeverArrived,
    NoGrant,
    NotKnown,
    Outcome,
    Refused,
)
from app.sync.ports import Grant
from app.sync.reasons import FILED_ELSEWHERE
from app.sync.retry import told_delay
from app.tmf.decoding import answer_in
from app.tmf.replica import Name, Revision
from app.tmf.resources import path_of
from app.tmf.transport import Transport

_ETAG = re.compile(
    r'(?:W/)?"(?P<epoch>[^"]*)-(?P<revision>[1-9]\d{0,17})"', re.ASCII
)  # a proxy that packs makes a tag weak
_LONGEST_REASON = 300
_LONGEST_ID = 1_000
_BUSY = (429, 503)
_SAYS_NOTHING = (408, 425)  # sent before the request was understood, or by somebody in between
_CONFLICT, _PRECONDITION, _UNAUTHORIZED, _NOT_FOUND, _GONE, _OK = 409, 412, 401, 404, 410, 200
# Head office has forgotten the key, or knows it from another request: "refused" would promise that nothing happened, and
# "differs" would let it go out again.
_KEY_REUSED, _FILED_ELSEWHERE = "keyReused", "filedElsewhere"


class _Told(msgspec.Struct):
    """What head office says became of a key."""

    key: str
    collection: str
    id: Name
    revision: Revision
    epoch: str = ""


async def send(
    transport: Transport, entry: Entry, entity_id: str, grant: Grant, acknowledged: Acknowledged, now: datetime
) -> Outcome:
    """Make the command's request. `now` is what the desk takes for now, by which head office puts its clock right."""
    command = entry.command
    headers = {
        "Idempotency-Key": command.id,
        "Desk-Sequence": str(entry.sequence),
        "Desk-Acknowledged": str(acknowledged.sequence),
        "Desk-Time": to_wire(now),
        **({"Desk-Author": quote(command.author, safe="")} if command.adopted_by else {}),
        **({"Desk-Epoch": acknowledged.epoch} if acknowledged.epoch else {}),
    }
    if command.spends:
        headers["Desk-Spends"] = ", ".join(f"{one.kind}/{quote(one.item, safe='')}" for one in command.spends)
    method, path = "POST", path_of(command.collection)
    if command.method is not Method.CREATE:
        method, path = "PATCH", path_of(command.collection, entity_id)
        is_append = command.method is Method.APPEND  # adding to a list merges with whatever others did meanwhile
        headers["Content-Type"] = f"application/{'json-patch' if is_append else 'merge-patch'}+json"
        headers["If-Match"] = "*" if is_append else command.base_tag
    try:
        answer = await transport.request(method, path, token=grant.token, headers=headers, body=command.body)
        return _outcome(answer, command.method, entity_id)
    except BackOfficeUnreachableError as error:
        return _no_answer(error)
    except BackOfficeAnswerError:
        return NotKnown()


async def ask(transport: Transport, entry: Entry, grant: Grant) -> Outcome:
    """Ask what became of the command."""
    try:
        answer = await transport.request(
            "GET", f"/desk/v1/commands/{entry.command.id}?sequence={entry.sequence}", token=grant.token
        )
        return _told(answer, entry.command)
    except BackOfficeUnreachableError as error:
        return _no_answer(error)
    except BackOfficeAnswerError:
        return NotKnown()


def there_in(answer: httpx.Response, entity_id: str) -> There:
    """The record that an answer shows, or says is gone. Raises BackOfficeAnswerError where it does neither."""
    if answer.status_code == _NOT_FOUND:
        _reason(answer)  # a 404 that head office did not write itself says nothing about the record
        return There()
    found = _confirmed(answer, entity_id)
    return There(found.body, found.revision, found.epoch)


def _outcome(answer: httpx.Response, method: Method, entity_id: str) -> Outcome:
    """What an answer to a command's request means. Raises BackOfficeAnswerError where it means nothing."""
    status = answer.status_code
    if answer.is_success:
        return _confirmed(answer, "" if method is Method.CREATE else entity_id)
    if status in _BUSY or (status == _CONFLICT and "retry-after" in answer.headers):
        return Later(told_delay(answer.headers.get("retry-after")))
    if status == _UNAUTHORIZED:
        return NoGrant()
    if answer.is_client_error and status not in _SAYS_NOTHING:
        reason, code = _reason(answer), wire.text(answer_in(answer), "code")
        if code == _FILED_ELSEWHERE:
            return Refused(said_of(FILED_ELSEWHERE, name=wire.text(answer_in(answer), "author") or "–"))
        may_have_happened = status == _CONFLICT or code == _KEY_REUSED
        if may_have_happened:
            return Forgotten()
        if status == _NOT_FOUND and method is Method.CHANGE:  # said before the revision is looked at
            return Differs(There())
        return Differs() if status == _PRECONDITION else Refused(reason)
    return NotKnown()


def _told(answer: httpx.Response, command: Command) -> Outcome:
    status = answer.status_code
    if status == _UNAUTHORIZED:
        return NoGrant()
    if status in _BUSY:
        return Later(told_delay(answer.headers.get("retry-after")))
    if status == _NOT_FOUND:
        _reason(answer)  # a 404 that head office did not write itself says nothing about the command
        return NeverArrived(answer.headers.get("desk-epoch", ""))
    if status == _GONE:
        _reason(answer)
        return Forgotten()
    if status != _OK:
        return NotKnown()
    try:
        told = msgspec.convert(answer_in(answer), _Told)
    except msgspec.ValidationError as error:
        raise BackOfficeAnswerError from error
    is_ours = told.key == command.id and told.collection == command.collection
    return Confirmed(told.id, told.revision, epoch=told.epoch) if is_ours else NotKnown()


def _confirmed(answer: httpx.Response, entity_id: str) -> Confirmed:
    """The entity as the answer shows it; one that shows another entity than was meant makes no sense."""
    body, tag = answer_in(answer), _ETAG.fullmatch(answer.headers.get("etag", ""))
    told = body.get("id")
    if not isinstance(told, str) or not 0 < len(told) <= _LONGEST_ID or told != (entity_id or told) or tag is None:
        raise BackOfficeAnswerError
    return Confirmed(told, int(tag["revision"]), body, tag["epoch"])


def _reason(answer: httpx.Response) -> str:
    """Why head office said no. Raises BackOfficeAnswerError unless it reads like one of its refusals."""
    body = answer_in(answer)
    reason = wire.text(body, "reason") or wire.text(body, "code")
    if not reason:
        raise BackOfficeAnswerError
    return reason[:_LONGEST_REASON]


def _no_answer(error: BackOfficeUnreachableError) -> Outcome:
    return Later(line_is_cut=True) if isinstance(error, NeverSentError) else NotKnown(line_is_cut=True)
