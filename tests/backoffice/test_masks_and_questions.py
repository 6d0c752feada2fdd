"""What is masked is not learnt by asking either: by no filter, no sorting, no chosen attribute, nor by whether an event comes.

Two records differ in nothing but their ids and what a permission hides. Who lacks it is told the same of both, whatever they
ask for; who has it finds the one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlencode

import pytest
from starlette.datastructures import QueryParams

from app.core.permissions import Permission, permissions_of
from backoffice import querying
from backoffice.auditing import Signature
from backoffice.documents import Body, Document
from backoffice.errors import BadRequestError, ForbiddenError
from backoffice.hub.ledger import HubSettings, Ledger
from backoffice.hub.queries import checked_query
from backoffice.hub.subscriptions import Asked, end, subscribe
from backoffice.people import Identity, People, Person
from backoffice.querying import find
from backoffice.resources import RESOURCES, Holds, Mask, Resource
from backoffice.scopes import Scope
from backoffice.store import Store
from backoffice.web.addresses import Address
from backoffice.web.listing import Listing
from tests.backoffice.matrix.world import BIRTHDAY, record, secret
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ROLES = ("viewer", "clerk", "supervisor")
WAYS = (("{}", "{}"), ("{}.regex", "^{}"), ("{}.gte", "{}"), ("{}.lt", "{}"))
EXACT = WAYS[:2]
A, B = "A", "B"
OTHER_DAY = "1991-02-03"


@dataclass(frozen=True, slots=True)
class Twins:
    """Two records of a resource that differ in what takes a permission to see."""

    resource: Resource
    needs: Permission

    def __str__(self) -> str:
        return f"{self.resource.collection} {self.needs}"

    @property
    def documents(self) -> list[Document]:
        """Both."""
        body = record(self.resource, "C1").body
        other = json.dumps(body).replace(secret(self.needs), f"THE OTHER {secret(self.needs)}")
        other = other.replace(BIRTHDAY, OTHER_DAY) if self.needs is Permission.REVEAL_IDENTITY else other
        return [Document(self.resource.collection, A, body), Document(self.resource.collection, B, json.loads(other))]

    @property
    def places(self) -> dict[str, str]:
        """Every path to what is hidden, and what the first holds there."""
        return dict(self._place_of(mask) for mask in self.resource.masks if mask.needs is self.needs)

    def _place_of(self, mask: Mask) -> tuple[str, str]:
        holds = self.resource.attributes.get(mask.attribute)
        is_whole = len(mask.steps) == 1 and holds in (Holds.LIST, Holds.OBJECT)
        value = f"{BIRTHDAY}T00:00:00.000Z" if holds is Holds.INSTANT else secret(self.needs)
        return f"{mask.path}.text" if is_whole else mask.path, value

    def are_hidden_from(self, role: str) -> bool:
        """Whether the role lacks the permission."""
        return self.needs not in permissions_of(role)


EVERY = [
    Twins(one, needs) for one in RESOURCES.values() for needs in sorted({mask.needs for mask in one.masks})
]  # fmt: skip


def asked(place: str, value: str, ways: Iterable[tuple[str, str]] = WAYS) -> list[str]:
    """The questions about a place."""
    return [urlencode({name.format(place): wanted.format(value)}) for name, wanted in ways]


def questions(twins: Twins) -> set[str]:
    """Everything a list can be asked about what is hidden, and about every part of the way to it."""
    found = {""}
    for place, value in twins.places.items():
        steps = place.split(".")
        for path in (".".join(steps[:end_at]) for end_at in range(1, len(steps) + 1)):
            found |= {*asked(path, value), f"sort={path}", f"sort=-{path}", f"fields={path}"}
    return found


def listed(store: Store, twins: Twins, role: str, question: str) -> dict[str, Body]:
    """What a list answers by id, in its order; nothing where the question is refused."""
    resource = twins.resource
    listing = Listing.asked_for(
        QueryParams(question), Address(resource, parent_id=resource.parent_of(record(resource, "C1").body))
    )
    with store.reading(Scope(reveals=permissions_of(role))) as reader:
        try:
            found, _ = find(reader, listing.query)
        except (BadRequestError, ForbiddenError):
            return {}
    return {one.pop("id"): one for one in json.loads(listing.told(found))}


def told_apart(found: dict[str, Body]) -> bool:
    """Whether an answer says anything of one that it does not say of the other; unsorted they come by their ids."""
    bodies = [{name: value for name, value in one.items() if name != "href"} for one in found.values()]
    return bool(found) and (list(found) != [A, B] or bodies[0] != bodies[1])


def test_no_list_tells_apart_what_differs_in_a_masked_value_only(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(querying, "_FEW", 1)  # as if two were very many: sorted by the index, where there is one
    wrong = []
    for twins in EVERY:
        store.load(twins.documents)
        for role in filter(twins.are_hidden_from, ROLES):
            wrong += [
                (str(twins), role, one) for one in questions(twins) if told_apart(listed(store, twins, role, one))
            ]
        known = [one for place in twins.places.items() for one in asked(*place, EXACT)]
        assert [one for one in known if list(listed(store, twins, "supervisor", one)) != [A]] == []
        remove(store, twins)
    assert wrong == []


def test_no_event_tells_apart_what_differs_in_a_masked_value_only(store: Store, clock: FakeClock) -> None:
    people, ledger = People(store, clock), Ledger(store, clock, HubSettings(), None)
    for role in ROLES:
        people.put(Person(role, role, role), None)
    wrong, ways = [], cycle(WAYS)
    for twins in (one for one in EVERY if "CreateEvent" in one.resource.events):
        about = f"event.{twins.resource.collection}."
        queries = {
            query: way in EXACT
            for (place, value), way in zip(twins.places.items(), ways, strict=False)
            for query in asked(about + place, value, [way])
        }
        roles = [role for role in ROLES if role == "supervisor" or twins.are_hidden_from(role)]
        listening = {(role, query): listens(store, role, twins, query) for role in roles for query in queries}
        store.load(twins.documents)
        for (role, query), name in listening.items():
            heard = told_of(ledger, name, twins)
            if twins.are_hidden_from(role):
                wrong += [(str(twins), role, query, heard)] if heard not in ([], [A, B]) else []
            elif queries[query]:
                assert heard == [A], (role, query)
        remove(store, twins, listening.values())
    assert wrong == []


def listens(store: Store, role: str, twins: Twins, query: str) -> str:
    """The id of a new subscription of somebody in that role."""
    api, identity = twins.resource.api, Identity(Person(role, role, role))
    checked = checked_query(api, query)
    return store.run(lambda one: subscribe(one, identity, Asked(api, "https://a.example/", checked))).id


def told_of(ledger: Ledger, name: str, twins: Twins) -> list[str]:
    """Whose creation is told."""
    page = ledger.next_page(name)
    assert page
    messages = [json.loads(one) for letter in page.letters for one in letter.messages]
    return [
        one["event"][twins.resource.collection]["id"] for one in messages if one["eventType"].endswith("CreateEvent")
    ]


def remove(store: Store, twins: Twins, subscriptions: Iterable[str] = ()) -> None:
    """Let nothing be left."""
    with store.writing() as transaction:
        for name in subscriptions:
            end(transaction, name, Signature())
        for one in twins.documents:
            transaction.put(one.collection, one.id, None)
