"""The desk as `main.py` starts it, worked by keys that another program asks for: one JSON object in and out for each.

`keys`: types texts into the box and tells how long each key took to its painted rows. `first`: presses one key as soon as
there is a window, and tells when it was answered. `open`: finds customers by their number and tells how long Enter took
to the painted page. `rebuild`: has the whole copy made anew. `wait`: until the copy is in step.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from PySide6.QtWidgets import QApplication

from app.bootstrap import window
from app.bootstrap.places import Arguments, Start
from app.bootstrap.workstation import LocalWorkstation

if TYPE_CHECKING:
    from app.sync.status import SyncStatus
    from ui.workstation import Desk, Opening

_PATIENCE_S = 60.0
_IN_STEP_S = 900.0


class DrivenWorkstation(LocalWorkstation):
    """The desk's own workstation, which lets the driver in as soon as the first frame is painted."""

    def __init__(self, start: Start, *, on_opening: Callable[[], None]) -> None:
        super().__init__(start, on_opening=on_opening)
        self.is_served = threading.Event()
        self.is_in_step = threading.Event()
        self.is_building = threading.Event()

    async def open(self) -> Opening:
        """Open the desk; the driver works beside that from now on."""
        import asyncio  # noqa: PLC0415 - as in the product, after the first frame

        self._loop = asyncio.get_running_loop()
        self.on_status(self._note)
        threading.Thread(target=Driver(self).work, name="driver", daemon=True).start()
        return await super().open()

    async def sign_in_demonstration(self) -> Desk:
        """Sign the demonstration clerk in."""
        desk = await super().sign_in_demonstration()
        self._loop.call_soon(self.is_served.set)
        return desk

    def rebuild(self) -> bool:
        """Have the copy made anew, as after damage; returns once that has begun, False where it does not."""
        self.is_in_step.clear()
        self._loop.call_soon_threadsafe(self._desk().tell_sync, "rebuild")
        return self.is_building.wait(_PATIENCE_S)

    def _note(self, status: SyncStatus) -> None:
        if status.is_building:
            self.is_building.set()
            self.is_in_step.clear()
            return
        self.is_building.clear()
        if status.as_of is not None and status.line == "online":
            self.is_in_step.set()


class Driver:
    """Does what is asked, on a thread of its own. Made on the window's."""

    def __init__(self, workstation: DrivenWorkstation) -> None:
        from benchmarks.typist import Typist  # noqa: PLC0415 - the window's own modules, after its first frame
        from ui.search.view_model import SearchViewModel  # noqa: PLC0415
        from ui.shell.window import ShellWindow  # noqa: PLC0415

        self._workstation = workstation
        self._window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ShellWindow))
        self._search = next(one for one in self._window.findChildren(SearchViewModel))
        self._typist = Typist(self._window)
        self._search.changed.connect(self._typist.frames.answer)

    def work(self) -> None:
        """Until there are no more lines; then close the window."""
        from PySide6.QtCore import QMetaObject, Qt  # noqa: PLC0415

        from benchmarks.typist import say  # noqa: PLC0415

        for line in sys.stdin:
            say(**self._done(json.loads(line)))
        QMetaObject.invokeMethod(self._window, "close", Qt.ConnectionType.QueuedConnection)

    def _done(self, asked: dict[str, Any]) -> dict[str, Any]:
        match asked["do"]:
            case "first":
                return self._first(asked["key"])
            case "keys":
                return {"keys": [key for text in asked["texts"] for key in self._typed(text)]}
            case "open":
                return {"opened": [self._opened(one) for one in asked["ids"]]}
            case "rebuild":
                return {"has_begun": self._workstation.rebuild()}
            case "wait":
                return {"is_in_step": self._workstation.is_in_step.wait(_IN_STEP_S)}
        raise ValueError(asked["do"])

    def _first(self, key: str) -> dict[str, int]:
        _, wish = self._typist.press(
            key, lambda: self._shows(key) and bool(self._search.state.hits), patience_s=_PATIENCE_S
        )
        return {"answered_at": wish.answered_at, "painted_at": wish.painted_at}

    def _typed(self, text: str) -> Iterator[dict[str, Any]]:
        self._workstation.is_served.wait(_PATIENCE_S)
        for told in self._typist.type(text, self._shows):
            yield {**told, "is_building": self._workstation.is_building.is_set()}

    def _opened(self, customer_id: str) -> dict[str, Any]:
        from benchmarks.typist import times  # noqa: PLC0415

        for _ in self._typed(customer_id.lower()):
            pass
        told = times(*self._typist.press("Return", lambda: self._page_shown() == customer_id))
        self._typist.settle()
        self._typist.settle("F12")
        return {"id": customer_id, **told}

    def _shows(self, typed: str) -> bool:
        state = self._search.state
        return bool(state.is_answered and state.typed == typed and state.error is None)

    def _page_shown(self) -> str:
        """Whose page is in view with everything it holds."""
        from ui.customer.page import CustomerPage  # noqa: PLC0415

        page = self._window.stack.currentWidget()
        if not isinstance(page, CustomerPage) or page.view_model.state.overview is None:
            return ""
        return page.view_model.state.customer_id


def main(profile: str, sync: str) -> int:
    """Run the window until it is told to end. `sync` is `process`, as in the product, or `thread`."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(window, "LocalWorkstation", DrivenWorkstation))
        if sync == "thread":
            from benchmarks.sync_thread import instead_of_a_process  # noqa: PLC0415

            stack.enter_context(instead_of_a_process())
        return window.run(Arguments(profile=Path(profile)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
