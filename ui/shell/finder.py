"""The box and the list under it: who is found is opened, what is to be done is passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.tasks import TaskScope
from app.customers.usecases import FindCustomers
from ui.search.results import Results
from ui.search.view_model import SearchViewModel
from ui.shell.frame import Frame
from ui.shell.navigator import Navigator
from ui.shell.typeahead import Hold, TypeAhead

if TYPE_CHECKING:
    from ui.workstation import Workstation


class Finder(QObject):
    """Joins the box, what it finds and the ways to it. `wished` carries an act of the box by its id."""

    wished = Signal(str)

    def __init__(
        self, frame: Frame, navigator: Navigator, typeahead: TypeAhead, workstation: Workstation, tasks: TaskScope
    ) -> None:
        super().__init__(frame)
        self._frame = frame
        self._navigator = navigator
        self._typeahead = typeahead
        self._box = frame.window.box
        self.search = SearchViewModel(workstation, tasks, self)
        self.results = Results(self._box, frame.window)
        self._deciding: Hold | None = None
        self._connect()

    def serve(self, find: FindCustomers | None) -> None:
        """Find at this clerk's desk from now on; with none signed in the box stays shut."""
        self._box.setEnabled(find is not None)
        self.search.serve(find)

    def focus(self) -> None:
        """Put the cursor into the box; what it holds is selected, to be typed over."""
        self._box.setFocus()
        self._box.selectAll()

    def put_away(self) -> bool:
        """Close the list; whether it was open."""
        was_open = self.search.state.is_open
        self.search.close()
        return was_open

    def complain_for_picked(self) -> bool:
        """Take a complaint for the person picked under the box; False where nobody is."""
        kind, _, customer_id = self.search.state.current.partition(":")
        if kind != "customer":
            return False
        self.search.close()
        self._navigator.open_customer(customer_id, lambda page: page.press("complaint"))
        return True

    def _connect(self) -> None:
        box, search = self._box, self.search
        box.textEdited.connect(lambda _text: search.type(box.typed()))
        box.moved.connect(search.move)
        box.entered.connect(search.enter)
        box.left.connect(search.close)
        box.digit.connect(self.results.list.open_number)
        search.changed.connect(self._draw)
        search.opened.connect(self._open)
        search.deciding.connect(self._hold_while_deciding)
        self.results.opened.connect(search.open)
        self._frame.window.resized.connect(self.results.place)

    def _draw(self) -> None:
        self._box.picks_by_digit = self.search.state.is_frozen
        self.results.show_state(self.search.state)

    def _open(self, key: str) -> None:
        kind, _, what = key.partition(":")
        if kind == "customer":
            self._navigator.open_customer(what)
        elif kind == "ticket":
            self._frame.say(self.tr("Ticket {number} belongs to no customer of this desk.").format(number=what))
        else:
            self._box.clear()
            self.wished.emit(what)

    def _hold_while_deciding(self, waits: bool) -> None:  # noqa: FBT001 - a signal's argument
        if waits:
            self._deciding = self._typeahead.hold()
        elif self._deciding is not None:
            self._deciding.release()
