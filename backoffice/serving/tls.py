"""The certificate that the back office shows: checked before it is used, and read anew while it serves."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
    from cryptography.x509 import Certificate


class TlsError(Exception):
    """The certificate or its key cannot be used; the text says why and is meant for the operator."""


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Where the certificate (the server's own first, then those between it and the root) and its key are, both as PEM."""

    certificate: Path
    key: Path


class Tls:
    """A context for connections from TLS 1.2 upwards."""

    def __init__(self, files: TlsFiles) -> None:
        """Raises TlsError."""
        check(files)
        self._files = files
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._load()

    def renew(self) -> None:
        """Show what is in the files now to everybody who connects from here on. Raises TlsError; then nothing is changed."""
        check(self._files)
        self._load()

    def _load(self) -> None:
        try:
            self.context.load_cert_chain(self._files.certificate, self._files.key)
        except ssl.SSLError as error:
            raise TlsError(f"The certificate in {self._files.certificate} cannot be used: {error.reason}.") from error


def check(files: TlsFiles) -> None:
    """Say what is wrong before a client meets it. Raises TlsError."""
    certificate = _certificate(files.certificate)
    now = datetime.now(UTC)
    if certificate.not_valid_after_utc < now:
        raise TlsError(
            f"The certificate in {files.certificate} has expired on {certificate.not_valid_after_utc:%Y-%m-%d}."
        )
    if certificate.not_valid_before_utc > now:
        raise TlsError(
            f"The certificate in {files.certificate} is valid from {certificate.not_valid_before_utc:%Y-%m-%d} on."
        )
    if _public_key_of(files.key) != _written(certificate.public_key()):
        raise TlsError(f"The key in {files.key} does not belong to the certificate in {files.certificate}.")


def _certificate(path: Path) -> Certificate:
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - only TLS needs it

    try:
        return load_pem_x509_certificates(_read(path))[0]
    except ValueError as error:
        raise TlsError(f"There is no certificate in {path}: it must be PEM.") from error


def _public_key_of(path: Path) -> bytes:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        return _written(load_pem_private_key(_read(path), None).public_key())
    except TypeError as error:
        raise TlsError(
            f"The key in {path} is behind a passphrase. Nobody is there to type it: guard the file instead."
        ) from error
    except ValueError as error:
        raise TlsError(f"There is no private key in {path}: it must be PEM.") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise TlsError(f"{path} cannot be read: {error.strerror}.") from error


def _written(key: PublicKeyTypes) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
