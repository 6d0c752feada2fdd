"""One HTTP client for everything: no redirects, bounded answers, JSON or an error the clerk can read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import msgspec

from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError

MOST_ANSWER_BYTES = 4 * 1024 * 1024
TIMEOUT = httpx.Timeout(10.0, connect=5.0)


class Transport:
    """Talks to one origin only. Raises BackOfficeUnreachableError or BackOfficeAnswerError, nothing else."""

    def __init__(self, base_url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            base_url=base_url, timeout=TIMEOUT, follow_redirects=False, trust_env=False, transport=transport
        )  # fmt: skip

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def request(
        self, method: str, path: str, *, token: str = "", headers: Mapping[str, str] | None = None, body: object = None
    ) -> httpx.Response:
        """Make a request and read the whole answer, if it is not too large."""
        async with self.stream(method, path, token=token, headers=headers, body=body) as response:
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > MOST_ANSWER_BYTES:
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
        silence: httpx.Timeout = TIMEOUT,
    ) -> AsyncIterator[httpx.Response]:
        """Make a request and hand the answer over before its body is read."""
        sent = {**(headers or {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        content = None
        if body is not None:
            content = msgspec.json.encode(body)
            sent.setdefault("Content-Type", "application/json")
        with as_desk_errors():
            async with self._client.stream(method, path, headers=sent, content=content, timeout=silence) as response:
                if response.is_redirect:
                    raise BackOfficeAnswerError  # the token goes to no other place
                yield response


def json_in(response: httpx.Response, media: str = "application/json") -> Any:
    """The decoded body of an answer that says it is JSON and is."""
    if response.headers.get("content-type", "").partition(";")[0].strip() != media:
        raise BackOfficeAnswerError
    try:
        return msgspec.json.decode(response.content)
    except msgspec.DecodeError as error:
        raise BackOfficeAnswerError from error


@contextmanager
def as_desk_errors() -> Iterator[None]:
    """Turn what httpx raises into what a clerk can act on."""
    try:
        yield
    except (httpx.DecodingError, httpx.InvalidURL) as error:
        raise BackOfficeAnswerError from error
    except (httpx.TransportError, httpx.StreamError) as error:
        raise BackOfficeUnreachableError from error


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """Headers without those that describe how the body travelled."""
    gone = {"content-encoding", "content-length", "transfer-encoding"}
    return {name: value for name, value in headers.items() if name not in gone}
