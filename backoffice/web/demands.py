"""What the back office demands of registered desks, whatever they ask."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from starlette.requests import Request

from app.core.clock import from_wire
from backoffice.errors import BadRequestError
from backoffice.people import Identity

_MAX_KEY_LENGTH: Final = 255


def demand_key_of_desks(request: Request, identity: Identity) -> None:
    """Raise BadRequestError for a key that is none, and for a registered desk that sends none."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= _MAX_KEY_LENGTH:
        raise BadRequestError(f"An Idempotency-Key has 1 to {_MAX_KEY_LENGTH} signs.")
    if identity.device is not None and key is None:
        raise BadRequestError("A registered desk sends an Idempotency-Key.")


def desk_time_in(request: Request, identity: Identity) -> datetime | None:
    """What a registered desk takes for now. Raises BadRequestError where it says no instant."""
    said = request.headers.get("desk-time")
    if said is None or identity.device is None:
        return None
    try:
        return from_wire(said)
    except (ValueError, OverflowError) as error:
        raise BadRequestError("Desk-Time must be an ISO 8601 instant.") from error
