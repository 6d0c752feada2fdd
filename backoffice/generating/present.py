"""Keeps a demonstration in the present: whenever it is opened, something is broken right now."""

from __future__ import annotations

from datetime import datetime

from backoffice.generating.outages import OUTAGES, begun_anew
from backoffice.store import Store


def bring_into_present(store: Store, now: datetime) -> int:
    """Let every outage of the demonstration that should be over by `now` begin anew; returns how many did."""
    with store.writing() as transaction:
        held = transaction.get_many("serviceProblem", [outage.id for outage in OUTAGES])
        fresh = [body for one in held if one.text is not None and (body := begun_anew(one.body, now)) is not None]
        for body in fresh:
            transaction.put("serviceProblem", body["id"], body)
    return len(fresh)
