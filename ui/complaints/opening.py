"""How a complaint stands when its form opens: new, to be mended, or as it was left."""

from __future__ import annotations

from dataclasses import replace

from app.complaints.drafts import BegunComplaint
from app.complaints.model import ComplaintForm
from app.core.errors import NotAllowedError
from app.core.permissions import Permission
from ui.complaints.matches import Match, MatchKind, certain
from ui.complaints.state import ComplaintState
from ui.customer.state import CustomerContext
from ui.workstation import Desk


def opened(desk: Desk, context: CustomerContext | None, form: ComplaintForm | None) -> ComplaintState:
    """A form just opened: that one, or a new one for the customer, or for nobody's account."""
    may_file = desk.clerk.may(Permission.FILE_COMPLAINT)
    error = None if may_file else NotAllowedError()
    if form is not None or context is None:
        return ComplaintState(form or desk.complaints.new_form(), may_file, error=error)
    fresh = desk.complaints.new_form(context.customer_id, context.overview.customer.value.name)
    state = ComplaintState(replace(fresh, service_id=context.service_id), may_file, context.overview, error=error)
    return settled(desk, state)


def settled(desk: Desk, state: ComplaintState) -> ComplaintState:
    """Choose the service where only one can be meant, the row that is certain for it, and whose rules hold."""
    form = _bound(desk, state).form
    if not form.service_id and not form.replaces:
        form = replace(form, service_id=state.likely_service_id)
    service = next((one for one in state.services if one.id == form.service_id), None)
    if service is not None:
        form = replace(form, service_name=service.name)
    is_settled = bool(form.service_id or form.replaces or not state.services)
    chosen = replace(state, form=form, is_service_settled=is_settled)
    return replace(chosen, chosen=certain(chosen.matches))


def _bound(desk: Desk, state: ComplaintState) -> ComplaintState:
    """The form under the rules of the customer's country, once that is known."""
    if state.overview is None:
        return state
    country = state.overview.customer.value.contacts.country
    return replace(state, form=desk.complaints.bound(state.form, country))


def resumed(desk: Desk, state: ComplaintState, begun: BegunComplaint) -> ComplaintState:
    """The form as it was left; a row that has gone meanwhile, such as a ticket that was closed, takes no text with it."""
    limited = replace(begun.form, country=state.form.country, limit=state.form.limit)
    known = replace(state, form=limited, half_typed=begun.half_typed, is_resumed=True)
    left = _bound(desk, replace(known, is_service_settled=begun.is_service_settled))
    row = next((one for one in left.matches if one.key == begun.row), Match(MatchKind.ELSE))
    return replace(left, chosen=row if begun.row else None)


def emptied(desk: Desk, state: ComplaintState) -> ComplaintState:
    """A new form about the same, under an id of its own: the old one stands for what was discarded."""
    old = state.form
    fresh = desk.complaints.new_form(old.customer_id, old.customer_name)
    return settled(desk, ComplaintState(replace(fresh, replaces=old.replaces), state.may_file, state.overview))
