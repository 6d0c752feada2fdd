"""`backoffice create`: makes an empty database, to be filled through the TM Forum APIs."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from backoffice.store import MissingDatabaseError, Store

if TYPE_CHECKING:
    from backoffice.commands import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """`create --database`."""
    parser = subparsers.add_parser("create", help="make an empty database; generate, import and restore need none")
    parser.add_argument("--database", required=True, metavar="PATH-OR-URL")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the new back office's id as one JSON line; 1 where there is one already."""
    try:
        Store.open(args.database, must_exist=True).close()
    except MissingDatabaseError:
        with closing(Store.open(args.database)) as store:
            print(json.dumps({"office": store.get_meta("office"), "epoch": store.get_meta("epoch")}))
        return 0
    print("There is a back office in this database already. Nothing was changed.", file=sys.stderr)
    return 1
