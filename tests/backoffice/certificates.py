"""Certificates for servers on this machine, each its own authority."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from backoffice.serving.tls import TlsFiles

DAY = timedelta(days=1)


def made(
    folder: Path, name: str = "server", begins: timedelta = -DAY, ends: timedelta = 30 * DAY, passphrase: bytes = b""
) -> TlsFiles:
    """A certificate and its key, valid between two moments counted from now."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    owner = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")])
    builder = x509.CertificateBuilder(
        owner, owner, key.public_key(), x509.random_serial_number(), now + begins, now + ends
    )
    certificate = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    files = TlsFiles(folder / f"{name}.pem", folder / f"{name}.key")
    files.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    guard: KeySerializationEncryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, guard))
    return files
