"""Of several people whose acts share a commit each is answered as their own role sees it, and nobody as another's does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.core.permissions import permissions_of
from backoffice.documents import Document
from backoffice.errors import RefusedError
from backoffice.masking import SIGN
from backoffice.operations import Act, Answer, Operations
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING, Scope
from backoffice.store import Store
from backoffice.web.gathering import Gathering
from backoffice.writing import Transaction
from tests.backoffice.helpers import all_at_once
from tests.fakes.clock import FakeClock

CLERK, SUPERVISOR = (Scope(reveals=permissions_of(role)) for role in ("clerk", "supervisor"))
ELSEWHERE = Scope(frozenset({"xihu"}), reveals=permissions_of("supervisor"))
FLOW, TASK = RESOURCES["processFlow"], RESOURCES["taskFlow"]
SECRET = "48217"
PIN = {"name": "PIN", "value": SECRET}
PLACES = ({"processFlowSpecification": "swap"}, {"processFlow": {"id": "F1"}, "state": "new", "characteristic": [PIN]})
Asked = tuple[Act, Scope]


class Together:
    """Lets acts wait for the one writer, and counts the commits that they then took."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        store.load([Document("processFlow", "F1", PLACES[0]), Document("taskFlow", "T1", PLACES[1])])
        self._commits: list[int] = []
        self._forget = store.on_commit(self._commits.append)
        self._gathering = Gathering(Operations(store, clock).perform_together, ThreadPoolExecutor(1))

    @property
    def commits(self) -> int:
        """How many there were."""
        return len(self._commits)

    def outcomes(self, *asked: Asked) -> list[Answer | BaseException]:
        """What becomes of acts that all wait when the writer comes by."""
        return all_at_once(self._gathering, asked)

    def close(self) -> None:
        """End the writer."""
        self._gathering.close()
        self._forget()


@pytest.fixture
def together(store: Store, clock: FakeClock) -> Iterator[Together]:
    """A back office with one task that holds a PIN."""
    together = Together(store, clock)
    yield together
    together.close()


def begin(key: str = "", owner: str = "tests") -> Act:
    content = {"processFlowSpecification": "swap", "characteristic": [PIN]}
    return Act("POST", FLOW, "", owner, content=content, key=key or None)


def change(content: Any, **more: Any) -> Act:
    return Act("PATCH", TASK, "T1", "tests", content=content, parent_id="F1", **more)


def replace_pin(value: str) -> Act:
    return change({"characteristic": [{"name": "PIN", "value": value}]})


def guess(value: str) -> Act:
    return change([{"op": "test", "path": "/characteristic/0/value", "value": value}], is_json_patch=True)


def seen(outcomes: list[Answer | BaseException]) -> list[str]:
    """The PIN as each is answered it."""
    return [one.document.body["characteristic"][0]["value"] for one in outcomes if isinstance(one, Answer)]


def pins(store: Store) -> set[str]:
    """The PINs as they are kept."""
    with store.reading(EVERYTHING) as reader:
        kept = [one.body for one in reader.page_after(("", ""), 100)]
    return {one["value"] for body in kept for one in body.get("characteristic", ())}


@pytest.mark.parametrize("scopes", [(CLERK, SUPERVISOR), (SUPERVISOR, CLERK)], ids=["clerk first", "clerk last"])
def test_each_author_is_answered_as_their_role_sees_it(
    store: Store, together: Together, scopes: tuple[Scope, Scope]
) -> None:
    acts = [begin(), begin(), change({"state": "active"}), change({"priority": 2}), begin(), change({"state": "hold"})]
    asked = list(zip(acts, scopes * 3, strict=True))
    shown = {CLERK: SIGN, SUPERVISOR: SECRET}
    assert seen(together.outcomes(*asked)) == [shown[scope] for _, scope in asked]
    assert (together.commits, pins(store)) == (1, {SECRET})


def test_a_key_is_answered_again_to_each_as_their_role_sees_it(together: Together) -> None:
    def at_one_desk(*asked: tuple[str, Scope]) -> tuple[list[str], list[bool]]:
        outcomes = together.outcomes(*((begin(key, "desk/1"), scope) for key, scope in asked))
        return seen(outcomes), [one.is_replay for one in outcomes if isinstance(one, Answer)]

    at_one_desk(("k1", SUPERVISOR), ("k2", CLERK))
    shared = at_one_desk(("k1", CLERK), ("k3", CLERK), ("k2", SUPERVISOR), ("k4", SUPERVISOR))
    assert shared == ([SIGN, SIGN, SECRET, SECRET], [True, False, True, False])
    assert at_one_desk(("k3", SUPERVISOR), ("k4", CLERK), ("k1", SUPERVISOR))[0] == [SECRET, SIGN, SECRET]
    assert together.commits == 2
    assert at_one_desk(("k5", SUPERVISOR), ("k5", CLERK)) == ([SECRET, SIGN], [False, True])  # these cannot share one


def test_a_refusal_tells_nothing_that_is_masked_and_leaves_the_others_as_they_are(
    store: Store, together: Together
) -> None:
    right = [replace_pin(SECRET), guess(SECRET), change({"characteristic": None}), change({"state": "x"})]
    wrong = [replace_pin("0"), guess("0")]
    refused = [(act, CLERK) for act in (*right, *wrong)]
    refused += [(replace_pin(SIGN), SUPERVISOR), (change({}), ELSEWHERE)]
    outcomes = together.outcomes((begin(), SUPERVISOR), *refused, (begin(), CLERK), (guess(SECRET), SUPERVISOR))
    told = [str(one) for one in outcomes if isinstance(one, RefusedError)]
    assert len(told) == len(refused)
    assert not any(SECRET in one for one in told)
    assert told[:2] == told[4:6]  # a right guess is answered like a wrong one
    assert seen(outcomes) == [SECRET, SIGN, SECRET]
    assert (together.commits, pins(store)) == (1, {SECRET})


def test_acts_that_could_not_share_a_commit_are_answered_so_too(
    store: Store, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = Transaction.flush

    def fail_at_a_priority(self: Transaction) -> Any:
        if any(body and "priority" in body for body in self.puts.values()):
            raise RuntimeError("a bug")
        return flush(self)

    monkeypatch.setattr(Transaction, "flush", fail_at_a_priority)
    asked = [(begin(), SUPERVISOR), (begin(), CLERK), (change({"priority": 2}), CLERK), (begin("k1"), SUPERVISOR)]
    outcomes = together.outcomes(*asked, (begin("k1"), CLERK))
    assert seen(outcomes) == [SECRET, SIGN, SECRET, SIGN]
    assert (together.commits, pins(store)) == (3, {SECRET})
