"""`verified` finds what does not fit together."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.core.clock import SystemClock
from backoffice.documents import Document
from backoffice.operations import Act, Operations
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.verifying import verified
from tests.backoffice.helpers import ticket

STATUS = "(SELECT number FROM declared WHERE collection = 'customer' AND path = 'status')"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Two customers, one of them deleted, and a ticket that was filed under a key."""
    path = tmp_path / "verified.db"
    with closing(Store.open(str(path))) as store:
        store.load([Document("customer", name, {"name": name, "status": "active"}) for name in ("C1", "C2")])
        with store.writing() as transaction:
            transaction.put("customer", "C2", None)
        act = Act("POST", RESOURCES["troubleTicket"], "", "desk/D1", ticket(), key="K1")
        Operations(store, SystemClock()).perform(act, EVERYTHING)
    return path


def problems_after(database: Path, statement: str) -> tuple[str, ...]:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(statement)
        connection.commit()
    with closing(Store.open(str(database))) as store:
        return verified(store).problems


def test_a_sound_database_has_no_problems(database: Path) -> None:
    with closing(Store.open(str(database))) as store:
        found = verified(store)
    assert (found.documents, found.tombstones, found.sequence, found.problems) == (2, 1, 4, ())


def test_a_territory_whose_last_document_is_gone_is_no_problem(database: Path) -> None:
    with closing(Store.open(str(database))) as store:
        for name, before in (("C1", "customer"), ("T", "troubleTicket")):
            store.load([Document(before, name, {"name": name})])
            with store.writing() as transaction:
                transaction.put(before, name, None)
        assert verified(store).problems == ()


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("DELETE FROM attribute WHERE value = 'active'", "customer.status"),
        (f"INSERT INTO attribute VALUES ({STATUS}, 'gone', 2)", "customer.status"),
        (f"UPDATE attribute SET row = 9 WHERE declared = {STATUS}", "customer.status"),
        ("DELETE FROM belongs", "owners"),
        ("UPDATE document SET territory = '|elsewhere|' WHERE id = 'C1'", "the territory is another"),
        ("UPDATE checksum SET total = total + 1", "the checksums do not match"),
        ("DELETE FROM checksum", "the checksums do not match"),
        ("INSERT INTO departure VALUES (77, 1, '|x|')", "departure 77 is beyond the sequence"),
        ("UPDATE sequence SET value = 2", "beyond the sequence"),
        ("UPDATE document SET body = '[]' WHERE id = 'C1'", "not a JSON object"),
        ("UPDATE document SET body = '{\"id\": \"C7\"}' WHERE id = 'C1'", "another id"),
        ("UPDATE document SET body = '{\"id\": \"C2\"}' WHERE id = 'C2'", "half deleted"),
        ("UPDATE document SET collection = 'unicorn' WHERE id = 'C1'", "unknown"),
        ("DELETE FROM document WHERE collection = 'troubleTicket'", "its effect is missing"),
        ("UPDATE command SET revision = 99", "its effect is missing"),
    ],
)
def test_damage_is_found(database: Path, damage: str, finding: str) -> None:
    assert any(finding in problem for problem in problems_after(database, damage))
