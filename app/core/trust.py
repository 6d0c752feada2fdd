"""Whose certificates are believed: those that the machine believes, where a house installs its own authority once for all."""

from __future__ import annotations

import ssl
from functools import cache


@cache
def trusted_authorities() -> ssl.SSLContext:
    """For whoever calls others. The machine's list is long and takes its time, so it is read once."""
    return ssl.create_default_context()
