"""Only hosts that were allowed are called, however the address is spelled and wherever its name leads."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from backoffice.errors import BadRequestError, ForbiddenError
from backoffice.hub import courier as courier_module
from backoffice.hub.callbacks import AllowedHost, Callback, checked, may_be_reached
from backoffice.hub.courier import Courier, Outcome
from tests.backoffice.listener import Listener, refuses
from tests.fakes.clock import NOON

ALLOWED = frozenset(
    AllowedHost.read(one)
    for one in (
        "hooks.example.org",
        "hooks.example.org:8443",
        "127.0.0.1:9000",
        "[::1]:9000",
        "localhost:9000",
        "192.0.2.7",
    )
)


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.org/told",
        "https://HOOKS.example.org:443/told?a=b",
        "https://hooks.example.org:8443",
        "https://192.0.2.7/",
        "http://127.0.0.1:9000/told",
        "http://[0:0:0:0:0:0:0:1]:9000/",
        "http://localhost:9000/a@b",
    ],
)
def test_an_allowed_host_may_be_called(url: str) -> None:
    called = checked(url, ALLOWED)
    assert AllowedHost.read(f"[{host}]" if ":" in (host := httpx.URL(called.url).host) else host).host == called.host


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/told",
        "https://hooks.example.org.evil.example/",
        "https://evil-hooks.example.org/",
        "https://hooks.example.org:444/",
        "https://192.0.2.8/",
        "http://127.0.0.1:9001/",
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "http://[::1]:9001/",
        "https://[::ffff:192.0.2.7]/",
        "https://[::ffff:127.0.0.1]:9000/",
        "https://xn--hoks-5qa.example.org/",
    ],
)
def test_another_host_may_not(url: str) -> None:
    with pytest.raises(ForbiddenError, match="--callback-host"):
        checked(url, ALLOWED)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.org",
        "//hooks.example.org/",
        "http://hooks.example.org/",
        "http://192.0.2.7/",
        "ftp://hooks.example.org/",
        "HTTPS://hooks.example.org/",
        "https://user@hooks.example.org/",
        "https://user:secret@hooks.example.org/",
        "https://hooks.example.org@evil.example/",
        "https://evil.example\\@hooks.example.org/",
        "https://hooks.example.org\\.evil.example/",
        "https://hooks.example.org#@evil.example/",
        "https://hooks.example.org/#part",
        "https://hooks.example.org:/",
        "https://hooks.example.org:0/",
        "https://hooks.example.org:65536/",
        "https://hooks.example.org:4４3/",
        "https://hooks.example.org./",
        "https://hooks..example.org/",
        "https://hooks.example.org/a b",
        "https://hooks.example.org/\r\nHost: evil.example",
        "https://hooks.example.org\n/",
        " https://hooks.example.org/",
        "https://hooks。example.org/",
        "https://ｈooks.example.org/",
        "https://%68ooks.example.org/",
        "http://2130706433:9000/",
        "http://0x7f000001:9000/",
        "http://0x7f.1:9000/",
        "http://127.1:9000/",
        "http://0177.0.0.1:9000/",
        "http://[::1%25lo]:9000/",
        "http://[127.0.0.1]:9000/",
        "https://[1::2::3]/",
        "https://hooks.example.org/" + "x" * 2000,
    ],
)
def test_an_address_that_two_readers_could_take_for_two_is_none(url: str) -> None:
    with pytest.raises(BadRequestError):
        checked(url, ALLOWED)


@pytest.mark.parametrize(
    ("host", "address", "may"),
    [
        ("hooks.example.org", "192.0.2.1", True),
        ("hooks.example.org", "10.1.2.3", True),  # whoever allowed the name knows his own network
        ("hooks.example.org", "127.0.0.1", False),
        ("hooks.example.org", "::1", False),
        ("hooks.example.org", "::ffff:127.0.0.1", False),
        ("hooks.example.org", "169.254.169.254", False),
        ("hooks.example.org", "fe80::1%eth0", False),
        ("hooks.example.org", "0.0.0.0", False),  # noqa: S104 - what is refused
        ("hooks.example.org", "::", False),
        ("hooks.example.org", "224.0.0.1", False),
        ("localhost", "127.0.0.1", True),
        ("localhost", "192.0.2.1", False),
    ],
)
def test_a_name_opens_no_way_into_this_machine(host: str, address: str, may: bool) -> None:  # noqa: FBT001
    assert may_be_reached(address, Callback(f"https://{host}/", "https", host, 443)) is may


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Somebody who wants to be told."""
    with closing(Listener()) as listening:
        yield listening


async def delivered(callback: Callback) -> Outcome:
    """What becomes of one event."""
    with closing(Courier(time_limit_s=5)) as courier:
        async with courier.client() as client:
            return await courier.deliver(client, callback, b"{}", NOON)


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name lead there."""
    found = [(2, 1, 6, "", (address, 0)) for address in addresses]
    monkeypatch.setattr(courier_module, "getaddrinfo", lambda *_args, **_named: found)


async def test_a_name_that_leads_to_this_machine_is_not_called(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to(monkeypatch, "127.0.0.1", "::1")
    url = f"http://hooks.example.org:{listener.server_port}/"
    outcome = await delivered(Callback(url, "http", "hooks.example.org", listener.server_port))
    assert not outcome.is_taken
    assert "may be called" in outcome.why
    assert listener.asked == []


def certificate_for(name: str, folder: Path) -> tuple[Path, Path]:
    """The files of a certificate that vouches for itself, and of its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kind = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()))
    return chain, private


async def test_the_certificate_must_be_the_names_although_the_address_is_called(
    listener: Listener, tmp_path: Path, own_trust: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier_module, "may_be_reached", lambda *_: True)
    leads_to(monkeypatch, "127.0.0.1")
    chain, key = certificate_for("hooks.example.org", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(chain, key)
    listener.socket = server_side.wrap_socket(listener.socket, server_side=True)
    for name, taken in (("hooks.example.org", True), ("other.example.org", False)):
        url = f"https://{name}:{listener.server_port}/told"
        outcome = await delivered(Callback(url, "https", name, listener.server_port))
        assert outcome.is_taken is taken, outcome
    assert [headers["Host"] for *_, headers in listener.asked] == [f"hooks.example.org:{listener.server_port}"]


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7.0),
        (format_datetime(NOON + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOON - timedelta(seconds=90), usegmt=True), 0.0),
        ("soon", None),
        ("²", None),
        ("", None),
    ],
)
async def test_how_long_to_wait_is_read_in_both_spellings(listener: Listener, told: str, seconds: float | None) -> None:
    listener.misbehave(refuses(503, {"Retry-After": told.encode().decode("latin-1")}))
    outcome = await delivered(Callback(listener.url, "http", "127.0.0.1", listener.server_port))
    assert outcome == Outcome(is_taken=False, why="503", retry_after_s=seconds)
