"""`backoffice restore`: fills an empty database from a backup; desks notice, and take a new snapshot."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.clock import SystemClock
from backoffice.backups.file import BackupError
from backoffice.backups.restoring import restore

if TYPE_CHECKING:
    from backoffice.commands import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """`restore --database FILE`."""
    parser = subparsers.add_parser("restore", help="fill an empty database from a backup")
    parser.add_argument("--database", required=True, metavar="PATH-OR-URL", help="a new, empty one")
    parser.add_argument(
        "--keep-desks", action="store_true", help="let desks go on: none was shut out or wiped since the backup"
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print of when it is, the new epoch and which desks have to enrol anew, as one JSON line."""
    began = time.monotonic()
    try:
        restored = restore(args.file, args.database, SystemClock(), keep_desks=args.keep_desks)
    except BackupError as error:
        print(error, file=sys.stderr)
        return 1
    header = restored.header
    about = {"made": header.made, "sequence": header.sequence, "was": header.epoch, "epoch": restored.epoch}
    told = {**about, "desksShutOut": restored.shut_out, "seconds": round(time.monotonic() - began, 2)}
    print(json.dumps(told, ensure_ascii=False))
    return 0
