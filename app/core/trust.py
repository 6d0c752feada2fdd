"""Whose certificates are believed: those that the machine believes, where a house installs its own authority once for all."""

from __future__ import annotations

import ssl
import sys
from functools import cache


@cache
def trusted_authorities() -> ssl.SSLContext:
    """For whoever calls others. The machine's list is long and takes its time, so it is read once."""
    context = ssl.create_default_context()
    found = ssl.get_default_verify_paths()
    if sys.platform != "win32" and not found.cafile and not found.capath:
        import certifi  # noqa: PLC0415 - a machine without a list of its own: what browsers believe, rather than nothing

        context.load_verify_locations(certifi.where())
    return context
