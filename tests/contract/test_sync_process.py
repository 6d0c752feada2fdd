"""The sync process: it works, it keeps its secrets, it never outlives its window, and it comes back when it dies."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.bootstrap import link as link_module
from app.bootstrap.link import SyncLink
from app.bootstrap.processes import ROOT
from app.core.commands import Method
from app.core.errors import BackOfficeUnreachableError
from app.session.model import SignInRefusedError
from app.sync.errors import NoProfileError
from app.sync.status import LineState, SyncStatus
from local_cache.mirror_store import POINTER
from tests.contract.desks import KEY
from tests.contract.office_process import SECRET, OfficeProcess
from tests.contract.windows import Window, gone, is_alive, window
from tests.fakes.acts import command

COMPLAINT = replace(command(1, author="demo", method=Method.CREATE), title="Ms Canary 57190")


async def work(opened: Window) -> None:
    """Sign in, file a complaint, see it confirmed."""
    assert await opened.link.call("sign-in-embedded", secret=SECRET) == {"id": "demo"}
    opened.record(COMPLAINT)
    await opened.until(lambda: opened.status.line is LineState.ONLINE and opened.status.as_of is not None)
    await opened.until(opened.journal_is_quiet)


async def test_it_sends_pulls_and_tells(tmp_path: Path, office: OfficeProcess) -> None:
    async with window(tmp_path, office.url) as opened:
        await work(opened)
        assert len(office.tickets()) == 1
        assert any(news.is_new_mirror for news in opened.news)
        with pytest.raises(NoProfileError):
            await opened.link.call("fetch", customer="nobody")
        with pytest.raises(SignInRefusedError):
            await opened.link.call("sign-in", user="mei", password="wrong")
        pid = opened.link.pid
    await gone(pid)


async def test_it_ends_promptly_and_well_when_the_window_goes(tmp_path: Path, office: OfficeProcess) -> None:
    office.misbehave("hang", times=100)
    async with window(tmp_path, office.url) as opened:
        await opened.link.call("sign-in-embedded", secret=SECRET)
        opened.record(COMPLAINT)
        await opened.until(lambda: any("outbox" in news.collections for news in opened.news))
        loop = asyncio.get_running_loop()
        began = loop.time()
        await opened.link.close()
        assert loop.time() - began < 4


def kill_a_window(first: dict[str, str]) -> int:
    """Start a window with a sync process, kill it; returns the id of the sync process."""
    lonely = [sys.executable, "-m", "tests.fakes.lonely_window"]
    with subprocess.Popen(lonely, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(first) + "\n")
        process.stdin.flush()
        pid = int(process.stdout.readline())
        assert is_alive(pid)
        process.kill()
    return pid


async def test_it_ends_when_its_window_is_killed(tmp_path: Path, office: OfficeProcess) -> None:
    opened = Window(tmp_path, office.url)
    opened.journal.close()
    await gone(await asyncio.to_thread(kill_a_window, opened.first))


async def test_a_message_that_a_dying_window_cut_short_ends_it_too(tmp_path: Path, office: OfficeProcess) -> None:
    opened = Window(tmp_path, office.url)
    opened.journal.close()
    said = f'{json.dumps(opened.first)}\n{{"do": "po'
    ended = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-m", "app.bootstrap.worker"], cwd=ROOT, input=said.encode(),
        capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")


async def test_it_is_started_again_when_it_is_killed(tmp_path: Path, office: OfficeProcess) -> None:
    async with window(tmp_path, office.url) as opened:
        await opened.link.call("sign-in-embedded", secret=SECRET)
        await opened.until(lambda: opened.status.line is LineState.ONLINE)
        pid = opened.link.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await opened.until(lambda: opened.status.line is LineState.STARTING)
        with pytest.raises(BackOfficeUnreachableError):
            await opened.link.call("sign-in-embedded", secret=SECRET)
        opened.record(COMPLAINT)
        await opened.until(lambda: opened.status.line is LineState.ONLINE)
        await opened.until(opened.journal_is_quiet)
        assert opened.link.pid not in (pid, None)
    assert len(office.tickets()) == 1


async def test_a_call_under_way_when_it_dies_is_answered(tmp_path: Path, office: OfficeProcess) -> None:
    office.misbehave("hang", path="/sign-in", times=10)
    async with window(tmp_path, office.url) as opened:
        calling = asyncio.create_task(opened.link.call("sign-in-embedded", secret=SECRET))
        await opened.until(lambda: opened.status.line is LineState.SIGN_IN_NEEDED)
        assert opened.link.pid is not None
        os.kill(opened.link.pid, signal.SIGKILL)
        with pytest.raises(BackOfficeUnreachableError):
            await calling


async def test_one_that_dies_at_once_is_started_slower_and_slower_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "_FIRST_RESTART_S", 0.02)
    told: list[SyncStatus] = []
    stopped = asyncio.Event()

    def on_status(status: SyncStatus) -> None:
        told.append(status)
        if status.line is LineState.STOPPED:
            stopped.set()

    link = SyncLink({}, tmp_path, on_status, lambda _: None, "tests.fakes.dying_helper")
    link.start()
    try:
        async with asyncio.timeout(20):
            await stopped.wait()
    finally:
        await link.close()
    assert [status.line for status in told] == [LineState.STARTING, LineState.STARTING, LineState.STOPPED]


async def test_one_that_cannot_be_started_for_want_of_room_is_started_when_there_is_some(
    tmp_path: Path, office: OfficeProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "_FIRST_RESTART_S", 0.02)
    (tmp_path / "log").write_text("where a folder has to be made")
    async with window(tmp_path, office.url) as opened:
        assert opened.link.pid is None
        (tmp_path / "log").unlink()
        await opened.until(lambda: opened.status.line is LineState.SIGN_IN_NEEDED)
        assert opened.link.pid is not None


def given_to(pid: int | None) -> bytes:
    """Arguments and environment of a process."""
    return b"".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ"))


async def test_secrets_stand_in_no_argument_environment_or_log(tmp_path: Path, office: OfficeProcess) -> None:
    async with window(tmp_path, office.url) as opened:
        await work(opened)
        token = opened.token()
        seen = given_to(opened.link.pid)
    files = [path.read_bytes() for path in (tmp_path / "log").iterdir()]
    for secret in (KEY.hex(), SECRET, "Canary", "said 1", token):
        assert secret.encode() not in seen
        assert not any(secret.encode() in content for content in files)


async def test_a_copy_damaged_while_the_desk_was_off_is_found_and_built_anew(
    tmp_path: Path, office: OfficeProcess
) -> None:
    async with window(tmp_path, office.url) as opened:
        await work(opened)
    again = Window(tmp_path, office.url)
    path = again.profile.mirror(int(again.journal.meta(POINTER)))
    content = bytearray(path.read_bytes())
    content[-2_000:-1_900] = b"\0" * 100
    path.write_bytes(content)
    again.link.start()
    try:
        await again.until(lambda: any(news.is_new_mirror for news in again.news))
        await again.until(lambda: again.status.trouble == "" and again.status.line is LineState.ONLINE)
        assert not path.exists()
    finally:
        await again.link.close()
        again.journal.close()


async def test_files_that_cannot_be_opened_are_told(tmp_path: Path) -> None:
    opened = Window(tmp_path, "http://127.0.0.1:9")
    opened.journal.close()
    opened.first["key"] = bytes(32).hex()
    opened.link.start()
    try:
        await opened.until(lambda: opened.status.trouble != "")
        assert opened.said[0].line is LineState.STOPPED
    finally:
        await opened.link.close()
