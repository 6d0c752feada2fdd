"""A desk believes the certificates that its machine believes, and no others."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.core.errors import BackOfficeUnreachableError
from app.core.trust import trusted_authorities
from app.tmf.transport import Transport
from backoffice.serving.tls import Tls
from tests.backoffice.certificates import made
from tests.fakes.hostile_office import answer


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(answer({}))
    writer.close()


async def test_a_houses_own_authority_is_trusted_once_the_machine_trusts_it(
    tmp_path: Path, own_trust: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = made(tmp_path)
    async with await asyncio.start_server(_answer, "127.0.0.1", 0, ssl=Tls(files).context) as server:
        address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(BackOfficeUnreachableError):
            await _ask(address)
        trusted_authorities.cache_clear()
        monkeypatch.setenv("SSL_CERT_FILE", str(files.certificate))  # stands for what `update-ca-certificates` writes
        assert await _ask(address) == 200


def test_a_machine_without_a_list_believes_what_browsers_do(own_trust: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    monkeypatch.setenv("SSL_CERT_DIR", "/nowhere")
    assert trusted_authorities().cert_store_stats()["x509_ca"] > 50


async def _ask(address: str) -> int:
    transport = Transport(address)
    try:
        return (await transport.request("GET", "/health")).status_code
    finally:
        await transport.close()
