"""Every command kind the desk knows, with what it does to the record it acts on."""

from __future__ import annotations

from app.complaints.commands import REDUCERS as COMPLAINTS
from app.sync.effects import Reducers

REDUCERS: Reducers = {**COMPLAINTS}
