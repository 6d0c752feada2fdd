"""What the complaint page shows, and what its primary key would do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.complaints.drafts import BegunComplaint
from app.complaints.model import (
    CATEGORY_BY_CODE,
    CallbackMissingError,
    CategoryMissingError,
    ComplaintForm,
    DescriptionMissingError,
    DescriptionTooLongError,
)
from app.core.certainty import Certainty
from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP
from app.customer360.overview import Overview
from app.inventory.model import Service
from app.network.model import Outage
from ui.complaints.matches import Match, MatchKind, matches_in


class NotSavedYetError(DeskError):
    """The clerk wants to finish while the form holds something that is not saved."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "This is not saved yet. Your form is kept. Save it (Ctrl+Enter), or leave it for later (Esc).",
    )


class AlreadyCountedInError(DeskError):
    """The clerk wants to link a customer to an outage a second time."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The customer is already counted in on this outage and is told when it ends. Nothing was sent. "
        "Take another row, or finish (F12).",
    )


class CountingInCameBackError(DeskError):
    """Head office has not counted the customer in, and somebody must decide what becomes of it."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "Counting the customer in came back from head office. Nothing more was sent. "
        "Decide what to do (Ctrl+J), or take another row.",
    )


class Field(StrEnum):
    """Where the cursor can be sent."""

    SERVICE = "service"
    MATCHES = "matches"
    CATEGORY = "category"
    DESCRIPTION = "description"
    CALLBACK = "callback"


class Phase(StrEnum):
    """A form is filled in, then being saved, then saved for ever."""

    OPEN = "open"
    SAVING = "saving"
    SAVED = "saved"


class Step(StrEnum):
    """What the primary key does next."""

    CHOOSE_CATEGORY = "choose-category"
    DESCRIBE = "describe"
    SAVE = "save"
    LINK = "link"
    ADD = "add"
    COUNTED_IN = "counted-in"
    WAIT = "wait"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a saved act; `ticket_id` is head office's number, empty until it gave one.

    `awaited` is the name of whoever has to sign in before it can go on.
    """

    kind: MatchKind
    id: str
    certainty: Certainty = Certainty.WAITING
    ticket_id: str = ""
    reason: str = ""
    awaited: str = ""


@dataclass(frozen=True, slots=True)
class ComplaintState:
    """The form, what is known around it and where it stands.

    `half_typed` is what stands in the field of the category while none is chosen. A form `is_resumed` that was begun
    before this page was made.
    """

    form: ComplaintForm
    may_file: bool
    overview: Overview | None = None
    is_service_settled: bool = True
    chosen: Match | None = None
    phase: Phase = Phase.OPEN
    error: DeskError | None = None
    outcome: Outcome | None = None
    half_typed: str = ""
    is_resumed: bool = False

    @property
    def services(self) -> tuple[Service, ...]:
        """What the customer may be complaining about."""
        return self.overview.holdings.value.services if self.overview else ()

    @property
    def matches(self) -> tuple[Match, ...]:
        """The rows above the form, once the service is settled; who mends a refused complaint has made that choice."""
        is_asked = self.is_service_settled and not self.form.replaces
        return matches_in(self.overview, self.form.service_id) if is_asked else ()

    @property
    def likely_service_id(self) -> str:
        """The only service, or the first that the one outage hits: the answer stands there before a field does."""
        if len(self.services) == 1:
            return self.services[0].id
        outages = self.outage_by_service
        hit = {one.id: outages[one.id].id for one in self.services if one.id in outages}
        return next(iter(hit)) if len(set(hit.values())) == 1 else ""

    @property
    def outage_by_service(self) -> dict[str, Outage]:
        """Which open outage hits which service."""
        outages = self.overview.outages.value if self.overview else ()
        return {service_id: outage for outage in reversed(outages) for service_id in outage.service_ids}

    @property
    def step(self) -> Step:
        """What the primary key does next."""
        if self.phase is not Phase.OPEN or not self.may_file:
            return Step.WAIT if self.phase is Phase.SAVING else Step.NOTHING
        if self.chosen is not None and self.chosen.kind is not MatchKind.ELSE:
            if self.chosen.kind is MatchKind.ADD:
                return Step.ADD
            return Step.COUNTED_IN if self.chosen.counted_in else Step.LINK
        if self.form.category not in CATEGORY_BY_CODE:
            return Step.CHOOSE_CATEGORY
        return Step.SAVE if self.form.description.strip() else Step.DESCRIBE

    @property
    def first_field(self) -> Field:
        """Where the cursor starts: at the first thing only the clerk can know."""
        if not self.is_service_settled:
            return Field.SERVICE
        if self.chosen is not None and (self.is_untouched or self.chosen.kind is MatchKind.LINK):
            return Field.MATCHES
        is_note = self.chosen is not None and self.chosen.kind is MatchKind.ADD
        return Field.DESCRIPTION if is_note or self.form.category in CATEGORY_BY_CODE else Field.CATEGORY

    @property
    def field_at_fault(self) -> Field | None:
        """The field the error is about; None where it is about none."""
        if isinstance(self.error, CallbackMissingError):
            return Field.CALLBACK
        if isinstance(self.error, CategoryMissingError):
            return Field.CATEGORY
        if isinstance(self.error, (DescriptionMissingError, DescriptionTooLongError)):
            return Field.DESCRIPTION
        return None

    @property
    def lasting_error(self) -> DeskError | None:
        """What stays wrong whatever the clerk chooses or fills in next: that they may not file at all."""
        return None if self.may_file else self.error

    @property
    def is_untouched(self) -> bool:
        """Whether leaving would leave nothing behind."""
        form = self.form
        return not any(part.strip() for part in (form.category, self.half_typed, form.description, form.callback))

    @property
    def begun(self) -> BegunComplaint:
        """What has to be kept of it."""
        row = self.chosen.key if self.chosen else ""
        return BegunComplaint(self.form, row, self.half_typed, self.is_service_settled)
