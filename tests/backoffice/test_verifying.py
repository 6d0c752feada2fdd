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
        act = Act("POST", RESOURCES["troubleTicket"], "", "desk/D1", ticket(), key="K1", sequence=5)
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
    assert found.audited == 3


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
        ("DELETE FROM customer_index", "customerIndex/C1: it does not match the bodies"),
        ("UPDATE customer_index SET territory = '|elsewhere|'", "customerIndex/C1: it does not match"),
        ("UPDATE customer_index SET body = 'x' WHERE id = 'C2'", "1 entries are of nobody"),
        ("UPDATE customer_index SET revision = 77", "index 77 is beyond the sequence"),
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
        ("UPDATE command SET status = 412", "key K1: a refusal is kept under it"),
        ("INSERT INTO device VALUES ('desk/D1', 5)", "key K1: its desk has done with it"),
        ("INSERT INTO departed_owner VALUES ('customer/C1', 2, 1)", "departed owners: they do not match"),
        ("DELETE FROM departed_owner", "departed owners: they do not match"),
        ("INSERT INTO departure VALUES (2, 77, '|x|')", "departure 2: nothing left then"),
        ("INSERT INTO departure VALUES (2, 1, '|x|')", "departure 2: nothing left then"),
        ("UPDATE document SET row = row + 10 WHERE id = 'C1'", "customer/C1: older than itself"),
        ("INSERT INTO token VALUES ('x', 'nobody', NULL, 0)", "1 tokens belong to nobody"),
        ("UPDATE audit SET author = 'somebody else' WHERE number = 2", "audit 2: it was changed"),
        ("UPDATE audit SET at = at + 1 WHERE number = 1", "audit 1: it was changed"),
        ("UPDATE audit SET chain = 'x' WHERE number = 1", "audit 2: it was changed"),
        ("DELETE FROM audit WHERE number = 1", "audit 1: it is missing"),
        ("DELETE FROM audit WHERE number = 2", "audit 2: it is missing"),
        ("DELETE FROM audit WHERE number = 3", "audit: it ends at revision 3, the sequence is at 4"),
        ("DELETE FROM audit", "audit: it ends at revision 0"),
        ("UPDATE audit SET revision = 1 WHERE number = 2", "audit 2: its revision is lower"),
    ],
)
def test_damage_is_found(database: Path, damage: str, finding: str) -> None:
    assert any(finding in problem for problem in problems_after(database, damage))
