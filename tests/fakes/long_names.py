"""The small branch with the longest names a clerk meets; all of them invented."""

from __future__ import annotations

from dataclasses import replace

from app.core.money import Money
from app.customers.model import Account
from tests.fakes.people import FIRM, LI, NAMELESS, branch
from tests.fakes.store import FakeStore

NAMES = {
    LI: "阿卜杜热依木江・买买提明",
    NAMELESS: "Maximiliana Featherstonehaugh-Cholmondel",
    FIRM: "Zhejiang Xihu International Tea Export and Hospitality Group",
}
NUMBERS = {LI: "13800138000", NAMELESS: "12135550142", FIRM: "057188005678"}


def branch_with_long_names() -> FakeStore:
    """Return the branch under long names; the firm holds and has asked for as much as anybody."""
    store = branch()
    store.customers = {key: replace(one, name=NAMES[key]) for key, one in store.customers.items()}
    owing = Account("A-90000123", NAMES[FIRM], "active", Money(1234567, "CNY"))
    store.customers[FIRM] = replace(store.customers[FIRM], tier="gold", status="active", accounts=(owing,))
    store.holding[FIRM] = store.holding[LI]
    firms = [replace(one, id=f"{one.id}-F", customer_id=FIRM) for one in store.tickets.values()]
    store.tickets |= {one.id: one for one in firms}
    return store
