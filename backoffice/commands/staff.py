"""`backoffice staff add`: adds a person, or changes name, role and password of one."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from app.core.clock import SystemClock
from app.core.permissions import OWN_SYSTEM, PERMISSIONS_BY_ROLE
from backoffice.passwords import hashed
from backoffice.people import People, Person
from backoffice.store import Store

if TYPE_CHECKING:
    from backoffice.commands import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """`staff add`; the password is asked for, or read from standard input where that is no terminal."""
    parser = subparsers.add_parser("staff", help="manage who may sign in")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add a person, or change name, role and password of one")
    add.add_argument("--database", required=True, metavar="PATH-OR-URL")
    add.add_argument("--user", required=True, help="what the person signs in with")
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=sorted(PERMISSIONS_BY_ROLE.keys() - {OWN_SYSTEM}))
    add.add_argument("--department", default="", help="one word: where what this person does is counted")
    add.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Add the person; what was signed in under the old password ends."""
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not password:
        print("A password is needed.", file=sys.stderr)
        return 1
    store = Store.open(args.database)
    try:
        person = Person(args.user, args.name, args.role)
        People(store, SystemClock()).put(person, hashed(password), department=args.department)
    finally:
        store.close()
    return 0
