"""`backoffice backup`: saves a database into one file, also while it is served; or checks such a file."""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.core.clock import SystemClock
from backoffice.backups.file import BackupError
from backoffice.backups.restoring import check
from backoffice.backups.saving import save
from backoffice.store import Store

if TYPE_CHECKING:
    from backoffice.commands import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """`backup --database FILE`, `backup --check FILE`."""
    parser = subparsers.add_parser("backup", help="save a database into one file, also while it is served")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--database", metavar="PATH-OR-URL", help="what to save")
    what.add_argument("--check", action="store_true", help="write nothing: read FILE to its end instead")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what the backup is of as one JSON line."""
    began = time.monotonic()
    try:
        if args.check:
            about = msgspec.to_builtins(check(args.file))
        else:
            with closing(Store.open(args.database, must_exist=True)) as store:
                header, rows = save(store, args.file, SystemClock())
            about = {**msgspec.to_builtins(header), "rows": rows, "seconds": round(time.monotonic() - began, 2)}
    except BackupError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps({"file": str(args.file), **about}))
    return 0
