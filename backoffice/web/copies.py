"""Of what a desk keeps a copy: everything its person sees, or the collections that it names."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from backoffice.errors import BadRequestError
from backoffice.people import Identity
from backoffice.scopes import Scope

_MOST: Final = 100
_LONGEST: Final = 100


def copied(request: Request, identity: Identity) -> Scope:
    """The scope of the asker's copy. Raises BadRequestError for names that no collection can have."""
    named = request.query_params.get("collections")
    return identity.scope.for_mirrors(None if named is None else _names_in(named))


def _names_in(named: str) -> frozenset[str]:
    """The collections; one that this back office does not have is no error: it may be that of a newer desk."""
    names = named.split(",")
    if len(names) > _MOST or not all(one.isascii() and one.isalpha() and len(one) <= _LONGEST for one in names):
        raise BadRequestError("collections must be names, separated by commas.")
    return frozenset(names)
