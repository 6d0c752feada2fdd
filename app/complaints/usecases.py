"""Take a complaint now; the outbox sends it once the line is up."""

from __future__ import annotations

from dataclasses import replace

from app.complaints import commands
from app.complaints.drafts import BegunComplaint, begun_from, draft_of, is_known
from app.complaints.model import Complaint, ComplaintForm
from app.complaints.ports import ComplaintReader
from app.complaints.wire import form_from_ticket
from app.core.clock import Clock
from app.core.commands import Command, CommandLog
from app.core.drafts import Draft, DraftBook, Place
from app.core.errors import NotAllowedError
from app.core.ids import new_id
from app.core.permissions import Clerk, Permission
from app.core.sourced import Sourced
from app.rules.deadlines import Limits


class ComplaintDesk:
    """Everything one signed-in clerk does with complaints."""

    def __init__(
        self,
        reader: ComplaintReader,
        log: CommandLog,
        drafts: DraftBook,
        clock: Clock,
        clerk: Clerk,
        limits: Limits,
        region: str,
    ) -> None:
        self._reader = reader
        self._log = log
        self._drafts = drafts
        self._clock = clock
        self._clerk = clerk
        self._limits = limits
        self._region = region

    def new_form(self, customer_id: str = "", customer_name: str = "") -> ComplaintForm:
        """Open a form; the id made here files it once, however often it is saved."""
        return self._opened(ComplaintForm(new_id(), self._clock.now(), customer_id, customer_name))

    def mended_form(self, refused: Command) -> ComplaintForm:
        """Open a form that holds what a refused complaint held and will replace it."""
        return self._opened(form_from_ticket(new_id(), refused.body, refused.id))

    async def keep(self, begun: BegunComplaint) -> None:
        """Keep what is filled in so far, so that it outlives the window; filing it ends that."""
        await self._drafts.keep(draft_of(begun, self._clerk.id))

    async def discard(self, form: ComplaintForm) -> None:
        """Let go of what was kept of a form."""
        await self._drafts.discard(form.id, self._clerk.id)

    async def begun(self, form: ComplaintForm) -> BegunComplaint | None:
        """What this clerk has begun of just this form, else before about the same."""
        kept = await self._drafts.drafts_of(self._clerk.id)
        begun_here = [begun_from(draft) for draft in kept if is_known(draft) and draft.place is Place.HERE]
        mine = [begun for begun in begun_here if begun.form.about == form.about]
        return next((one for one in mine if one.form.id == form.id), mine[0] if mine else None)

    def form_of(self, draft: Draft) -> ComplaintForm:
        """The form that a draft is of, to open it with; `begun` finds the rest."""
        return self._opened(begun_from(draft).form)

    def bound(self, form: ComplaintForm, country: str) -> ComplaintForm:
        """The form under the rules of the customer's country; of the desk's own where none is recorded."""
        holds = country or self._region
        return replace(form, country=holds, limit=self._limits.of(holds, form.received_at))

    async def of(self, customer_id: str) -> Sourced[tuple[Complaint, ...]]:
        """Return the customer's complaints, those not sent yet included."""
        return await self._reader.complaints_of(customer_id)

    async def one(self, complaint_id: str) -> Complaint | None:
        """Return a complaint by ticket number or by the id of its form."""
        return await self._reader.complaint(complaint_id)

    async def file(self, form: ComplaintForm) -> str:
        """Accept a complaint now; returns the id under which it is known until head office gives a number."""
        return await self._record(commands.file_complaint(form.checked(), self._clerk.id, self._clock.now()))

    async def add_contact(self, form: ComplaintForm, complaint: Complaint) -> str:
        """Note one more contact on an open ticket instead of a second ticket."""
        said = form.description.strip() or "Customer asked again."
        return await self._record(commands.add_contact(form.id, complaint, said, self._clerk.id, self._clock.now()))

    async def link_outage(self, form: ComplaintForm, outage_id: str, outage_name: str) -> str:
        """Count the customer in on a known outage instead of a ticket."""
        now = self._clock.now()
        return await self._record(
            commands.link_outage(form.id, outage_id, outage_name, form.customer_id, self._clerk.id, now)
        )

    async def send_again(self, lost: Command) -> str:
        """Send a note or a counting in once more that head office has lost."""
        return await self._record(commands.again(lost, new_id(), self._clerk.id, self._clock.now()))

    def _opened(self, form: ComplaintForm) -> ComplaintForm:
        """Bound by the desk's own country, unless there is a customer whose country is still to be read."""
        return form if form.customer_id else self.bound(form, "")

    async def _record(self, command: Command) -> str:
        if not self._clerk.may(Permission.FILE_COMPLAINT):
            raise NotAllowedError
        await self._log.record(command)
        return command.id
