"""What writers do: acts on several collections, drawn from a seed. Each leaves its key in what it writes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, Final

from backoffice.documents import Document
from backoffice.resources import RESOURCES

TERRITORIES: Final = ("xihu", "binjiang", "gongshu")
CUSTOMERS: Final = 40
BUCKETS: Final = 4
FIRST_BALANCE: Final = 100
JSON: Final = "application/json"
JSON_PATCH: Final = "application/json-patch+json"
SHARED_KINDS: Final = {"file": 3, "note": 4, "topup": 2, "party": 1}
KINDS: Final = {"file": 28, "note": 20, "change": 14, "delete": 8, "topup": 12, "party": 9, "rename": 7, "move": 2}


@dataclass(frozen=True, slots=True)
class Act:
    """A request that is to take effect once. `target` is the id of what it changes; `is_exact` sends the ETag seen before."""

    kind: str
    key: str
    method: str
    path: str
    target: str = ""
    content: Any = None
    media_type: str = JSON
    is_exact: bool = False
    amount: int = 0


class Plan:
    """Draws the acts of one writer, or those that two writers share: the same for the same seed and the same answers."""

    def __init__(self, seed: str, shared_tickets: int, kinds: dict[str, int]) -> None:
        self._random = Random(seed)  # noqa: S311 - to be drawn again
        self._tickets = shared_tickets
        self._kinds = kinds
        self._mine: dict[str, list[str]] = {"file": [], "party": []}
        self._draw = {
            "file": self._file, "note": self._note, "change": self._change, "delete": self._delete,
            "topup": self._topup, "party": self._party, "rename": self._rename, "move": self._move,
        }  # fmt: skip

    def next(self, key: str) -> Act:
        """The next act, under this key."""
        kind = self._random.choices(list(self._kinds), list(self._kinds.values()))[0]
        if kind == "delete" and not self._mine["file"]:
            kind = "file"
        if kind == "rename" and not self._mine["party"]:
            kind = "party"
        return self._draw[kind](key)

    def learn(self, act: Act, made: str) -> None:
        """A record of one's own, which later acts change and delete."""
        if act.kind in self._mine:
            self._mine[act.kind].append(made)

    def _file(self, key: str) -> Act:
        body = {"description": "No signal", "severity": "major", "ticketType": "complaint", "externalId": key}
        if self._random.random() < 0.3:
            body |= belonging_to(self._random.randrange(CUSTOMERS))
        return Act("file", key, "POST", RESOURCES["troubleTicket"].path, content=body)

    def _note(self, key: str) -> Act:
        operations = [{"op": "add", "path": "/note/-", "value": {"id": key, "text": "Called back"}}]
        return self._patch("note", key, "troubleTicket", self._shared(), operations, media_type=JSON_PATCH)

    def _change(self, key: str) -> Act:
        mine = self._mine["file"]
        target = self._random.choice(mine) if mine and self._random.random() < 0.5 else self._shared()
        exact = self._random.random() < 0.5
        return self._patch("change", key, "troubleTicket", target, {"priority": key}, is_exact=exact)

    def _delete(self, key: str) -> Act:
        mine = self._mine["file"]
        target = mine.pop(self._random.randrange(len(mine)))
        return Act("delete", key, "DELETE", RESOURCES["troubleTicket"].href(target), target)

    def _topup(self, key: str) -> Act:
        bucket, amount = f"B{self._random.randrange(BUCKETS)}", self._random.randint(1, 9)
        asked = {"amount": amount, "units": "CNY"}
        body = {"bucket": {"id": bucket}, "usageType": "monetary", "partyAccount": {"id": "A"}, "amount": asked}
        content = {**body, "description": key}
        return Act("topup", key, "POST", RESOURCES["topupBalance"].path, bucket, content, amount=amount)

    def _party(self, key: str) -> Act:
        return Act("party", key, "POST", RESOURCES["individual"].path, content={"givenName": "N", "familyName": key})

    def _rename(self, key: str) -> Act:
        return self._patch("rename", key, "individual", self._random.choice(self._mine["party"]), {"legalName": key})

    def _move(self, key: str) -> Act:
        number, place = self._random.randrange(CUSTOMERS), self._random.choice(TERRITORIES)
        return self._patch("move", key, "customer", f"C{number}", {"statusReason": key, **living_in(place)})

    def _shared(self) -> str:
        return f"S{self._random.randrange(self._tickets)}"

    def _patch(self, kind: str, key: str, collection: str, target: str, content: Any, **more: Any) -> Act:
        return Act(kind, key, "PATCH", RESOURCES[collection].href(target), target, content, **more)


def living_in(territory: str) -> dict[str, Any]:
    """What says in a customer's record where they live."""
    return {"characteristic": [{"name": "territory", "value": territory}]}


def belonging_to(customer: int) -> dict[str, Any]:
    """What says in a record whose it is."""
    return {"relatedParty": [{"id": f"C{customer}", "role": "customer"}]}


def beginning(shared_tickets: int) -> list[Document]:
    """What is there before anybody writes."""
    made = []
    for number in range(CUSTOMERS):
        place = living_in(TERRITORIES[number % len(TERRITORIES)])
        made.append(Document("individual", f"P{number}", {"givenName": "N", "familyName": f"{number}"}))
        made.append(Document("customer", f"C{number}", {"name": "N", "engagedParty": {"id": f"P{number}"}, **place}))
    money = {"amount": FIRST_BALANCE, "units": "CNY"}
    about = {"partyAccount": {"id": "A"}, "usageType": "monetary", "status": "active", "remainingValue": money}
    made += [Document("bucket", f"B{number}", dict(about)) for number in range(BUCKETS)]
    said = {"description": "No signal", "severity": "major", "ticketType": "complaint"}
    shared = range(shared_tickets)
    return made + [Document("troubleTicket", f"S{one}", {**said, **belonging_to(one % CUSTOMERS)}) for one in shared]
