"""Beyond its own machine the back office is served over TLS only, and says in words what is wrong with a certificate."""

from __future__ import annotations

import json
import os
import shutil
import signal
import ssl
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from backoffice.serving.tls import Tls, TlsError, TlsFiles, check
from tests.backoffice.certificates import DAY, made
from tests.backoffice.processes import WAIT_SECONDS, log_of, run, serving

pytestmark = pytest.mark.one_engine

TRIES = 500


def options(files: TlsFiles) -> list[str]:
    return ["--cert", str(files.certificate), "--key", str(files.key)]


def client_trusting(*files: TlsFiles) -> httpx.Client:
    context = ssl.create_default_context()
    for one in files:
        context.load_verify_locations(one.certificate)
    return httpx.Client(verify=context, timeout=WAIT_SECONDS)


def asked(url: str, *trusted: TlsFiles) -> tuple[int, bytes]:
    """Which worker answers, and the certificate that it shows."""
    with client_trusting(*trusted) as client, client.stream("GET", f"{url}/health") as answer:
        shown: bytes = answer.extensions["network_stream"].get_extra_info("ssl_object").getpeercert(True)  # noqa: FBT003
        return json.loads(answer.read())["workers"]["this"], shown


def in_file(files: TlsFiles) -> bytes:
    return ssl.PEM_cert_to_DER_cert(files.certificate.read_text())


@pytest.mark.parametrize("workers", ["1", "2"])
def test_every_address_is_served_over_tls(tmp_path: Path, workers: str) -> None:
    files, every = made(tmp_path), "0.0.0.0"  # noqa: S104 - what it is about
    arguments = ["--host", every, "--workers", workers, *options(files)]
    with serving(tmp_path / "a.db", *arguments, scheme="https") as (_, url), client_trusting(files) as client:
        assert asked(url, files)[1] == in_file(files)
        assert client.get(f"{url}/desk/v1/me").status_code == 401
        with pytest.raises(httpx.TransportError):
            httpx.get(url.replace("https", "http"))


def test_nothing_below_tls_1_2_is_spoken(tmp_path: Path) -> None:
    assert Tls(made(tmp_path)).context.minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("more", ["--no-auth", "--test-faults", "--embedded"])
def test_what_is_meant_for_one_machine_is_not_served_to_others(tmp_path: Path, more: str) -> None:
    ended = run("serve", "--database", str(tmp_path / "a.db"), "--host", "::", *options(made(tmp_path)), more)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "this machine only" in ended.stderr
    assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_there_is_not_is_an_error_in_words(tmp_path: Path, port: str) -> None:
    ended = run("serve", "--database", str(tmp_path / "a.db"), "--port", port)
    assert (ended.returncode, ended.stderr) == (2, "--port takes a number from 0 to 65535.\n")


def test_a_certificate_without_its_key_is_an_error_in_words(tmp_path: Path) -> None:
    ended = run("serve", "--database", str(tmp_path / "a.db"), *options(made(tmp_path))[:2])
    assert (ended.returncode, ended.stderr) == (2, "--cert and --key go together.\n")


def test_a_certificate_that_cannot_be_used_keeps_the_server_from_starting(tmp_path: Path) -> None:
    files = made(tmp_path, begins=-2 * DAY, ends=-DAY)
    ended = run("serve", "--database", str(tmp_path / "a.db"), *options(files))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "has expired on" in ended.stderr
    assert "Traceback" not in ended.stderr


def swapped(files: TlsFiles) -> TlsFiles:
    return TlsFiles(files.key, files.certificate)


WRONG: dict[str, tuple[Callable[[Path], TlsFiles], str]] = {
    "missing": (lambda folder: TlsFiles(folder / "none.pem", folder / "none.key"), "cannot be read: No such file"),
    "a folder": (lambda folder: TlsFiles(folder, folder), "cannot be read: Is a directory"),
    "swapped": (lambda folder: swapped(made(folder)), "There is no certificate in"),
    "no key": (
        lambda folder: TlsFiles(made(folder).certificate, made(folder).certificate),
        "There is no private key in",
    ),
    "of another": (lambda folder: TlsFiles(made(folder, "a").certificate, made(folder, "b").key), "does not belong to"),
    "guarded": (lambda folder: made(folder, passphrase=b"secret"), "behind a passphrase"),
    "expired": (lambda folder: made(folder, begins=-2 * DAY, ends=-DAY), "has expired on"),
    "early": (lambda folder: made(folder, begins=DAY), "is valid from"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_with_a_certificate_is_said_in_words(tmp_path: Path, wrong: str) -> None:
    files, said = WRONG[wrong]
    with pytest.raises(TlsError, match=said):
        check(files(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_key_of_somebody_else_is_an_error_in_words(tmp_path: Path) -> None:
    files = made(tmp_path)
    files.key.chmod(0)
    with pytest.raises(TlsError, match="Permission denied"):
        check(files)


def put_in_place(new: TlsFiles, files: TlsFiles) -> None:
    shutil.copy(new.certificate, files.certificate)
    shutil.copy(new.key, files.key)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_new_certificate_is_shown_after_a_hangup_signal_by_every_worker(tmp_path: Path, workers: int) -> None:
    files, old, new = made(tmp_path), made(tmp_path, "old"), made(tmp_path, "new")
    put_in_place(old, files)
    arguments = ["--workers", str(workers), *options(files)]
    with serving(tmp_path / "a.db", *arguments, scheme="https") as (process, url):
        put_in_place(new, files)
        process.send_signal(signal.SIGHUP)
        shown_by: dict[int, bytes] = {}
        for _ in range(TRIES):
            shown_by |= [asked(url, old, new)]
            if [*shown_by.values()] == [in_file(new)] * workers:
                return
    pytest.fail(f"{len(shown_by)} workers answered, not all with the new certificate")


def test_a_new_certificate_that_cannot_be_used_leaves_the_old_one_and_a_line_in_the_log(tmp_path: Path) -> None:
    files, old = made(tmp_path), made(tmp_path, "old")
    put_in_place(old, files)
    with serving(tmp_path / "a.db", *options(files), scheme="https") as (process, url), client_trusting(old) as client:
        files.key.write_text("rubbish")
        process.send_signal(signal.SIGHUP)
        said: list[str] = []
        while not said:
            with client_trusting(old) as fresh:
                assert fresh.get(f"{url}/health").status_code == 200
            lines = [json.loads(line) for line in log_of(tmp_path / "a.db").read_text().splitlines()]
            said = [line["reason"] for line in lines if line["event"] == "certificate not renewed"]
        assert "There is no private key" in said[0]
        assert client.get(f"{url}/health").status_code == 200
