"""Whatever head office answers: the desk lives on, says so, loses nothing, acts once, and tells nobody else its token."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from app.sync import snapshot as snapshot_taker
from app.tmf import transport
from tests.contract.nonsense import CASES, EVERYWHERE, SLOW
from tests.contract.survival import stays_in_step_without_a_stream, survives
from tests.fakes.hostile_office import HostileOffice, Nasty, answer, says


@pytest.mark.parametrize(("place", "name", "nasty"), CASES, ids=[f"{place}: {name}" for place, name, _ in CASES])
async def test_a_senseless_answer_harms_nothing(tmp_path: Path, place: str, name: str, nasty: Nasty) -> None:
    await survives(tmp_path, place, nasty, commits=True)


@pytest.mark.parametrize("name", ["HTML with 200", "nothing at all", "a redirect of the method", "a proxy's refusal"])
async def test_what_never_reached_head_office_is_sent_again(tmp_path: Path, name: str) -> None:
    await survives(tmp_path, "send", says(EVERYWHERE[name]), commits=False)


@pytest.mark.parametrize(("place", "name", "nasty"), SLOW, ids=[f"{place}: {name}" for place, name, _ in SLOW])
async def test_an_answer_that_takes_for_ever_is_given_up(
    tmp_path: Path, place: str, name: str, nasty: Nasty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TIMEOUT", httpx.Timeout(0.4))
    monkeypatch.setattr(transport, "HEADERS_S", 0.6)
    monkeypatch.setattr(transport, "WHOLE_ANSWER_S", 0.6)
    monkeypatch.setattr(snapshot_taker, "PAGE_S", 0.6)
    await survives(tmp_path, place, nasty, commits=True)


@pytest.mark.parametrize("status", ["302 Found", "308 Permanent Redirect"])
@pytest.mark.parametrize("place", ["send", "ask", "feed", "snapshot", "events"])
async def test_a_redirect_takes_the_token_nowhere(tmp_path: Path, place: str, status: str) -> None:
    elsewhere = HostileOffice()
    address = await elsewhere.start()
    try:
        redirect = says(answer(b"", status, Location=f"{address}/desk/v1/feed?after=e1.0"))
        if place == "events":
            await stays_in_step_without_a_stream(tmp_path, redirect)
        else:
            await survives(tmp_path, place, redirect, commits=True)
    finally:
        await elsewhere.close()
    assert elsewhere.requests == []
