"""Serves every resource of the table under its TM Forum address."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote_to_bytes

from starlette.requests import Request
from starlette.responses import Response

from app.core.permissions import Permission
from backoffice.documents import StoredDocument
from backoffice.errors import BadRequestError, NotFoundError, PreconditionNeededError, WrongMethodError
from backoffice.ids import LONGEST
from backoffice.masking import shown
from backoffice.operations import Act, Answer, etag, matches
from backoffice.people import Identity
from backoffice.querying import listed
from backoffice.reading import Reader, tagged
from backoffice.scopes import Scope
from backoffice.web.access import Access, require
from backoffice.web.addresses import Address, addressed
from backoffice.web.answers import JSON, json_answer, json_of, media_type_of, number_in, text_answer
from backoffice.web.context import Context
from backoffice.web.copies import in_view
from backoffice.web.demands import demand_key_of_desks, desk_time_in
from backoffice.web.leases import spends_in
from backoffice.web.listing import Listing, chosen, every
from backoffice.web.negotiating import demand_json_is_taken

_MERGE_PATCH: Final = "application/merge-patch+json"
_JSON_PATCH: Final = "application/json-patch+json"
_BODY_TYPES: Final = {"POST": (JSON,), "PATCH": (JSON, _MERGE_PATCH, _JSON_PATCH)}


class Tmf:
    """The endpoint for everything under `/tmf-api/`."""

    def __init__(self, context: Context, access: Access) -> None:
        self._context = context
        self._access = access

    async def serve(self, request: Request) -> Response:
        """Find the resource that is addressed and do what the method says."""
        identity = await self._access.identify(request)
        address = addressed(request.scope.get("raw_path") or request.scope["path"].encode())
        if request.method not in address.methods:
            raise WrongMethodError(", ".join(address.methods))
        demand_json_is_taken(request)
        resource = address.resource
        scope = in_view(request, identity)
        if request.method in ("GET", "HEAD"):
            require(identity, Permission.READ_CUSTOMERS)
            if address.id:
                return await self._one(request, scope, address)
            return await self._list(request, scope, address)
        require(
            identity, Permission.FILE_COMPLAINT if resource.open_lists and request.method == "PATCH" else resource.write
        )
        return await self._change(request, identity, scope, address)

    async def _list(self, request: Request, scope: Scope, address: Address) -> Response:
        listing = Listing.asked_for(request.query_params, address)
        found, total = await self._context.read(lambda: self._find(scope, address, listing))
        headers = listing.headers(address.path, len(found), total)
        return text_answer(listing.told(found), 200 if len(found) == total else 206, headers)

    def _find(self, scope: Scope, address: Address, listing: Listing) -> tuple[list[StoredDocument], int | None]:
        with self._context.store.reading(scope) as reader:
            _demand_parent(reader, address)
            return listed(reader, listing.query)

    async def _one(self, request: Request, scope: Scope, address: Address) -> Response:
        if address.resource.parent:
            found, tag = await self._context.read(lambda: self._get_nested(scope, address))
        else:
            found, tag = await self._context.look_up(lambda: self._get(scope, address))
        if found is None or found.text is None:
            raise NotFoundError("There is no such resource.")
        if (seen := request.headers.get("if-none-match")) and matches(seen, tag):
            return Response(status_code=304, headers={"ETag": tag})
        if (fields := every(request.query_params, "fields")) is not None:
            return json_answer(chosen(found.body, fields), headers={"ETag": tag})
        return text_answer(found.text, headers={"ETag": tag})

    def _get(self, scope: Scope, address: Address) -> tuple[StoredDocument | None, str]:
        if "\x00" in address.id:
            return None, ""
        row = self._context.store.look_up(tagged(scope), collection=address.resource.collection, id=address.id)
        if row is None:
            return None, ""
        *columns, epoch = row
        found = shown(StoredDocument(*columns), scope.reveals)
        return found, etag(epoch, found.revision)

    def _get_nested(self, scope: Scope, address: Address) -> tuple[StoredDocument | None, str]:
        resource = address.resource
        with self._context.store.reading(scope) as reader:
            _demand_parent(reader, address)
            found = reader.get(resource.collection, address.id)
            if found is not None and resource.parent_of(found.body) != address.parent_id:
                found = None
            return found, etag(reader.position().epoch, found.revision if found else 0)

    async def _change(self, request: Request, identity: Identity, scope: Scope, address: Address) -> Response:
        _demand_what_desks_owe(request, identity)
        types = _BODY_TYPES.get(request.method)
        act = Act(
            request.method,
            address.resource,
            address.id,
            identity.owner,
            content=await json_of(request, *types) if types else None,
            is_json_patch=media_type_of(request) == _JSON_PATCH,
            if_match=request.headers.get("if-match"),
            key=request.headers.get("idempotency-key"),
            sequence=number_in(request.headers, "desk-sequence"),
            acknowledged=number_in(request.headers, "desk-acknowledged"),
            epoch=request.headers.get("desk-epoch"),
            desk_time=desk_time_in(request, identity),
            parent_id=address.parent_id,
            author=identity.person.id,
            spends=spends_in(request.headers, identity),
            adopted_from=_adopted_from(request, identity),
        )
        require(identity, act.permission)
        return _told(await self._context.perform(act, scope))


def _demand_parent(reader: Reader, address: Address) -> None:
    """Nothing lies below what is not there. Raises NotFoundError."""
    parent = reader.get(address.resource.parent, address.parent_id) if address.resource.parent else None
    if address.resource.parent and (parent is None or parent.text is None):
        raise NotFoundError("There is no such resource.")


def _demand_what_desks_owe(request: Request, identity: Identity) -> None:
    demand_key_of_desks(request, identity)
    if identity.device is None:
        return
    if request.method in ("PATCH", "DELETE") and "if-match" not in request.headers:
        raise PreconditionNeededError("A registered desk says in If-Match which revision it saw.")


def _adopted_from(request: Request, identity: Identity) -> str:
    """Who decided what this person adopts; empty where they decided it. Raises ForbiddenError or BadRequestError.

    The author may be of the staff no longer: that is what adoption is for. Whoever adopts answers for the name.
    """
    author = _author_in(request)
    if author in ("", identity.person.id):
        return ""
    require(identity, Permission.ADOPT_COMMANDS)
    return author


def _author_in(request: Request) -> str:
    """Whom `Desk-Author` names; what could be read as several, or not at all, names nobody. Raises BadRequestError."""
    said = request.headers.get("desk-author", "")
    try:
        author = unquote_to_bytes(said.encode("ascii")).decode()
    except UnicodeError as error:
        raise BadRequestError("Desk-Author is percent-encoded UTF-8.") from error
    if author and (len(author) > LONGEST or not author.isprintable() or "," in author):
        raise BadRequestError(f"Desk-Author names a person by an id of up to {LONGEST} signs.")
    return author


def _told(answer: Answer) -> Response:
    document = answer.document
    headers: dict[str, Any] = {"ETag": etag(answer.epoch, document.revision)}
    if answer.status == 201:  # noqa: PLR2004 - Created
        headers["Location"] = document.body["href"]
    if answer.is_replay:
        headers["Idempotency-Replayed"] = "true"
    if document.text is None:
        return Response(status_code=answer.status, headers=headers)
    return text_answer(document.text, answer.status, headers)
