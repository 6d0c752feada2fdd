"""No back office ever sees a grant that another one gave."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bootstrap.grants import keep_grants_for, origin_of
from tests.contract.desks import RealDesk, opened

GRANT = {"token": "t", "offlineUntil": "2030-01-01T00:00:00Z", "user": {"id": "mei", "name": "Mei", "role": "clerk"}}


def has_grant(desk: RealDesk) -> bool:
    return desk.outbox.grant_of("mei") is not None and desk.outbox.latest_grant() is not None


@pytest.mark.parametrize(
    "other", ["https://office.example.net:8443", "http://office.example.net", "https://office.example.org"]
)
async def test_a_grant_is_forgotten_when_the_desk_joins_another_back_office(tmp_path: Path, other: str) -> None:
    async with opened(tmp_path, "https://office.example.net") as desk:
        keep_grants_for("https://office.example.net", desk.journal)
        desk.clerks.signed_in(GRANT)
        keep_grants_for("https://office.example.net/", desk.journal)
        assert has_grant(desk)
        keep_grants_for(other, desk.journal)
        assert not has_grant(desk)
        assert desk.clerks.find("mei") is not None


def test_the_embedded_back_office_stays_the_same_on_another_port() -> None:
    assert origin_of("http://127.0.0.1:4711") == origin_of("http://127.0.0.1:4712")
    assert origin_of("http://10.0.0.1:4711") != origin_of("http://10.0.0.1:4712")
