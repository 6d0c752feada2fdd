"""A sign-in that makes no sense signs nobody in."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import BackOfficeAnswerError, BackOfficeUnreachableError
from app.session.model import TooManyTriesError
from tests.contract.desks import opened
from tests.contract.nonsense import EVERYWHERE
from tests.contract.survival import TOKEN
from tests.fakes.hostile_office import HostileOffice, answer, says

SIGNED_IN = {
    "token": TOKEN,
    "offlineUntil": "2030-01-01T00:00:00Z",
    "user": {"id": "mei", "name": "Mei", "role": "clerk"},
}


@pytest.mark.parametrize(
    "content",
    [
        *EVERYWHERE.values(),
        *(
            answer({**SIGNED_IN, **news})
            for news in (
                {"token": 5},
                {"token": ""},
                {"token": "two\r\nlines"},
                {"token": "令牌"},
                {"offlineUntil": 20300101},
                {"offlineUntil": "whenever"},
                {"offlineUntil": "0001-01-01T00:00:00+23:59"},
                {"user": "mei"},
                {"user": {"id": "", "name": "Mei", "role": "clerk"}},
                {"user": {"id": "mei", "name": "Mei"}},
                {"office": 5},
                {"office": "x" * 201},
            )
        ),
    ],
)
async def test_a_senseless_sign_in_signs_nobody_in(tmp_path: Path, content: bytes) -> None:
    office = HostileOffice(nasty={"sign-in": says(content)})
    server = await office.start()
    try:
        async with opened(tmp_path / "desk", server) as desk:
            with pytest.raises((BackOfficeAnswerError, BackOfficeUnreachableError)):
                await desk.sign_in("mei", "secret")
            assert desk.outbox.latest_grant() is None
    finally:
        await office.close()


async def test_too_many_tries_say_how_long_to_wait(tmp_path: Path) -> None:
    throttled = answer({"code": "x", "reason": "y"}, "429 Too Many Requests", Retry_After="9" * 500)
    office = HostileOffice(nasty={"sign-in": says(throttled)})
    server = await office.start()
    try:
        async with opened(tmp_path / "desk", server) as desk:
            with pytest.raises(TooManyTriesError) as raised:
                await desk.sign_in("mei", "secret")
            assert raised.value.params == {"seconds": "3600"}
    finally:
        await office.close()
