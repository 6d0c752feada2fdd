"""`backoffice verify`: checks a database against itself; the last line of its output is JSON."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from backoffice.store import Store
from backoffice.verifying import verified

if TYPE_CHECKING:
    from backoffice.commands import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """`verify --database`."""
    parser = subparsers.add_parser("verify", help="check that what the database holds fits together")
    parser.add_argument("--database", required=True, metavar="PATH-OR-URL")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what is wrong, if anything; 1 if something is."""
    store = Store.open(args.database, must_exist=True)
    try:
        found = verified(store)
    finally:
        store.close()
    for problem in found.problems:
        print(problem)
    counts = {"documents": found.documents, "tombstones": found.tombstones, "sequence": found.sequence}
    audit = {"entries": found.audited, "head": found.audit_head}
    print(json.dumps({"ok": not found.problems, **counts, "audit": audit, "problems": len(found.problems)}))
    return 1 if found.problems else 0
