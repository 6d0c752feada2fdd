"""A complaint that is begun and not saved, and the draft that it is kept as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.complaints.model import CATEGORY_BY_CODE, DEFAULT_CHANNEL, ComplaintForm
from app.core.drafts import Draft
from app.core.wire import well_formed
from app.rules.deadlines import Severity

KIND, VERSION = "complaint", 1


@dataclass(frozen=True, slots=True)
class BegunComplaint:
    """The form as far as it is filled in, and what of the page goes with it.

    `row` is the outage or ticket that it would go to, empty where none is chosen, and `half_typed` what stands in the field
    of the category while none is chosen. The service counts as chosen once `is_service_settled`, also if it is none.
    """

    form: ComplaintForm
    row: str = ""
    half_typed: str = ""
    is_service_settled: bool = True


def draft_of(begun: BegunComplaint, author: str) -> Draft:
    """What to keep. The regulator's limit is left out: it is read anew, as it holds when the form is opened again."""
    form = begun.form
    body = {
        "serviceId": form.service_id, "serviceName": form.service_name, "category": form.category,
        "description": form.description, "severity": form.severity.value if form.severity else "",
        "channel": form.channel, "callback": form.callback, "replaces": form.replaces,
        "row": begun.row, "halfTyped": begun.half_typed, "isServiceSettled": begun.is_service_settled,
    }  # fmt: skip
    customer = form.customer_id, form.customer_name
    subject = form.category if form.category in CATEGORY_BY_CODE else ""
    return Draft(form.id, KIND, VERSION, author, form.received_at, body, *customer, subject)


def is_known(draft: Draft) -> bool:
    """Whether `begun_from` can read it: a complaint that no newer program has written."""
    return draft.kind == KIND and draft.version <= VERSION


def begun_from(draft: Draft) -> BegunComplaint:
    """The complaint again; what cannot be read of it is as if it had not been filled in."""
    body = draft.body
    form = ComplaintForm(
        id=draft.id,
        received_at=draft.begun_at,
        customer_id=draft.customer_id,
        customer_name=draft.customer_name,
        service_id=_text(body, "serviceId"),
        service_name=_text(body, "serviceName"),
        category=_text(body, "category"),
        description=_text(body, "description"),
        severity=next((one for one in Severity if one == _text(body, "severity")), None),
        channel=_text(body, "channel") or DEFAULT_CHANNEL,
        callback=_text(body, "callback"),
        replaces=_text(body, "replaces"),
    )
    return BegunComplaint(form, _text(body, "row"), _text(body, "halfTyped"), body.get("isServiceSettled") is not False)


def _text(body: Mapping[str, Any], name: str) -> str:
    """In full: also what is longer than head office takes, since it was promised to be kept until it is shortened."""
    value = body.get(name)
    return well_formed(value) if isinstance(value, str) else ""
