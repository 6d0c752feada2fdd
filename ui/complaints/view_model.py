"""Fills in one complaint, saves it once, and follows it until head office has answered."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.complaints.model import ComplaintForm
from app.core.errors import DeskError, NotAllowedError
from app.core.permissions import Permission
from app.core.tasks import TaskScope
from app.customer360.overview import Overview
from app.rules.deadlines import Severity
from app.sync.status import Held, SyncStatus, names_awaited
from ui.complaints.matches import Match, MatchKind, certain
from ui.complaints.state import (
    AlreadyCountedInError,
    ComplaintState,
    CountingInCameBackError,
    Field,
    NotSavedYetError,
    Outcome,
    Phase,
    Step,
)
from ui.customer.state import CustomerContext
from ui.view_model import ViewModel
from ui.workstation import Desk


class ComplaintViewModel(ViewModel[ComplaintState]):
    """One form. `field_wanted` names the field the cursor belongs in; `finished` says the work here is done."""

    field_wanted = Signal(object)
    finished = Signal()

    def __init__(
        self, desk: Desk, tasks: TaskScope, context: CustomerContext | None, form: ComplaintForm | None, parent: QObject
    ) -> None:
        super().__init__(_opened(desk, context, form), parent)
        self._desk = desk
        self._tasks = tasks
        self._finishes_when_saved = False
        self._held: tuple[Held, ...] = ()

    async def load(self) -> None:
        """Look at outages and tickets as they are now; with the disk failing, as the customer page had them."""
        if not self.state.form.customer_id:
            return
        try:
            overview = await self._desk.overview.of(self.state.form.customer_id)
        except DeskError as error:
            self._set(replace(self.state, error=error))
            return
        self._set(_settled(self._desk, replace(self.state, overview=overview or self.state.overview)))

    def choose_service(self, service_id: str) -> None:
        """Say which service it is about; empty: about none of them."""
        if self.state.phase is not Phase.OPEN:
            return
        name = next((one.name for one in self.state.services if one.id == service_id), "")
        form = replace(self.state.form, service_id=service_id, service_name=name)
        chosen = replace(self.state, form=form, is_service_settled=True, error=self.state.lasting_error)
        self._set(replace(chosen, chosen=certain(chosen.matches)))
        self.field_wanted.emit(self.state.first_field)

    def reopen_services(self) -> None:
        """Let another service be chosen."""
        self._set(replace(self.state, is_service_settled=False, chosen=None))
        self.field_wanted.emit(Field.SERVICE)

    def choose(self, match: Match | None) -> None:
        """Say which row the primary key takes."""
        if self.state.phase is Phase.OPEN:
            self._set(replace(self.state, chosen=match, error=self.state.lasting_error))

    def set_category(self, code: str) -> None:
        """Say what it is about; that makes it something else than what the rows offer."""
        self._edit(replace(self.state.form, category=code), keeps=())

    def describe(self, text: str) -> None:
        """Put down what happened; on a ticket that is added to it becomes the note."""
        self._edit(
            replace(self.state.form, description=text), keeps=(MatchKind.ADD,) if text.strip() else tuple(MatchKind)
        )

    def set_severity(self, severity: Severity) -> None:
        """Overrule what the category suggests."""
        self._edit(replace(self.state.form, severity=severity), keeps=tuple(MatchKind))

    def set_channel(self, channel: str) -> None:
        """Say how it reached us."""
        self._edit(replace(self.state.form, channel=channel), keeps=tuple(MatchKind))

    def set_callback(self, text: str) -> None:
        """Say who asks and how to reach them, where no account is known."""
        self._edit(replace(self.state.form, callback=text), keeps=tuple(MatchKind))

    def go_on(self) -> None:
        """The primary key: save what is complete, else go to what is missing."""
        step = self.state.step
        if step is Step.CHOOSE_CATEGORY:
            self.field_wanted.emit(Field.CATEGORY)
        elif step is Step.DESCRIBE:
            self.field_wanted.emit(Field.DESCRIPTION)
        elif step is Step.COUNTED_IN:
            self._set(replace(self.state, error=_why_not_again(self.state.chosen)))
        elif step in (Step.SAVE, Step.LINK, Step.ADD):
            decided = self.state
            self._set(replace(decided, phase=Phase.SAVING, error=None))
            self._tasks.first("save", self._save(decided))

    def refuses(self) -> bool:
        """Whether the clerk may not file at all; they are told so again."""
        if not self.state.may_file:
            self._set(replace(self.state, error=NotAllowedError()))
        return not self.state.may_file

    def finish(self) -> None:
        """End the work here: now, or as soon as what is being saved is saved; never with something unsaved."""
        if self.state.phase is Phase.SAVING:
            self._finishes_when_saved = True
        elif self.state.phase is Phase.SAVED or self.state.is_untouched:
            self.finished.emit()
        else:
            self._set(replace(self.state, error=NotSavedYetError()))

    def follow(self) -> None:
        """Ask what became of the saved act; a newer answer overtakes an older one."""
        if self.state.outcome is not None:
            self._tasks.newest("follow", self._follow(self.state.outcome))

    def hear(self, status: SyncStatus) -> None:
        """Say who has to sign in before the saved act can go on, as long as that is so."""
        if status.held != self._held:
            self._held = status.held
            self.follow()

    def _edit(self, form: ComplaintForm, keeps: tuple[MatchKind, ...]) -> None:
        if self.state.phase is not Phase.OPEN or not self.state.may_file or form == self.state.form:
            return
        self._set(replace(self.state, form=form, chosen=_still(self.state, keeps), error=self.state.lasting_error))

    async def _save(self, decided: ComplaintState) -> None:
        try:
            outcome = await self._record(decided)
        except DeskError as error:
            self._refuse(error)
            return
        self._set(replace(self.state, phase=Phase.SAVED, outcome=outcome))
        self.follow()
        if self._finishes_when_saved:
            self.finished.emit()

    async def _record(self, state: ComplaintState) -> Outcome:
        match = state.chosen
        if match is not None and match.outage is not None:
            act = await self._desk.complaints.link_outage(state.form, match.outage.id, match.outage.name)
            return Outcome(MatchKind.LINK, act, ticket_id=match.outage.id)
        if match is not None and match.complaint is not None:
            act = await self._desk.complaints.add_contact(state.form, match.complaint)
            number = "" if match.complaint.id == match.complaint.command_id else match.complaint.id
            return Outcome(MatchKind.ADD, act, ticket_id=number)
        return Outcome(MatchKind.ELSE, await self._desk.complaints.file(state.form))

    def _refuse(self, error: DeskError) -> None:
        self._finishes_when_saved = False
        self._set(replace(self.state, phase=Phase.OPEN, error=error))
        if self.state.field_at_fault is not None:
            self.field_wanted.emit(self.state.field_at_fault)

    async def _follow(self, outcome: Outcome) -> None:
        try:
            now = await (self._filed(outcome) if outcome.kind is MatchKind.ELSE else self._appended(outcome))
            now = replace(now, awaited=await self._awaited(outcome.id))
            overview = await self._overview_after(now)
        except DeskError as error:
            self._set(replace(self.state, error=error))
            return
        self._set(replace(self.state, outcome=now, overview=overview or self.state.overview))

    async def _overview_after(self, outcome: Outcome) -> Overview | None:
        """What a link has changed: its outage's row says now that the customer is counted in."""
        is_link = outcome.kind is MatchKind.LINK
        return await self._desk.overview.of(self.state.form.customer_id) if is_link else None

    async def _filed(self, outcome: Outcome) -> Outcome:
        ticket = await self._desk.complaints.one(outcome.id)
        if ticket is None:
            return outcome
        number = ticket.id if ticket.id != outcome.id else ""
        return replace(outcome, certainty=ticket.certainty, ticket_id=number, reason=ticket.reason)

    async def _appended(self, outcome: Outcome) -> Outcome:
        for act in await self._desk.outstanding.pending():
            if act.command.id == outcome.id:
                return replace(outcome, certainty=act.certainty, reason=act.reason)
        at_rest = await self._desk.outstanding.certainty_of(outcome.id)
        return replace(outcome, certainty=at_rest, reason="") if at_rest else outcome

    async def _awaited(self, act: str) -> str:
        held = self._held
        return names_awaited(await self._desk.outstanding.pending(), held).get(act, "") if held else ""


def _why_not_again(match: Match | None) -> DeskError:
    """Why the customer cannot be counted in on the chosen row's outage now."""
    is_undecided = match is not None and match.counted_in is not None and match.counted_in.certainty.needs_a_person
    return CountingInCameBackError() if is_undecided else AlreadyCountedInError()


def _opened(desk: Desk, context: CustomerContext | None, form: ComplaintForm | None) -> ComplaintState:
    may_file = desk.clerk.may(Permission.FILE_COMPLAINT)
    error = None if may_file else NotAllowedError()
    if form is not None or context is None:
        return ComplaintState(form or desk.complaints.new_form(), may_file, error=error)
    fresh = desk.complaints.new_form(context.customer_id, context.overview.customer.value.name)
    state = ComplaintState(replace(fresh, service_id=context.service_id), may_file, context.overview, error=error)
    return _settled(desk, state)


def _settled(desk: Desk, state: ComplaintState) -> ComplaintState:
    """Choose the service where only one can be meant, the row that is certain for it, and whose rules hold."""
    form = state.form
    if state.overview is not None:
        form = desk.complaints.bound(form, state.overview.customer.value.contacts.country)
    if not form.service_id and not form.replaces:
        form = replace(form, service_id=state.likely_service_id)
    service = next((one for one in state.services if one.id == form.service_id), None)
    if service is not None:
        form = replace(form, service_name=service.name)
    is_settled = bool(form.service_id or form.replaces or not state.services)
    settled = replace(state, form=form, is_service_settled=is_settled)
    return replace(settled, chosen=certain(settled.matches))


def _still(state: ComplaintState, keeps: tuple[MatchKind, ...]) -> Match | None:
    """The chosen row if the edit leaves it standing, else "something else"."""
    if state.chosen is None or state.chosen.kind in keeps:
        return state.chosen
    return Match(MatchKind.ELSE)
