"""How somebody is let in by a server that knows no sign-in: what they type goes along with each request."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from app.core.clock import Clock, to_wire
from app.core.errors import BackOfficeAnswerError
from app.session.model import SignInRefusedError
from app.sync.errors import GrantEndedError
from app.sync.ports import Grant
from app.tmf.foreign.lists import Lists

BASIC, BEARER = "basic", "bearer"
FOREIGN: Final = "foreign"
_PROOF = "troubleTicket"  # who may not read complaints is no clerk
_OFFLINE = timedelta(days=7)
_TOKEN = re.compile(r"[!-~]{1,3900}", re.ASCII)


class Credentials:
    """What is typed as a password is one (`basic`, RFC 7617), or a token that the server's operator gave out (`bearer`)."""

    def __init__(self, scheme: str, office: str, address: str, clock: Clock) -> None:
        self._scheme = scheme
        self._office = office
        self._address = address
        self._clock = clock

    async def sign_in(self, lists: Lists, user: str, password: str) -> Mapping[str, Any]:
        """Try what was typed, and answer as the desk extension would. Raises SignInRefusedError."""
        if not user or ":" in user or not password:
            raise SignInRefusedError
        token = self._header(user, password)
        try:
            page = await lists.page(Grant(user, token), _PROOF, 0, 1)
        except GrantEndedError as error:
            raise SignInRefusedError from error
        if page is None:
            raise BackOfficeAnswerError
        return {
            "token": token,
            "offlineUntil": to_wire(self._clock.now() + _OFFLINE),
            "user": {"id": user, "name": user, "role": "clerk"},
            "office": self._office,
            "address": self._address,
            "kind": FOREIGN,
        }

    def _header(self, user: str, password: str) -> str:
        if self._scheme == BASIC:
            return f"Basic {b64encode(f'{user}:{password}'.encode()).decode('ascii')}"
        if not _TOKEN.fullmatch(password):
            raise SignInRefusedError
        return f"Bearer {password}"
