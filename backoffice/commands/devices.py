"""`backoffice devices`: codes with which machines become desks; who is one; shutting one out, and having it wiped."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.core.clock import SystemClock, to_wire
from backoffice.desks import CODE_LASTS, Desk, Desks, UnknownDeskError
from backoffice.store import Store

if TYPE_CHECKING:
    from backoffice.commands import Subparsers

_HOURS = int(CODE_LASTS.total_seconds()) // 3600
_MOST_HOURS = 24 * 31
_ACTIONS = {
    "add": "print a code, once, with which one machine becomes this desk, or becomes it anew",
    "revoke": "shut a desk out",
    "wipe": "shut a desk out and tell it, when it next comes, to wipe what it holds",
}


def add_parser(subparsers: Subparsers) -> None:
    """`devices --database`, and what to do with which."""
    parser = subparsers.add_parser("devices", help="manage which machines are desks")
    parser.add_argument("--database", required=True, metavar="PATH-OR-URL")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="one JSON line for each desk")
    for name, meaning in _ACTIONS.items():
        action = actions.add_parser(name, help=meaning)
        action.add_argument("name", metavar="NAME", help="what IT calls it: hall-3-desk-2")
        if name == "add":
            action.add_argument("--hours", type=_hours, default=_HOURS, help=f"how long the code is good ({_HOURS})")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do it; 1 where there is no such desk."""
    with closing(Store.open(args.database, must_exist=True)) as store:
        desks = Desks(store, SystemClock())
        try:
            _do(desks, args)
        except UnknownDeskError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _do(desks: Desks, args: argparse.Namespace) -> None:
    if args.action == "add":
        _tell(args.name, code=desks.add(args.name, timedelta(hours=args.hours)))
    elif args.action == "revoke":
        desks.revoke(args.name)
        _tell(args.name, done="revoked")
    elif args.action == "wipe":
        desks.wipe(args.name)
        _tell(args.name, done="wipe ordered")
    else:
        for one in desks.every():
            print(json.dumps(_told(one), ensure_ascii=False))


def _tell(name: str, **more: str) -> None:
    print(json.dumps({"name": name, **more}, ensure_ascii=False))


def _told(desk: Desk) -> dict[str, str | None]:
    kept = asdict(desk)
    instants = {name: kept.pop(name) for name in tuple(kept) if isinstance(kept[name], int)}
    return {**kept, **{name: to_wire(datetime.fromtimestamp(one, UTC)) for name, one in instants.items()}}


def _hours(text: str) -> int:
    number = int(text)
    if not 0 < number <= _MOST_HOURS:
        raise argparse.ArgumentTypeError(f"must be between 1 and {_MOST_HOURS}")
    return number
