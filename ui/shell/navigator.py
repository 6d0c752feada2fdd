"""Opens pages and goes between them. Nothing that a clerk has begun is ever dropped on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.complaints.model import ComplaintForm
from app.core.drafts import Draft
from app.core.errors import DeskError
from app.core.tasks import TaskScope
from ui.page import Page
from ui.shell.frame import NEEDS_YOU, Frame
from ui.shell.pages import HOME, Pages, Visit, focus_in
from ui.shell.patience import Patience
from ui.shell.routes import Routes
from ui.words import in_words

if TYPE_CHECKING:
    from ui.customer.state import CustomerContext


@dataclass(frozen=True, slots=True)
class Door:
    """How to open one page: its key, who makes it, whom it serves, and what is one level back."""

    key: str
    make: Callable[[], Page]
    root: str = ""
    parent: str = HOME


@dataclass(slots=True)
class _Finishing:
    """The pages whose work has ended since F12 was pressed."""

    keys: set[str] = field(default_factory=set)


class Navigator(QObject):
    """The ways through the window. `arrived` follows every change of page."""

    arrived = Signal()

    def __init__(self, frame: Frame, pages: Pages, routes: Routes, patience: Patience, tasks: TaskScope) -> None:
        super().__init__(frame)
        self._frame = frame
        self._pages = pages
        self._routes = routes
        self._patience = patience
        self._tasks = tasks
        self._finishing: _Finishing | None = None
        self._aside: dict[str, list[Visit]] = {}  # by whose they are: the disk took them no more when their author went

    def go_home(self) -> None:
        """To Home, with the cursor in the box and its text selected."""
        self.open(Door(HOME, self._home))

    def go_needs_you(self, command_id: str = "") -> None:
        """To what wants a decision; at one of them, where its id is given."""
        self.open(Door(NEEDS_YOU, self._needs_you), lambda page: page.show_act(command_id))

    def open_customer(self, customer_id: str, then: Callable[[Page], object] | None = None) -> None:
        """To a customer, as they were left if they are open."""
        key = f"customer:{customer_id}"
        self.open(Door(key, partial(self._customer, customer_id), root=key), then)

    def open_complaint(self, context: CustomerContext | None = None, form: ComplaintForm | None = None) -> None:
        """To a complaint: the unfinished one of this customer or of this form, else a new one."""
        if context is None and form is None:
            form = self._routes.desk.complaints.new_form()
        self._open_complaint(form.about if form else context.customer_id if context else "", context, form)

    def open_draft(self, draft: Draft) -> None:
        """To what was begun and not saved: just this one, where there are several about the same."""
        self._open_complaint(draft.id, None, self._routes.desk.complaints.form_of(draft))

    def let_go_of(self, draft: Draft) -> None:
        """A draft was discarded or parked: if its page is still in memory, it goes too."""
        if key := self._pages.serving(draft.id):
            self.leave(key)
            self.arrived.emit()

    async def keep_all(self) -> bool:
        """Wait until all that is begun outlives its page; where it cannot, go there and say why. Whether all of it does."""
        visits = [visit for key in self._pages.kept if (visit := self._pages.get(key))]
        return all([await self._keeps(visit) for visit in visits])

    async def leave_with(self, person: str) -> DeskError | None:
        """Drop every page for somebody who goes; what cannot be kept waits in memory until they are back. Why, if any does."""
        why = None
        for key in self._pages.kept:
            visit = self._pages.get(key)
            if visit is None:
                continue
            try:
                await visit.page.keep()
            except DeskError as error:
                why = error
                visit.page.said.disconnect(self._frame.say)  # it is not the next clerk's business
                self._pages.drop(key).hide()
                self._aside.setdefault(person, []).append(visit)
        self.leave_all()
        return why

    def come_back(self, person: str) -> None:
        """Somebody is here again: so are the pages that could not be kept."""
        for visit in self._aside.pop(person, []):
            self._pages.add(visit)
            visit.page.said.connect(self._frame.say)
            if visit.root:
                self._pages.interactions.shown(visit.key, visit.root)

    def open(self, door: Door, then: Callable[[Page], object] | None = None) -> None:
        """Show a page; one that is not in memory is made, read and shown while keys wait."""
        known = self._pages.get(door.key)
        if known is not None:
            self._show(known, then)
        elif self._has_room(door.root):
            self._patience.run(self._open(door, then))

    def go_to(self, key: str) -> None:
        """To a place in the rail."""
        interaction = self._pages.interactions.of(key)
        if interaction is not None:
            self.show(interaction.shown_key)
        elif key == HOME:
            self.go_home()
        else:
            self.go_needs_you()

    def go_to_number(self, number: int) -> None:
        """To the interaction with that number, if there is one."""
        interaction = self._pages.interactions.at(number)
        if interaction is not None:
            self.show(interaction.shown_key)

    def go_beside(self, step: int) -> None:
        """To the next (1) or previous (-1) interaction."""
        current = self._pages.current
        interaction = self._pages.interactions.beside(current.key if current else "", step)
        if interaction is not None:
            self.show(interaction.shown_key)

    def walk(self, by: int) -> None:
        """To the page before (-1) or after (1)."""
        self.show(self._pages.walk(by))

    def back(self) -> None:
        """One level back; the page that is left stays as it is."""
        current = self._pages.current
        if current is None or current.key == HOME or current.parent not in self._pages.kept:
            self.go_home()
        else:
            self.show(current.parent)

    def finish(self) -> None:
        """End the interaction in view: all its work done, its pages go; else to what is not done."""
        current = self._pages.current
        if current is not None and current.root:
            self._patience.run(self._finish(current.root))
        else:
            self.go_home()

    def leave_all(self) -> None:
        """Drop every page; only after `keep_all`."""
        for key in self._pages.kept:
            self.leave(key)

    def end(self) -> None:
        """The window closes: nobody comes back to what could not be kept."""
        for visits in self._aside.values():
            for visit in visits:
                self._tasks.start(_end(visit.page))
        self._aside.clear()

    def leave(self, key: str) -> None:
        """Drop one page whose work has ended."""
        page = self._pages.drop(key)
        self._tasks.start(_end(page))

    async def _open(self, door: Door, then: Callable[[Page], object] | None) -> bool:
        page = door.make()
        if not await self._is_ready(page):
            return False
        page.said.connect(self._frame.say)
        page.closing.connect(partial(self._on_closing, door.key))
        visit = Visit(door.key, page, door.root, door.parent)
        self._pages.add(visit)
        self._show(visit, then)
        return True

    async def _is_ready(self, page: Page) -> bool:
        """Wait until the page has read what it shows; one that cannot be read, or is not waited for, goes again."""
        is_ready = False
        try:
            await page.load()
            await page.tasks.idle()
            is_ready = True
        except DeskError as error:
            self._frame.say(in_words(error))
        finally:
            if not is_ready:
                page.tasks.end()
                page.deleteLater()
        return is_ready

    def _show(self, visit: Visit, then: Callable[[Page], object] | None = None) -> None:
        if visit.key == HOME:
            self._focus_box()
            self._pages.show(visit.key)
        else:
            last = focus_in(visit.page)  # asked first: the stack gives the focus to whatever widget was made first
            self._pages.show(visit.key)
            last.setFocus(Qt.FocusReason.OtherFocusReason)
        if then is not None:
            then(visit.page)
        self.arrived.emit()

    def show(self, key: str) -> None:
        """To a page in memory, as it was left; nowhere for any other key."""
        visit = self._pages.get(key)
        if visit is not None:
            self._show(visit)

    def _focus_box(self) -> None:
        box = self._frame.window.box
        if self._frame.window.focusWidget() is not box:
            box.setFocus(Qt.FocusReason.OtherFocusReason)
            box.selectAll()

    async def _finish(self, root: str) -> bool:
        for visit in self._pages.of(root):
            if not await self._ends(visit):
                self._show(visit)
                return True
            self.leave(visit.key)
        self.go_home()
        return True

    async def _keeps(self, visit: Visit) -> bool:
        try:
            await visit.page.keep()
        except DeskError as error:
            self._show(visit)
            self._frame.say(in_words(error))
            return False
        return True

    async def _ends(self, visit: Visit) -> bool:
        """Whether the page's work is done; what is being saved is waited for."""
        self._finishing = finishing = _Finishing()
        try:
            if visit.page.press("finish"):
                await visit.page.tasks.idle()
                return visit.key in finishing.keys
            return True
        finally:
            self._finishing = None

    def _on_closing(self, key: str) -> None:
        if self._finishing is not None:
            self._finishing.keys.add(key)
        elif self._pages.current is not None and self._pages.current.key == key:
            self.back()

    def _has_room(self, root: str) -> bool:
        interactions = self._pages.interactions
        if not root or interactions.of(root) is not None or not interactions.is_full():
            return True
        for one in interactions.by_age():
            if not any(visit.page.is_unfinished for visit in self._pages.of(one.root)):
                for key in one.keys:
                    self.leave(key)
                return True
        self._frame.say(self.tr("Nine customers are open, each with something unsaved. Finish one (F12) first."))
        return False

    def _home(self) -> Page:
        page = self._routes.home()
        page.needs_you_wanted.connect(self.go_needs_you)
        page.customer_wanted.connect(self.open_customer)
        page.draft_wanted.connect(self.open_draft)
        page.draft_gone.connect(self.let_go_of)
        return page

    def _needs_you(self) -> Page:
        page = self._routes.needs_you()
        page.mend_wanted.connect(lambda form: self.open_complaint(form=form))
        return page

    def _customer(self, customer_id: str) -> Page:
        page = self._routes.customer(customer_id)
        page.complaint_wanted.connect(self.open_complaint)
        page.view_model.changed.connect(self._frame.draw)
        return page

    def _open_complaint(self, what: str, context: CustomerContext | None, form: ComplaintForm | None) -> None:
        key = self._pages.serving(what) or f"complaint:{what}"
        known = self._pages.get(key)
        if known is not None and not known.page.is_unfinished:
            self.leave(key)
        is_mended = form is not None and bool(form.replaces)
        customer_id = form.customer_id if form else context.customer_id if context else ""
        root = f"customer:{customer_id}" if customer_id and not is_mended else key
        parent = NEEDS_YOU if is_mended else root if customer_id else HOME
        self.open(Door(key, partial(self._complaint, context, form), root, parent))

    def _complaint(self, context: CustomerContext | None, form: ComplaintForm | None) -> Page:
        return self._routes.complaint(context, form)


async def _end(page: Page) -> None:
    await page.tasks.close()
    page.deleteLater()
