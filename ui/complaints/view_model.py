"""Fills in one complaint, saves it once, and follows it until head office has answered."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.complaints.model import ComplaintForm
from app.core.errors import DeskError, NotAllowedError
from app.core.tasks import TaskScope
from app.customer360.overview import Overview
from app.rules.deadlines import Severity
from app.sync.status import Held, SyncStatus, names_awaited
from ui.complaints.matches import Match, MatchKind, certain
from ui.complaints.opening import emptied, opened, resumed, settled
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
from ui.drafting import Delay, Drafting
from ui.view_model import ViewModel
from ui.workstation import Desk


class ComplaintViewModel(ViewModel[ComplaintState]):
    """One form. `field_wanted` names the field the cursor belongs in; `finished` says the work here is done."""

    field_wanted = Signal(object)
    finished = Signal()

    def __init__(
        self,
        desk: Desk,
        tasks: TaskScope,
        delay: Delay,
        context: CustomerContext | None,
        form: ComplaintForm | None,
        parent: QObject,
    ) -> None:
        super().__init__(opened(desk, context, form), parent)
        self._desk = desk
        self._tasks = tasks
        self._drafting = Drafting(self._keep, tasks, delay, self._say)
        self._is_new = True  # nothing of it is kept yet
        self._finishes_when_saved = False
        self._held: tuple[Held, ...] = ()

    async def load(self) -> None:
        """Look at outages and tickets as they are now, and for what the clerk has begun of the form before.

        With the disk failing it is as the customer page had it.
        """
        form, overview, begun = self.state.form, None, None
        try:
            begun = await self._desk.complaints.begun(form) if self.state.may_file else None
            overview = await self._desk.overview.of(form.customer_id) if form.customer_id else None
        except DeskError as error:
            self._say(error)
        known = replace(self.state, overview=overview or self.state.overview)
        self._is_new = begun is None
        self._set(settled(self._desk, known) if begun is None else resumed(self._desk, known, begun))

    def choose_service(self, service_id: str) -> None:
        """Say which service it is about; empty: about none of them."""
        if self.state.phase is not Phase.OPEN:
            return
        name = next((one.name for one in self.state.services if one.id == service_id), "")
        form = replace(self.state.form, service_id=service_id, service_name=name)
        chosen = replace(self.state, form=form, is_service_settled=True, error=self.state.lasting_error)
        self._set(replace(chosen, chosen=certain(chosen.matches)))
        self._note()
        self.field_wanted.emit(self.state.first_field)

    def reopen_services(self) -> None:
        """Let another service be chosen."""
        self._set(replace(self.state, is_service_settled=False, chosen=None))
        self.field_wanted.emit(Field.SERVICE)

    def choose(self, match: Match | None) -> None:
        """Say which row the primary key takes."""
        if self.state.phase is Phase.OPEN:
            self._set(replace(self.state, chosen=match, error=self.state.lasting_error))
            self._note()

    def set_category(self, code: str, half_typed: str = "") -> None:
        """Say what it is about, or what is typed of that; that makes it something else than what the rows offer."""
        self._edit(replace(self.state.form, category=code), keeps=(), half_typed=half_typed)

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
            self._drafting.drop()  # what is saved takes the draft with it; what is refused is noted again
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

    def hurry(self) -> None:
        """The page is left: keep at once what was typed."""
        self._drafting.hurry()

    async def kept(self) -> None:
        """Return once all that was typed is kept, or saved. Raises DeskError where it cannot be."""
        if self.state.phase is Phase.SAVING:
            await self._tasks.idle()
        await self._drafting.kept()

    def discard(self) -> None:
        """Let go of all that was typed, and begin again; whoever calls this has asked the clerk."""
        if self.state.phase is Phase.OPEN:
            discarded = self.state
            self._drafting.drop()
            self._set(replace(discarded, phase=Phase.SAVING, error=None))  # no later key belongs to it
            self._tasks.first("save", self._discard(discarded))

    @property
    def may_park(self) -> bool:
        """Whether there is a hall, as far as is known."""
        return self._desk.begun.has_hall

    def park(self) -> None:
        """Let the form go to the hall as soon as the line allows; the work here is done with that."""
        if self.state.phase is Phase.OPEN and not self.state.is_untouched:
            noted = self.state
            self._drafting.note(noted)
            self._set(replace(noted, phase=Phase.SAVING, error=None))
            self._tasks.first("save", self._park(noted))

    def follow(self) -> None:
        """Ask what became of the saved act; a newer answer overtakes an older one."""
        if self.state.outcome is not None:
            self._tasks.newest("follow", self._follow(self.state.outcome))

    def hear(self, status: SyncStatus) -> None:
        """Say who has to sign in before the saved act can go on, as long as that is so."""
        if status.held != self._held:
            self._held = status.held
            self.follow()

    def _edit(self, form: ComplaintForm, keeps: tuple[MatchKind, ...], half_typed: str | None = None) -> None:
        typed = self.state.half_typed if half_typed is None else half_typed
        edited = replace(self.state, form=form, half_typed=typed)
        if self.state.phase is not Phase.OPEN or not self.state.may_file or edited == self.state:
            return
        self._set(replace(edited, chosen=_still(self.state, keeps), error=self.state.lasting_error))
        self._note()

    def _note(self) -> None:
        """What was chosen for the clerk is no work of theirs; with the first word it becomes some."""
        if self.state.may_file and not (self.state.is_untouched and self._is_new):
            self._drafting.note(self.state)

    async def _keep(self, noted: ComplaintState) -> None:
        if noted.is_untouched:
            await self._desk.complaints.discard(noted.form)
        else:
            await self._desk.complaints.keep(noted.begun)
        self._is_new = noted.is_untouched

    async def _park(self, noted: ComplaintState) -> None:
        try:
            await self._drafting.kept()
            await self._desk.begun.park(noted.form.id)
        except DeskError as error:
            self._refuse(error)
            return
        self._is_new = True
        self._set(emptied(self._desk, noted))
        self.finished.emit()

    async def _discard(self, discarded: ComplaintState) -> None:
        try:
            await self._desk.complaints.discard(discarded.form)
        except DeskError as error:
            self._refuse(error)
            return
        self._is_new = True
        self._set(emptied(self._desk, discarded))
        if self._finishes_when_saved:
            self.finished.emit()
        else:
            self.field_wanted.emit(self.state.first_field)

    def _say(self, error: DeskError) -> None:
        self._set(replace(self.state, error=error))

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
        self._note()
        if self.state.field_at_fault is not None:
            self.field_wanted.emit(self.state.field_at_fault)

    async def _follow(self, outcome: Outcome) -> None:
        try:
            now = await (self._filed(outcome) if outcome.kind is MatchKind.ELSE else self._appended(outcome))
            now = replace(now, awaited=await self._awaited(outcome.id))
            overview = await self._overview_after(now)
        except DeskError as error:
            self._say(error)
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


def _still(state: ComplaintState, keeps: tuple[MatchKind, ...]) -> Match | None:
    """The chosen row if the edit leaves it standing, else "something else"."""
    if state.chosen is None or state.chosen.kind in keeps:
        return state.chosen
    return Match(MatchKind.ELSE)
