"""Desks that hold leases, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from backoffice.documents import Document
from tests.backoffice.helpers import TICKETS, RunningServer, ticket

LEASES = "/desk/v1/leases"
RESOURCES = "/tmf-api/resourceInventoryManagement/v4/resource"
NUMBERS = "phoneNumber"
_keys = count(1)
Body = dict[str, Any]


@dataclass
class LeaseDesk:
    """One machine, with somebody signed in at it."""

    client: httpx.Client

    def take(self, count: int = 2, kind: str = NUMBERS, key: str = "") -> httpx.Response:
        """Ask for a block."""
        return self.client.post(LEASES, json={"kind": kind, "count": count}, headers=_key(key))

    def taken(self, count: int = 2, kind: str = NUMBERS) -> Body:
        """A block that was given."""
        answer = self.take(count, kind)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def report(self, lease: Body, *spent: tuple[str, str], is_over: bool = True, **more: Any) -> httpx.Response:
        """Say what was spent of it, by which commands."""
        said = {"isOver": is_over, "spent": [{"item": item, "command": command} for item, command in spent]}
        told = {"block": lease["block"], "signature": lease["signature"]}
        return self.client.post(f"{LEASES}/{lease['id']}/report", json={**told, **said, **more}, headers=_key())

    def act(self, *spends: str, key: str = "") -> httpx.Response:
        """File something that gives these out."""
        headers = _key(key) | {"Desk-Spends": ", ".join(spends)}
        return self.client.post(TICKETS, json=ticket(), headers=headers)

    def held(self) -> Body:
        """What the back office says that it holds."""
        return dict(self.client.get(LEASES).json())


def desk(server: RunningServer, device: str = "desk-1", role: str = "clerk") -> LeaseDesk:
    """A desk with somebody of that role."""
    return LeaseDesk(server.client(role, device))


def items(lease: Body) -> list[str]:
    """What is in a block."""
    return [item["id"] for item in json.loads(lease["block"])["items"]]


def numbers(names: Iterable[int] = range(1, 6), category: str = NUMBERS) -> list[Document]:
    """Free telephone numbers N1, N2 …"""
    return [
        Document(
            "resource",
            f"N{one}",
            {"name": f"1380013800{one}", "category": category, "resourceStatus": "available", "usageState": "idle"},
        )
        for one in names
    ]


def _key(key: str = "") -> dict[str, str]:
    return {"Idempotency-Key": key or f"key-{next(_keys)}"}
