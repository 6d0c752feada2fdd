"""One HTTP client for everything: one origin, no redirects, no cookies, and a bound on the size and time of an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
import msgspec

from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError, NeverSentError
from app.core.trust import trusted_authorities
from app.tmf.unpacking import ACCEPTED, unpacked

MOST_ANSWER_BYTES = 4 * 1024 * 1024
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
WHOLE_ANSWER_S = 60.0  # from the first byte sent to the last one read, however steadily it drips
HEADERS_S = 30.0


class Transport:
    """Talks to one origin only. Raises BackOfficeUnreachableError or BackOfficeAnswerError, nothing else."""

    def __init__(self, base_url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            base_url=base_url, follow_redirects=False, trust_env=False, transport=transport, verify=trusted_authorities(),
            headers={"Accept-Encoding": ACCEPTED}, cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )  # fmt: skip

    @property
    def address(self) -> str:
        """Where the back office is, as a desk is told to find it."""
        return str(self._client.base_url).rstrip("/")

    @property
    def origin(self) -> str:
        """The address without its path."""
        url = self._client.base_url
        return f"{url.scheme}://{url.netloc.decode()}"

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def request(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        body: object = None,
        most: int = MOST_ANSWER_BYTES,
        silence: httpx.Timeout | None = None,
    ) -> httpx.Response:
        """Make a request and read the whole answer, if it is not larger than `most` bytes."""
        with as_desk_errors():
            async with (
                asyncio.timeout(WHOLE_ANSWER_S),
                self.stream(method, path, token=token, headers=headers, body=body, silence=silence) as response,
            ):
                content = bytearray()
                async for piece in unpacked(response):
                    content += piece
                    if len(content) > most:
                        raise BackOfficeAnswerError
        return httpx.Response(response.status_code, headers=_plain(response.headers), content=bytes(content))

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        body: object = None,
        silence: httpx.Timeout | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """Make a request and hand the answer over before its body is read."""
        sent = {**(headers or {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        content = None
        if body is not None:
            content = msgspec.json.encode(body)
            sent.setdefault("Content-Type", "application/json")
        request = self._client.build_request(method, path, headers=sent, content=content, timeout=silence or TIMEOUT)
        with as_desk_errors():
            async with asyncio.timeout(HEADERS_S):
                response = await self._client.send(request, stream=True)
            try:
                if response.is_redirect:
                    raise BackOfficeAnswerError  # the token goes to no other place
                yield response
            finally:
                await response.aclose()


@contextmanager
def as_desk_errors() -> Iterator[None]:
    """Turn what httpx raises into what a clerk can act on."""
    try:
        yield
    except (httpx.DecodingError, httpx.InvalidURL) as error:
        raise BackOfficeAnswerError from error
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NeverSentError from error
    except (httpx.TransportError, httpx.StreamError, TimeoutError) as error:
        raise BackOfficeUnreachableError from error


def _plain(headers: httpx.Headers) -> list[tuple[bytes, bytes]]:
    """Headers without those that describe how the body travelled; as bytes, for they may hold anything."""
    gone = {b"content-encoding", b"content-length", b"transfer-encoding"}
    return [(name, value) for name, value in headers.raw if name.lower() not in gone]
