"""The embedded back office of the demonstration: a process of its own, on a free loopback port, with a secret of its own."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any

from app.bootstrap.logs import log_fact
from app.bootstrap.places import Start
from app.bootstrap.processes import Helper
from app.core.errors import BackOfficeUnreachableError

START_S = 60.0
RESTART_S = 2.0


class EmbeddedOffice:
    """Ends with the desk. `secret` signs its demonstration clerk in, in this run only."""

    def __init__(self, start: Start) -> None:
        self.secret = secrets.token_urlsafe(32)
        self.address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        start.office_folder.mkdir(parents=True, exist_ok=True)
        self._start = start
        self._port = 0
        self._restart: asyncio.TimerHandle | None = None
        self._reaping: asyncio.Future[None] | None = None
        self._is_closing = False
        self._helper: Helper | None = None

    def start(self) -> None:
        """Start the process, once."""
        if self._helper is None:
            self._run()

    async def answering(self) -> str:
        """Wait until it answers; returns its address. Raises BackOfficeUnreachableError."""
        try:
            async with asyncio.timeout(START_S):
                return await asyncio.shield(self.address)
        except TimeoutError as error:
            raise BackOfficeUnreachableError from error

    async def close(self) -> None:
        """End the process."""
        self._is_closing = True
        if self._restart is not None:
            self._restart.cancel()
        if not self.address.done():
            self.address.cancel()
        if self._helper is not None:
            await self._helper.end()
        if self._reaping is not None:
            await self._reaping

    def _run(self) -> None:
        database = str(self._start.office_folder / "office.db")
        customers = str(self._start.settings.number("demonstration_customers"))
        arguments = ["serve", "--embedded", "--database", database, "--demonstration", customers]
        arguments += ["--port", str(self._port)]
        helper = Helper("backoffice", "backoffice", arguments, {"secret": self.secret}, self._start.log_folder)
        helper.listen(self._said, self._ended)
        self._helper = helper

    def _said(self, line: str) -> None:
        said: dict[str, Any] = json.loads(line)
        self._port = said["port"]
        if not self.address.done():
            self.address.set_result(f"http://127.0.0.1:{self._port}")

    def _ended(self) -> None:
        if self._is_closing:
            return
        log_fact("the embedded back office ended by itself")
        if not self.address.done():  # it never answered: starting it again would only fail again
            self.address.set_exception(BackOfficeUnreachableError())
            return
        self._restart = asyncio.get_running_loop().call_later(RESTART_S, self._again)

    def _again(self) -> None:
        ended = self._helper
        self._run()
        if ended is not None:
            self._reaping = asyncio.ensure_future(ended.end())
