"""Databases for runs, as the back office's own tests have them."""

from __future__ import annotations

from tests.backoffice.conftest import cluster, database

__all__ = ["cluster", "database"]
