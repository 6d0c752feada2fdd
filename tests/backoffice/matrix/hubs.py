"""Every way to be told: who may listen, whose a subscription is, and what listeners hear of all that happens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from backoffice.hub.ledger import Ledger
from backoffice.resources import Resource
from backoffice.store import Store
from tests.backoffice.matrix.answers import Asker
from tests.backoffice.matrix.nested import MISSING
from tests.backoffice.matrix.people import REVEALED
from tests.backoffice.matrix.world import Record, Table, documents

_TOLD = {"CreateEvent", "AttributeValueChangeEvent", "ChangeEvent", "DeleteEvent"}  # of what `live_and_die` does
_CREATED, _FORBIDDEN = 201, 403
Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ear:
    """Somebody who asks to be told, where their subscriptions lie, and what they are told."""

    asker: Asker
    places: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def ask_to_listen(self, table: Table, callback: str) -> None:
        """Register at every API: whoever may read may, and nobody else."""
        wanted = _CREATED if self.asker.who.role in REVEALED else _FORBIDDEN
        for api in sorted({one.api for one in table.values()}):
            answer = self.asker.ask("POST", f"/tmf-api/{api}/hub", {"callback": callback})
            self.asker.expect(answer.status, wanted, f"POST /tmf-api/{api}/hub")
            self.places.extend([answer.headers["location"]] if answer.status == _CREATED else [])

    def listen(self, ledger: Ledger, news: set[str]) -> None:
        """Hear what the hub would send now, and take it."""
        for name in news & {place.rpartition("/")[2] for place in self.places}:
            while (page := ledger.next_page(name)) is not None and page.end > page.subscription.position:
                self.messages.extend(json.loads(one) for letter in page.letters for one in letter.messages)
                ledger.taken(name, page.end)


def ask_for_others(asker: Asker, places: list[str]) -> None:
    """Somebody else's subscription is answered like one that never was."""
    for method in ("GET", "DELETE"):
        above, _, _ = places[0].rpartition("/")
        absent = asker.ask(method, f"{above}/{MISSING}")
        for place in places:
            asker.alike(asker.ask(method, place), absent, [place.rpartition("/")[2], MISSING], f"{method} {place}")


def live_and_die(store: Store, records: list[Record]) -> Iterator[None]:
    """Everything comes to be and changes, and later it goes; what happened is to be told before that and after."""
    for more in ({}, {"touched": "once"}):
        store.load(documents([replace(one, body=one.body | more) for one in records]))
    yield
    with store.writing() as transaction:
        for one in records:
            transaction.put(one.resource.collection, one.id, None)
    yield


def compare_told(ear: Ear, table: Table) -> None:
    """Everything was told that may be seen, as it may be seen, and nothing else."""
    found = set()
    for message in ear.messages:
        ((collection, body),) = message["event"].items()
        found.add((collection, body["id"]))
        about = f"the hub tells by {message['eventType']} {collection}/{body['id']}"
        ear.asker.look_at(json.dumps(message, ensure_ascii=False), about)
        ear.asker.expect(sorted(set(body.get("@masked", ()))), _masks(ear.asker, table[collection]), f"{about} masks")
    wanted = {
        (one.resource.collection, one.id) for one in ear.asker.visible if not _TOLD.isdisjoint(one.resource.events)
    }
    ear.asker.expect(sorted(found), sorted(wanted), "the hub tells of")


def _masks(asker: Asker, resource: Resource) -> list[str]:
    return sorted({mask.path for mask in resource.masks if not asker.who.sees(mask.needs)})
