"""What a request does to a document: each act and its result under the idempotency key are one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import msgspec
import structlog
from sqlalchemy.exc import DBAPIError

from app.core.clock import Clock
from app.core.permissions import Permission
from backoffice.auditing import Signature, author_of
from backoffice.bounds import refuse_long_lists
from backoffice.dialect import LostCommitError, has_not_begun
from backoffice.documents import Body, StoredDocument, address_in
from backoffice.errors import (
    BadRequestError,
    ChangedError,
    ConflictError,
    FiledElsewhereError,
    ForbiddenError,
    KeyReusedError,
    NotFoundError,
)
from backoffice.leasing.leasing import Spend, spend
from backoffice.lifecycle import changed, created, stamped
from backoffice.masking import Reveals, hidden, masked, refuse_signs, restored, shown, without_sign
from backoffice.owning import brought, names_in, refuse_long_names
from backoffice.patching import json_patched, merge_patched, only_appends
from backoffice.people import DESK
from backoffice.reading import CommandResult, Key
from backoffice.records import TransactionRecords, unused_id
from backoffice.resources import RESOURCES, Resource
from backoffice.rules import RULES
from backoffice.rules.port import Rule
from backoffice.scopes import Scope
from backoffice.spelling import in_utc
from backoffice.store import Store
from backoffice.writing import Transaction

_OUTSIDE = "That lies outside your territory."
_MERGED_KINDS = ("customer", "party")
_CREATED = 201
_OK = 200
_NO_CONTENT = 204


class Keyed(Protocol):
    """A request that takes effect once under its key; `owner` is whose key it is."""

    @property
    def owner(self) -> str: ...
    @property
    def key(self) -> str | None: ...
    @property
    def sequence(self) -> int | None: ...
    @property
    def acknowledged(self) -> int | None: ...
    @property
    def epoch(self) -> str | None:
        """In which the desk heard of what it acknowledges."""
        ...

    @property
    def fingerprint(self) -> str:
        """The same for the same request."""
        ...


@dataclass(frozen=True, slots=True)
class Act:
    """A request that changes something. `owner` is whose key it is, `parent_id` where a nested resource lies."""

    method: str
    resource: Resource
    id: str
    owner: str
    content: Any = None
    is_json_patch: bool = False
    if_match: str | None = None
    key: str | None = None
    sequence: int | None = None
    acknowledged: int | None = None
    epoch: str | None = None
    desk_time: datetime | None = None  # what the desk that asks takes for now
    parent_id: str = ""
    author: str = ""
    spends: tuple[Spend, ...] = ()  # what it gives out of the leases of its desk
    adopted_from: str = ""  # who decided it, where the author only stands for it with a sign-in that is still good

    @property
    def permission(self) -> Permission:
        """What it takes to do this."""
        if self.method == "DELETE":
            return self.resource.delete
        is_appending = self.is_json_patch and only_appends(self.content, self.resource.open_lists)
        return Permission.FILE_COMPLAINT if is_appending else self.resource.write

    @property
    def fingerprint(self) -> str:
        """The same for the same request, however its JSON was spelled."""
        parts = [self.method, self.resource.collection, self.id, self.is_json_patch, self.content]
        parts += [self.parent_id] if self.parent_id else []
        parts += [[(one.kind, one.item) for one in self.spends]] if self.spends else []
        return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an act led to; `is_replay` if it had been done before under the same key."""

    status: int
    document: StoredDocument
    epoch: str
    is_replay: bool = False


Names = set[tuple[str, str]]  # kinds of record and ids, see `owning.names_in`
Work = Callable[[Transaction], tuple[int, StoredDocument]]  # the status to answer with, and what was made


class Operations:
    """Carries out acts on the store, one at a time."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def perform(self, act: Act, scope: Scope) -> Answer:
        """Do it once, or say again what became of it. Raises RefusedError; then nothing was changed."""
        return _as_seen(self._store.run(lambda transaction: self._perform(transaction, act), scope), scope)

    def perform_together(self, acts: Sequence[tuple[Act, Scope]]) -> list[Answer | Exception]:
        """Do several with one commit, each once and for itself, and say of each what became of it."""
        slots = [(act.owner, act.key) for act, _ in acts if act.key]
        spends = any(act.spends for act, _ in acts)  # what one that is refused had spent would be spent with the others
        are_apart = len(slots) == len({key for _, key in slots})
        if len(acts) > 1 and are_apart and not spends:
            works = [(partial(self._begin, act=act), scope) for act, scope in acts]
            try:
                outcomes = self._store.together(works, slots)
                return [
                    _as_seen(one, scope) if isinstance(one, Answer) else one
                    for one, (_, scope) in zip(outcomes, acts, strict=True)
                ]
            except LostCommitError as error:  # to do them again could do them twice
                return [error] * len(acts)
            except Exception as error:  # noqa: BLE001 - nothing was done, and each hears of its own alone
                if isinstance(error, DBAPIError) and has_not_begun(error):
                    return [error for _ in acts]  # who waited for all of them does not wait for each again
                structlog.get_logger().info("not together", acts=len(acts), error=type(error).__name__)
        return [self._outcome(act, scope) for act, scope in acts]

    def _outcome(self, act: Act, scope: Scope) -> Answer | Exception:
        try:
            return self.perform(act, scope)
        except Exception as error:  # noqa: BLE001 - handed to whoever asked
            return error

    def once(self, request: Keyed, scope: Scope, work: Work) -> Answer:
        """Do the work of a request once, or say again what became of it."""
        return self._store.run(lambda transaction: _once(transaction, request, work), scope)

    def _perform(self, transaction: Transaction, act: Act) -> Answer:
        ended = self._begin(transaction, act)
        transaction.flush()
        return ended()

    def _begin(self, transaction: Transaction, act: Act) -> Callable[[], Answer]:
        """Do it up to what is to be written; the function tells what became of it once it is."""
        replay = _known(transaction, act)
        if replay is not None:
            return lambda: replay
        if act.method == "POST":
            _refuse_what_is_filed(transaction, act)
        if act.spends:
            spend(transaction, act.owner.removeprefix(DESK), act.key or "", act.spends)
        status, document_id = _carry_out(transaction, act, self._clock.now())
        done = f"{act.method}, adopted from {act.adopted_from}" if act.adopted_from else act.method
        transaction.signature = Signature(act.author, act.owner, done, f"{act.resource.collection}/{document_id}")
        return partial(_ended, transaction, act, status, document_id)


def _ended(transaction: Transaction, act: Act, status: int, document_id: str) -> Answer:
    _refuse_merged(transaction)
    key = (act.resource.collection, document_id)
    document = transaction.written.get(key) if transaction.scope.is_everything else None
    document = document or transaction.get(*key)
    if document is None:
        raise ForbiddenError(_OUTSIDE)
    _remember(transaction, act, status, document)
    return Answer(status, document, transaction.epoch())


def _as_seen(answer: Answer, scope: Scope) -> Answer:
    """The answer as whoever asked may see it."""
    return replace(answer, document=shown(answer.document, scope.reveals))


def etag(epoch: str, revision: int) -> str:
    """The entity tag of a resource at a revision."""
    return f'"{epoch}-{revision}"'


def _once(transaction: Transaction, request: Keyed, work: Work) -> Answer:
    replay = _known(transaction, request)
    if replay is not None:
        return replay
    status, document = work(transaction)
    _remember(transaction, request, status, document)
    return Answer(status, document, transaction.epoch())


def _known(transaction: Transaction, request: Keyed) -> Answer | None:
    """What became of the request, if it was done before. Raises RefusedError if it may not be done now."""
    known = transaction.claim((request.owner, request.key)) if request.key else None
    if known is not None:
        return _replay(transaction, request, known)
    _refuse_what_has_ended(transaction, request)
    return None


def _replay(transaction: Transaction, act: Keyed, known: CommandResult) -> Answer:
    if known.fingerprint != act.fingerprint:
        raise KeyReusedError("This Idempotency-Key belongs to another request.")
    text = known.answer
    if text is not None and transaction.get(known.collection, known.id) is None:
        text = address_in(text)  # it is out of view by now
    document = StoredDocument(known.collection, known.id, known.revision, text)
    return Answer(known.status, document, transaction.epoch(), is_replay=True)


def _refuse_what_is_filed(transaction: Transaction, act: Act) -> None:
    """What was begun at one desk and gone on with at another keeps its key, and is filed at one of them."""
    if act.key and act.owner.startswith(DESK):
        for filed in transaction.recall_of_others(act.owner, act.key):
            if filed.device.startswith(DESK):
                subject = f"{filed.collection}/{filed.id}"
                raise FiledElsewhereError(author_of(transaction.connection, filed.device, subject))


def _refuse_what_has_ended(transaction: Transaction, act: Keyed) -> None:
    """A late copy of a request whose key was forgotten must not take effect a second time."""
    if act.acknowledged is not None and (act.sequence is None or act.acknowledged >= act.sequence):
        raise BadRequestError("A desk acknowledges only what it numbered before this command.")
    if act.sequence is not None and act.sequence <= transaction.acknowledged(act.owner):
        raise ConflictError("The desk has said that this command has ended.")


def _remember(transaction: Transaction, act: Keyed, status: int, document: StoredDocument) -> None:
    if act.key:
        place = (document.collection, document.id, document.revision, document.text)
        transaction.remember(CommandResult(act.owner, act.key, act.fingerprint, act.sequence, status, *place))
    is_of_now = act.epoch in (None, transaction.epoch())  # else it may acknowledge what a restore has taken away
    if act.acknowledged is not None and is_of_now and act.acknowledged > transaction.acknowledged(act.owner):
        transaction.acknowledge(act.owner, act.acknowledged)


def _carry_out(transaction: Transaction, act: Act, now: datetime) -> tuple[int, str]:
    """Put what the act leads to, by itself and by its rule; returns the status to answer with and the resource's id."""
    records = TransactionRecords(transaction, now, act.author)
    rule = RULES[act.resource.rule] if act.resource.rule else Rule()
    parent = _parent_of(act, records)
    if act.method == "POST":
        wanted = without_sign(_as_object(act.content))
        for name, body in ((act.resource.collection, wanted), *brought(act.resource.collection, wanted)):
            refuse_signs(RESOURCES[name], {}, body)
        refuse_long_lists(act.resource, {}, wanted)
        new = created(act.resource, wanted, unused_id(transaction, act.resource, now), now, parent, act.desk_time)
        _refuse_strangers(transaction, names_in(act.resource.collection, new))  # a rule may make records of it
        new = in_utc(stamped(act.resource, new, rule.created(new, records), now))
        refuse_long_names(act.resource.collection, {}, new)
        named = names_in(act.resource.collection, new)
        _refuse_strangers(transaction, named)
        transaction.names = _records_of(named)
        transaction.put(act.resource.collection, new["id"], new)
        return _CREATED, new["id"]
    before = _wanted(transaction, act)
    if act.method == "DELETE":
        rule.deleted(before.body, records)
        transaction.put(before.collection, before.id, None)
        return _NO_CONTENT, before.id
    wanted = _patched(act, before.body, transaction.scope.reveals)
    refuse_long_lists(act.resource, before.body, wanted)
    told = act.content if isinstance(act.content, dict) else ()
    after = changed(act.resource, before.body, wanted, now, told)
    if _said(act.resource, in_utc(after)) == _said(act.resource, before.body):  # nothing to tell anybody
        return _OK, before.id
    after = in_utc(stamped(act.resource, after, rule.changed(before.body, after, records), now, told))
    refuse_long_names(act.resource.collection, before.body, after)
    named = names_in(before.collection, after) - names_in(before.collection, before.body)
    _refuse_strangers(transaction, named)
    transaction.names = _records_of(named)
    transaction.put(before.collection, before.id, after)
    return _OK, before.id


def _said(resource: Resource, body: Body) -> bytes:
    """All that a body says but when it was changed."""
    return msgspec.json.encode({name: body[name] for name in body if name != resource.updated}, order="sorted")


def _refuse_strangers(transaction: Transaction, named: Names) -> None:
    """Who sees only a part gives nothing to whom they do not see, and does not learn whether there is such a one."""
    if transaction.scope.is_everything:
        return
    for kind, name in named:
        found = [one for collection in _collections(kind) for one in transaction.get_many(collection, [name])]
        if not any(one.text for one in found):
            raise ForbiddenError(_OUTSIDE)


def _refuse_merged(transaction: Transaction) -> None:
    """Whoever is merged into another one gets nothing new. Asked in one's turn: no merge comes in between."""
    for (collection, _), survivor in transaction.survivors().items():
        raise ConflictError(
            "That customer was merged into another one: Location says which.",
            {"Location": RESOURCES[collection].href(survivor, {})},
        )


def _records_of(named: Names) -> set[Key]:
    """The customers and parties among what is named."""
    return {(collection, name) for kind, name in named if kind in _MERGED_KINDS for collection in _collections(kind)}


def _collections(kind: str) -> tuple[str, ...]:
    return ("individual", "organization") if kind == "party" else (kind,)


def _parent_of(act: Act, records: TransactionRecords) -> Body | None:
    """What a nested resource lies under. Raises NotFoundError if that is not there."""
    if not act.resource.parent:
        return None
    parent = records.get(act.resource.parent, act.parent_id)
    if parent is None:
        raise NotFoundError("There is no such resource.")
    return parent


def _wanted(transaction: Transaction, act: Act) -> StoredDocument:
    found = transaction.get(act.resource.collection, act.id)
    if found is None or found.text is None or act.resource.parent_of(found.body) != act.parent_id:
        raise NotFoundError("There is no such resource.")
    if act.if_match is not None and not matches(act.if_match, etag(transaction.epoch(), found.revision)):
        raise ChangedError("It was changed since you saw it.")
    return found


def matches(condition: str, tag: str) -> bool:
    """Whether an If-Match or If-None-Match header names `tag`."""
    named = [part.strip().removeprefix("W/") for part in condition.split(",")]
    return "*" in named or tag in named


def _patched(act: Act, before: Body, reveals: Reveals) -> Body:
    """The real resource after a patch of what its sender sees of it."""
    seen = masked(before, hidden(act.resource.collection, reveals))
    if act.is_json_patch:
        wanted = json_patched(seen, act.content, act.resource.lists)
    else:
        wanted = _as_object(merge_patched(seen, _as_object(act.content)))
    after = restored(act.resource, before, wanted, reveals)
    refuse_signs(act.resource, before, after)
    return after


def _as_object(content: Any) -> Body:
    if not isinstance(content, dict):
        raise BadRequestError("The body must be a JSON object.")
    return content
