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


class EmbeddedOffice:
    """Started with the desk, ends with it. `secret` signs its demonstration clerk in, in this run only."""

    def __init__(self, start: Start) -> None:
        self.secret = secrets.token_urlsafe(32)
        self.address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        start.office_folder.mkdir(parents=True, exist_ok=True)
        database = str(start.office_folder / "office.db")
        customers = str(start.settings.number("demonstration_customers"))
        arguments = ["serve", "--embedded", "--database", database, "--demonstration", customers]
        self._helper = Helper("backoffice", "backoffice", arguments, {"secret": self.secret}, start.log_folder)
        self._helper.listen(self._said, self._ended)

    async def answering(self) -> str:
        """Wait until it answers; returns its address. Raises BackOfficeUnreachableError."""
        try:
            return await asyncio.wait_for(asyncio.shield(self.address), START_S)
        except TimeoutError as error:
            raise BackOfficeUnreachableError from error

    async def close(self) -> None:
        """End the process."""
        if not self.address.done():
            self.address.cancel()
        await self._helper.end()

    def _said(self, line: str) -> None:
        said: dict[str, Any] = json.loads(line)
        if not self.address.done() and "port" in said:
            self.address.set_result(f"http://127.0.0.1:{said['port']}")

    def _ended(self) -> None:
        log_fact("the embedded back office ended")
        if not self.address.done():
            self.address.set_exception(BackOfficeUnreachableError())
