"""Runs the application on one socket until it is told to stop, and then stops promptly."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import structlog
import uvicorn

from backoffice.serving.tls import Tls, TlsError
from backoffice.web.app import build
from backoffice.web.context import Context

_GRACE_SECONDS = 2
_TICK_SECONDS = 1.0  # how old the Date of an answer may be


class BackOfficeServer(uvicorn.Server):
    """A uvicorn that says when it accepts connections and lets open event streams end first."""

    def __init__(self, context: Context, on_start: Callable[[], None], tls: Tls | None = None) -> None:
        super().__init__(_config(context, tls))
        self._context = context
        self._tls = tls
        self._on_start = on_start
        self._wake: Callable[[], object] = _nothing

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then say so."""
        await super().startup(sockets)
        self._on_start()

    async def main_loop(self) -> None:
        """Go on until told to stop, then stop at once; uvicorn's own loop looks ten times a second, also all night."""
        loop, ends = asyncio.get_running_loop(), asyncio.Event()
        self._wake = lambda: loop.call_soon_threadsafe(ends.set)
        try:
            while not await self.on_tick(0):
                with suppress(TimeoutError):
                    async with asyncio.timeout(_TICK_SECONDS):
                        await ends.wait()
        finally:
            self._wake = _nothing

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End on a signal."""
        super().handle_exit(sig, frame)
        self._wake()

    def stop(self) -> None:
        """Ask it to end; may be called from any thread."""
        self.should_exit = True
        self._wake()

    def renew_certificate(self) -> None:
        """Show the certificate that is in the files now; one that cannot be used changes nothing but the log."""
        if self._tls is None:
            return
        try:
            self._tls.renew()
        except TlsError as error:
            structlog.get_logger().error("certificate not renewed", reason=str(error))
        else:
            structlog.get_logger().info("certificate renewed")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the event streams, then everything else."""
        self._context.broker.close()
        await super().shutdown(sockets)


def _nothing() -> None:
    """There is nothing to wake."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that is bound; port 0 takes a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(
        family, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # asyncio sends at once only where TCP is named
    if os.name == "posix":  # elsewhere the option would let two servers share a port
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    return bound


def _config(context: Context, tls: Tls | None) -> uvicorn.Config:
    http: type[asyncio.Protocol] | str = "h11"
    if context.options.test_faults:
        from backoffice.web.faults import BreakableProtocol  # noqa: PLC0415 - exists in test mode only

        http = BreakableProtocol
    return uvicorn.Config(
        build(context),
        http=http,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ssl_context_factory=(lambda *_: tls.context) if tls else None,
    )
