"""`backoffice token`: makes a token for a customer's own systems or for a person's program, lists them, ends one."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from app.core.clock import SystemClock, to_wire
from backoffice.issuing import Issuing, UnknownHolderError
from backoffice.people import token_id
from backoffice.store import Store

if TYPE_CHECKING:
    from backoffice.commands import Subparsers

_DAYS = 30
_MOST_DAYS = 3660


def add_parser(subparsers: Subparsers) -> None:
    """`token --database`, and what to do."""
    parser = subparsers.add_parser("token", help="make, list or end tokens; a new one is printed once, as JSON")
    parser.add_argument("--database", required=True, metavar="PATH-OR-URL")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--party", metavar="ID", help="reads what belongs to this customer, writes nothing")
    what.add_argument("--person", metavar="ID", help="may do what this person may")
    what.add_argument("--revoke", metavar="ID", help="end the token with this id; the token itself will do too")
    what.add_argument("--list", action="store_true", help="one JSON line for each token that is good")
    parser.add_argument("--days", type=_days, default=_DAYS, metavar="N", help=f"how long it is good (default {_DAYS})")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do it; 1 where there is nobody, or no token, of that name."""
    with closing(Store.open(args.database, must_exist=True)) as store:
        issuing = Issuing(store, SystemClock())
        if args.list:
            _list(issuing)
            return 0
        if args.revoke:
            return _revoke(issuing, args.revoke)
        return _issue(issuing, args)


def _issue(issuing: Issuing, args: argparse.Namespace) -> int:
    lasts = timedelta(days=args.days)
    try:
        grant = issuing.for_party(args.party, lasts) if args.party else issuing.for_person(args.person, lasts)
    except UnknownHolderError as error:
        print(error, file=sys.stderr)
        return 1
    told = {"id": token_id(grant.token), "token": grant.token, "holder": grant.person.id, "role": grant.person.role}
    print(json.dumps({**told, "expiresAt": to_wire(grant.expires_at.replace(microsecond=0))}))
    return 0


def _revoke(issuing: Issuing, named: str) -> int:
    if issuing.revoke(named):
        print(json.dumps({"done": "revoked"}))  # not by what it was named: that may be the token itself
        return 0
    print("There is no such token, or no longer.", file=sys.stderr)
    return 1


def _list(issuing: Issuing) -> None:
    for one in issuing.out():
        told = {"id": one.id, "holder": one.holder, "device": one.device, "expiresAt": to_wire(one.expires_at)}
        print(json.dumps(told, ensure_ascii=False))


def _days(text: str) -> int:
    number = int(text)
    if not 0 < number <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"must be between 1 and {_MOST_DAYS}")
    return number
