"""The rules of parked drafts.

Whose a draft is changes in two steps, so that no kill and no lost answer loses it: a desk claims it and gets the box; once
it has that on its own disk, it takes it. A claim that nobody follows up lapses. What is taken can be taken by nobody else,
and parking it a second time, as after a lost answer, does not bring it back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from app.core.clock import to_wire
from app.core.permissions import Permission
from backoffice.errors import ConflictError, ElsewhereError, ForbiddenError, NotFoundError
from backoffice.parking import books
from backoffice.parking.books import Parked
from backoffice.people import Identity
from backoffice.reading import Reader
from backoffice.writing import Transaction

KEPT: Final = timedelta(days=3)  # for everybody of the hall; then for its author
CLAIM_LASTS: Final = timedelta(minutes=10)
REMEMBERED: Final = timedelta(days=30)  # that something was taken: as long as a desk may go on asking
MOST_AT_A_HALL: Final = 500
MOST_DESKS: Final = 100  # that a box is sealed to


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, at which desk of which hall."""

    identity: Identity
    device: str
    hall: str
    now: int

    @property
    def person(self) -> str:
        """Whose id is signed in."""
        return self.identity.person.id


def desk_of(reader: Reader, identity: Identity, now: datetime) -> Desk:
    """The desk that asks. Raises ForbiddenError where it is none."""
    if identity.device is None:
        raise ForbiddenError("Only a registered desk parks drafts.")
    return Desk(identity, identity.device, books.hall_of(reader, identity.person.id), int(now.timestamp()))


def told(draft: Parked, now: int) -> dict[str, Any]:
    """The entry as everybody of the hall sees it: nothing of what is in the box."""
    return {
        "id": draft.id, "href": f"/desk/v1/drafts/{draft.id}", "kind": draft.kind, "title": draft.title,
        "hall": draft.hall, "author": {"id": draft.author, "name": draft.author_name}, "state": state_of(draft, now),
        "parkedAt": _instant(draft.parked), "claimedBy": draft.holder_name if _is_claimed(draft, now) else None,
    }  # fmt: skip


def state_of(draft: Parked, now: int) -> str:
    """One word for where it is."""
    if draft.taken is not None:
        return "taken"
    return "claimed" if _is_claimed(draft, now) else "expired" if _has_expired(draft, now) else "parked"


def park(transaction: Transaction, desk: Desk, draft_id: str, kind: str, title: str, box: str) -> tuple[str, bool]:
    """Keep a draft for the hall; what it is now, and whether that is new. Raises ConflictError.

    What is accounted for already stays as it is: parked by somebody else since, being resumed, or resumed. Only who parked
    it puts a box in the place of the one that is there, as after a lost answer.
    """
    books.alone(transaction)
    books.forget_taken(transaction, desk.now - int(REMEMBERED.total_seconds()))
    known = books.entry(transaction, draft_id)
    is_here = known is not None and known.taken is None
    if known is not None and not is_here and known.holder != desk.device:
        return "taken", False  # it was parked before, and has been resumed elsewhere since
    if known is not None and is_here:
        is_mine = (known.device, known.author) == (desk.device, desk.person)
        if not is_mine or _is_claimed(known, desk.now):
            return ("claimed" if _is_claimed(known, desk.now) else "parked"), False
    in_time = desk.now - int(KEPT.total_seconds())  # what has expired keeps nobody from parking
    if not is_here and books.count_at(transaction, desk.hall, in_time) >= MOST_AT_A_HALL:
        raise ConflictError(f"At most {MOST_AT_A_HALL} drafts are parked at a hall.", told=_where(draft_id, "absent"))
    person = desk.identity.person
    books.put(
        transaction, Parked(draft_id, desk.hall, kind, title, box, person.id, person.name, desk.device, desk.now)
    )  # fmt: skip
    return "parked", not is_here


def claim(transaction: Transaction, desk: Desk, draft_id: str) -> Parked:
    """Give the box to one desk; to the same one as often as it asks. Raises NotFoundError, ConflictError, ForbiddenError."""
    books.alone(transaction)
    draft = here(transaction, desk, draft_id)
    _refuse_others(draft, desk)
    if _has_expired(draft, desk.now) and not _may_have_expired(draft, desk):
        raise ForbiddenError(
            "This draft has expired. Only its author or a supervisor resumes it.", told=_where(draft_id, "expired")
        )
    claimed = replace(draft, holder=desk.device, holder_name=desk.identity.person.name, claimed=desk.now)
    books.put(transaction, claimed)
    return claimed


def let_go(transaction: Transaction, desk: Desk, draft_id: str) -> str:
    """The desk could not use what it claimed: others may have it at once; where the draft is now. Raises RefusedError."""
    books.alone(transaction)
    draft = here(transaction, desk, draft_id)
    if draft.holder == desk.device:
        draft = replace(draft, holder=None, holder_name="", claimed=None)
        books.put(transaction, draft)
    return state_of(draft, desk.now)


def take(transaction: Transaction, desk: Desk, draft_id: str) -> bool:
    """The desk has what it claimed on its own disk, or its author discards it; whether that is new. Raises RefusedError.

    What a desk has claimed it may take also where its clerk works for another hall meanwhile.
    """
    books.alone(transaction)
    draft = books.entry(transaction, draft_id)
    is_held = draft is not None and draft.holder == desk.device
    if draft is None or not is_held:
        draft = here(transaction, desk, draft_id)
    if draft.taken is not None:
        return False
    _refuse_others(draft, desk)
    if not is_held and not _may_have_expired(draft, desk):
        raise ConflictError("Claim this draft first.", told=_held_by(draft, desk.now))
    gone = replace(draft, box="", holder=desk.device, holder_name=desk.identity.person.name, taken=desk.now)
    books.put(transaction, gone)
    return True


def here(reader: Reader, desk: Desk, draft_id: str) -> Parked:
    """What is parked at the desk's hall.

    Raises NotFoundError where it is nowhere but perhaps at this desk, ElsewhereError where it is at another hall, and
    ConflictError where another desk has taken it.
    """
    draft = books.entry(reader, draft_id)
    if draft is None or (draft.taken is not None and draft.holder == desk.device):
        raise NotFoundError("No such draft is parked.", told=_where(draft_id, "absent"))
    if draft.taken is not None:
        raise ConflictError("This draft has been resumed.", told=_held_by(draft, desk.now))
    if draft.hall != desk.hall:
        raise ElsewhereError("This draft is parked at another hall.", told=_where(draft_id, "elsewhere"))
    return draft


def _refuse_others(draft: Parked, desk: Desk) -> None:
    if _is_claimed(draft, desk.now) and draft.holder != desk.device:
        raise ConflictError("This draft is being resumed.", told=_held_by(draft, desk.now))


def _where(draft_id: str, state: str) -> dict[str, str]:
    """By this a desk tells our own answer from that of whoever else may answer on the way."""
    return {"id": draft_id, "state": state}


def _held_by(draft: Parked, now: int) -> dict[str, str]:
    return {**_where(draft.id, state_of(draft, now)), "holder": draft.holder_name}


def _is_claimed(draft: Parked, now: int) -> bool:
    return draft.claimed is not None and now - draft.claimed < CLAIM_LASTS.total_seconds()


def _has_expired(draft: Parked, now: int) -> bool:
    return now - draft.parked >= KEPT.total_seconds()


def _may_have_expired(draft: Parked, desk: Desk) -> bool:
    return draft.author == desk.person or desk.identity.may(Permission.ADOPT_COMMANDS)


def _instant(seconds: int) -> str:
    return to_wire(datetime.fromtimestamp(seconds, UTC))
