"""Takes an event to a listener over HTTP: to the address that was checked and nowhere else, within a time, believing nothing."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from socket import SOCK_STREAM, getaddrinfo
from typing import Final

import httpx

from app.core.trust import trusted_authorities
from backoffice import VERSION
from backoffice.hub.callbacks import Callback, may_be_reached

_MOST_ANSWER_BYTES: Final = 64 * 1024
_LOOKUPS_AT_ONCE: Final = 16
_HEADERS: Final = {"Content-Type": "application/json;charset=utf-8", "User-Agent": f"Trunkline/{VERSION}"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt: taken, or why not and how long the listener wants to be left alone."""

    is_taken: bool
    why: str = ""
    retry_after_s: float | None = None


class Courier:
    """What all listeners share: the certificates that are trusted and the threads that look names up."""

    def __init__(self, time_limit_s: float) -> None:
        self._time_limit_s = time_limit_s
        self._trusted = trusted_authorities()
        self._lookups = ThreadPoolExecutor(_LOOKUPS_AT_ONCE, "hub-lookup")  # a slow name keeps no reader waiting

    def client(self) -> httpx.AsyncClient:
        """Connections to one listener: shared with another, a certificate would be checked for the wrong one."""
        return httpx.AsyncClient(
            follow_redirects=False, trust_env=False, verify=self._trusted, timeout=self._time_limit_s,
            headers=_HEADERS, cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )  # fmt: skip

    async def deliver(self, client: httpx.AsyncClient, callback: Callback, message: bytes, now: datetime) -> Outcome:
        """Try once. Only 2xx is taken; a redirect is not followed."""
        try:
            async with asyncio.timeout(self._time_limit_s):
                return await self._post(client, callback, message, now)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, TimeoutError) as error:
            return Outcome(is_taken=False, why=type(error).__name__)

    def close(self) -> None:
        """Let go of the threads."""
        self._lookups.shutdown(wait=False)

    async def _post(self, client: httpx.AsyncClient, callback: Callback, message: bytes, now: datetime) -> Outcome:
        url, headers = httpx.URL(callback.url), {}
        extensions = {}
        if callback.is_named or callback.host == "localhost":
            address = await self._looked_up(callback)
            if address is None:
                return Outcome(is_taken=False, why="the host leads to no address that may be called")
            headers["Host"] = url.netloc.decode()
            extensions["sni_hostname"] = callback.host
            url = url.copy_with(host=address)  # the one that was looked at, whatever the name leads to next
        async with client.stream("POST", url, content=message, headers=headers, extensions=extensions) as response:
            await _read_away(response)
            told = _seconds(response.headers.get("retry-after", ""), now)
            return Outcome(response.is_success, str(response.status_code), None if response.is_success else told)

    async def _looked_up(self, callback: Callback) -> str | None:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._lookups, lambda: getaddrinfo(callback.host, callback.port, type=SOCK_STREAM)
        )
        addresses = [str(address[0]) for *_, address in found]
        return next((one for one in addresses if may_be_reached(one, callback)), None)


async def _read_away(response: httpx.Response) -> None:
    """Read what it says, so that the connection can be used again; not for ever."""
    size = 0
    async for piece in response.aiter_raw():
        size += len(piece)
        if size > _MOST_ANSWER_BYTES:
            return


def _seconds(retry_after: str, now: datetime) -> float | None:
    """Retry-After in seconds, which may be given as an instant (RFC 9110)."""
    told = retry_after.strip()
    if told.isascii() and told.isdigit():
        return float(told[:9])
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
