"""Of what a desk keeps a copy: everything its person sees, or the collections that it names, and of what lies outside the
home that it names the index of customers only.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from backoffice.errors import BadRequestError
from backoffice.ids import is_id
from backoffice.people import Identity
from backoffice.scopes import Scope

_MIRROR: Final = "mirror"
_MOST: Final = 100
_LONGEST: Final = 100
MOST_OPENED: Final = 250


def copied(request: Request, identity: Identity, opened: frozenset[str] = frozenset()) -> Scope:
    """The scope of the asker's copy, which has these customers opened. Raises BadRequestError for names that no collection
    can have."""
    named, home = request.query_params.get("collections"), request.query_params.get("home")
    if home is not None and identity.scope.party:
        raise BadRequestError("Only desks of the staff have a home.")
    collections = None if named is None else _names_in(named)
    if home is None:
        return identity.scope.for_mirrors(collections)
    return identity.scope.for_mirrors(collections, _territories_in(home), opened)


def customers_in(request: Request, name: str) -> frozenset[str]:
    """The customers that a request names, each in a parameter of its own. Raises BadRequestError."""
    customers = request.query_params.getlist(name)
    if len(customers) > MOST_OPENED or not all(is_id(one) for one in customers):
        raise BadRequestError(f"{name} must be the ids of up to {MOST_OPENED} customers.")
    return frozenset(customers)


def territories_named(request: Request) -> frozenset[str]:
    """The home of the asker's copy as the request names it."""
    home = request.query_params.get("home")
    return frozenset() if home is None else _territories_in(home)


def _territories_in(home: str) -> frozenset[str]:
    """The territories, as records carry them; those that nobody has, or the asker does not see, are no error."""
    names = [one.strip() for one in home.split(",")]
    if len(names) > _MOST or not all(is_id(one) for one in names):
        raise BadRequestError("home must be territories, separated by commas.")
    return frozenset(one.replace("|", "/") for one in names)


def in_view(request: Request, identity: Identity) -> Scope:
    """The scope of what is answered: what a desk asks for to keep it shows no more than its copy does.

    That is what is asked for so (`Desk-View: mirror`), and all that a registered desk changes. Raises BadRequestError.
    """
    asked = request.headers.get("desk-view")
    if asked not in (None, _MIRROR):
        raise BadRequestError(f"Desk-View is {_MIRROR}, or not sent.")
    is_kept = asked == _MIRROR or (identity.device is not None and request.method not in ("GET", "HEAD"))
    return identity.scope.for_mirrors() if is_kept else identity.scope


def _names_in(named: str) -> frozenset[str]:
    """The collections; one that this back office does not have is no error: it may be that of a newer desk."""
    names = named.split(",")
    if len(names) > _MOST or not all(one.isascii() and one.isalpha() and len(one) <= _LONGEST for one in names):
        raise BadRequestError("collections must be names, separated by commas.")
    return frozenset(names)
