"""Jobs that move parts of the catalogue (TMF620): each is at its end when it is answered.

An import reads resources from its `url` if that is a `data:` URL, which carries them itself as JSON, one or a list, and
adds them to the collection that `path` ends with; one wrong resource fails the whole job and adds none. This back office
fetches nothing from other hosts and writes nothing to them: any other import and every export ends as `Failed`, and
`errorLog` says so and where the data can be read instead.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import msgspec

from app.core.clock import to_wire
from backoffice.errors import BadRequestError
from backoffice.rules.parts import text_at
from backoffice.rules.port import MOST, Body, Records, Rule

COLLECTIONS: Final = ("catalog", "category", "productOffering", "productOfferingPrice", "productSpecification")
_FETCHES_NOTHING: Final = "This back office fetches nothing from other hosts. Send the resources in a data: URL."
_WRITES_NOTHING: Final = "This back office writes nothing to other hosts. Read the list of the resource instead."


def _imported(job: Body, records: Records) -> Body:
    try:
        collection, resources = _collection_of(job), _resources_in(text_at(job, "url"))
        for resource in resources:
            records.check(collection, resource)
    except BadRequestError as error:
        return _ended(job, records, error.reason)
    for resource in resources:
        records.add(collection, resource)
    return _ended(job, records)


def _exported(job: Body, records: Records) -> Body:
    return _ended(job, records, _WRITES_NOTHING)


def _ended(job: Body, records: Records, problem: str = "") -> Body:
    end = {"status": "Failed", "errorLog": problem} if problem else {"status": "Succeeded"}
    return {**job, **end, "completionDate": to_wire(records.now)}


def _collection_of(job: Body) -> str:
    collection = text_at(job, "path").rstrip("/").rpartition("/")[2]
    if collection not in COLLECTIONS:
        raise BadRequestError(f"path ends with one of: {', '.join(COLLECTIONS)}.")
    return collection


def _resources_in(url: str) -> list[Body]:
    scheme, _, rest = url.partition(":")
    kind, comma, written = rest.partition(",")
    if scheme.lower() != "data" or not comma:
        raise BadRequestError(_FETCHES_NOTHING)
    try:
        content = unquote_to_bytes(written)
        found: Any = msgspec.json.decode(
            base64.b64decode(content, validate=True) if kind.endswith(";base64") else content
        )
    except (binascii.Error, msgspec.DecodeError, RecursionError) as error:
        raise BadRequestError("The data: URL holds no JSON.") from error
    resources = found if isinstance(found, list) else [found]
    if not all(isinstance(one, dict) for one in resources) or len(resources) > MOST:
        raise BadRequestError(f"The data: URL holds one resource or a list of at most {MOST}.")
    return resources


IMPORT: Final = Rule(_imported)
EXPORT: Final = Rule(_exported)
