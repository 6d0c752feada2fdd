"""Which addresses may be called: hosts that whoever runs the back office allowed, in one plain spelling, and nothing beside.

One strict pattern reads the whole address, so that no two readers can take it for two different hosts.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from backoffice.errors import BadRequestError, ForbiddenError

LONGEST: Final = 2_000
_HOST: Final = r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)"
_PATTERN: Final = re.compile(
    rf"(?P<scheme>https?)://{_HOST}(?::(?P<port>[0-9]{{1,5}}))?(?P<rest>[/?][A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*)?",
    re.ASCII,
)
_ALLOWANCE: Final = re.compile(rf"{_HOST}(?::(?P<port>[0-9]{{1,5}}))?", re.ASCII)
_PORTS: Final = {"http": 80, "https": 443}
_MOST_PORT: Final = 65_535
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """A host that may be called at one port; no port: at that of its scheme."""

    host: str
    port: int | None = None

    @classmethod
    def read(cls, text: str) -> AllowedHost:
        """Read `HOST[:PORT]`; an IPv6 address with a port stands in brackets. Raises ValueError."""
        found = _ALLOWANCE.fullmatch(f"[{text}]" if text.count(":") > 1 and not text.startswith("[") else text)
        if found is None:
            raise ValueError(f"{text} is no host.")
        return cls(_one_spelling(found["host"]), _port(found["port"]) if found["port"] else None)


@dataclass(frozen=True, slots=True)
class Callback:
    """An address that may be called."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def is_named(self) -> bool:
        """Whether the host is a name that has to be looked up, and may lead anywhere."""
        return not is_loopback(self.host) and _address(self.host) is None


def checked(url: str, allowed: frozenset[AllowedHost]) -> Callback:
    """Read an address that is to be called. Raises BadRequestError, or ForbiddenError for a host that is not allowed."""
    found = _PATTERN.fullmatch(url) if len(url) <= LONGEST else None
    if found is None:
        raise BadRequestError("callback must be an https address: a plain host, no user, no fragment, no odd signs.")
    scheme = found["scheme"]
    try:
        host, port = _one_spelling(found["host"]), _port(found["port"]) if found["port"] else _PORTS[scheme]
    except ValueError as error:
        raise BadRequestError(f"callback: {error}") from error
    if scheme == "http" and not is_loopback(host):
        raise BadRequestError("callback must be https; plain http is for a loopback address only.")
    if AllowedHost(host, port) not in allowed and (port != _PORTS[scheme] or AllowedHost(host) not in allowed):
        raise ForbiddenError(
            "The host of this callback is not allowed. Who runs the back office allows it with serve --callback-host."
        )
    return Callback(url, scheme, host, port)


def is_loopback(host: str) -> bool:
    """Whether it means this machine, by its own words."""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def may_be_reached(address: str, callback: Callback) -> bool:
    """Whether an address that the host's name led to may be called: a name that is allowed opens no way into this machine."""
    found = _address(address.partition("%")[0])
    if found is None:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if is_loopback(callback.host):
        return found.is_loopback
    return not (found.is_loopback or found.is_link_local or found.is_multicast or found.is_unspecified)


def _one_spelling(host: str) -> str:
    """Lower case, addresses in their canonical form. Raises ValueError for numbers that only look like a name."""
    if host.startswith("["):
        return str(ipaddress.IPv6Address(host[1:-1]))
    name = host.lower()
    last = name.rpartition(".")[2]
    if last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last):  # what resolvers read as a number
        return str(ipaddress.IPv4Address(name))
    if ".." in name:
        raise ValueError("the host has an empty part.")
    return name


def _address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _port(text: str) -> int:
    if not 0 < int(text) <= _MOST_PORT:
        raise ValueError("there is no such port.")
    return int(text)
