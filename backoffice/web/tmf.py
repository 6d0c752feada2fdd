"""Serves every resource of the table under its TM Forum address."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from app.core.permissions import Permission
from backoffice.documents import StoredDocument
from backoffice.errors import BadRequestError, NotFoundError, PreconditionNeededError, WrongMethodError
from backoffice.operations import Act, Answer, etag, matches
from backoffice.people import Identity
from backoffice.querying import find
from backoffice.resources import RESOURCES, Resource
from backoffice.scopes import Scope
from backoffice.web.access import Access, require
from backoffice.web.answers import JSON, json_answer, json_of, media_type_of, number_in, text_answer
from backoffice.web.context import Context
from backoffice.web.listing import Listing, chosen

_MERGE_PATCH: Final = "application/merge-patch+json"
_JSON_PATCH: Final = "application/json-patch+json"
_BODY_TYPES: Final = {"POST": (JSON,), "PATCH": (JSON, _MERGE_PATCH, _JSON_PATCH)}
_MAX_KEY_LENGTH = 255
_BY_PATH: Final = {resource.path: resource for resource in RESOURCES.values()}
_COLLECTION_DEPTH = 4


class Tmf:
    """The endpoint for everything under `/tmf-api/`."""

    def __init__(self, context: Context, access: Access) -> None:
        self._context = context
        self._access = access

    async def serve(self, request: Request) -> Response:
        """Find the resource that is addressed and do what the method says."""
        identity = await self._access.identify(request)
        resource, resource_id = _addressed(request)
        if request.method in ("GET", "HEAD"):
            require(identity, Permission.READ_CUSTOMERS)
            scope = identity.scope
            if resource_id:
                return await self._one(request, scope, resource, resource_id)
            return await self._list(request, scope, resource)
        if request.method not in (allowed := ("PATCH", "DELETE") if resource_id else ("POST",)):
            raise WrongMethodError(", ".join(("GET", "HEAD", *allowed)))
        require(
            identity, Permission.FILE_COMPLAINT if resource.open_lists and request.method == "PATCH" else resource.write
        )
        return await self._change(request, identity, resource, resource_id)

    async def _list(self, request: Request, scope: Scope, resource: Resource) -> Response:
        listing = Listing.asked_for(request.query_params, resource)
        found, total = await self._context.read(lambda: self._find(scope, listing))
        headers = listing.headers(resource.path, len(found), total)
        bodies = [chosen(document.body, listing.fields) for document in found]
        return json_answer(bodies, 200 if len(found) == total else 206, headers)

    def _find(self, scope: Scope, listing: Listing) -> tuple[list[StoredDocument], int]:
        with self._context.store.reading(scope) as reader:
            return find(reader, listing.query)

    async def _one(self, request: Request, scope: Scope, resource: Resource, resource_id: str) -> Response:
        found, tag = await self._context.read(lambda: self._get(scope, resource, resource_id))
        if found is None or found.text is None:
            raise NotFoundError("There is no such resource.")
        if (seen := request.headers.get("if-none-match")) and matches(seen, tag):
            return Response(status_code=304, headers={"ETag": tag})
        if "fields" in request.query_params:
            return json_answer(chosen(found.body, request.query_params["fields"]), headers={"ETag": tag})
        return text_answer(found.text, headers={"ETag": tag})

    def _get(self, scope: Scope, resource: Resource, resource_id: str) -> tuple[StoredDocument | None, str]:
        with self._context.store.reading(scope) as reader:
            found = reader.get(resource.collection, resource_id)
            return found, etag(reader.position().epoch, found.revision if found else 0)

    async def _change(self, request: Request, identity: Identity, resource: Resource, resource_id: str) -> Response:
        _demand_what_desks_owe(request, identity)
        types = _BODY_TYPES.get(request.method)
        act = Act(
            request.method,
            resource,
            resource_id,
            identity.owner,
            content=await json_of(request, *types) if types else None,
            is_json_patch=media_type_of(request) == _JSON_PATCH,
            if_match=request.headers.get("if-match"),
            key=request.headers.get("idempotency-key"),
            sequence=number_in(request.headers, "desk-sequence"),
            acknowledged=number_in(request.headers, "desk-acknowledged"),
        )
        require(identity, act.permission)
        return _told(await self._context.perform(act, identity.scope), resource)


def _addressed(request: Request) -> tuple[Resource, str]:
    """The resource and the id, empty for the collection; from the raw path, since an id may hold a slash."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    steps = [unquote(step) for step in raw.decode("latin-1").strip("/").split("/")]
    resource = _BY_PATH.get("/" + "/".join(steps[:_COLLECTION_DEPTH]))
    if resource is None or len(steps) > _COLLECTION_DEPTH + 1:
        raise NotFoundError("There is nothing at this address.")
    return resource, steps[_COLLECTION_DEPTH] if len(steps) > _COLLECTION_DEPTH else ""


def _demand_what_desks_owe(request: Request, identity: Identity) -> None:
    key = request.headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= _MAX_KEY_LENGTH:
        raise BadRequestError(f"An Idempotency-Key has 1 to {_MAX_KEY_LENGTH} signs.")
    if identity.device is None:
        return
    if key is None:
        raise BadRequestError("A registered desk sends an Idempotency-Key.")
    if request.method in ("PATCH", "DELETE") and "if-match" not in request.headers:
        raise PreconditionNeededError("A registered desk says in If-Match which revision it saw.")


def _told(answer: Answer, resource: Resource) -> Response:
    document = answer.document
    headers: dict[str, Any] = {"ETag": etag(answer.epoch, document.revision)}
    if answer.status == 201:  # noqa: PLR2004 - Created
        headers["Location"] = resource.href(document.id)
    if answer.is_replay:
        headers["Idempotency-Replayed"] = "true"
    if document.text is None:
        return Response(status_code=answer.status, headers=headers)
    return text_answer(document.text, answer.status, headers)
