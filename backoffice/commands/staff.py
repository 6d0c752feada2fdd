"""`backoffice staff`: who may sign in; adds, changes and removes people."""

from __future__ import annotations

import argparse
import getpass
import json
import re
import sys
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Final

from app.core.clock import SystemClock
from app.core.permissions import OWN_SYSTEM, PERMISSIONS_BY_ROLE
from backoffice.passwords import hashed
from backoffice.roster import KnownUserError, Member, Roster, UnknownUserError
from backoffice.scopes import written
from backoffice.store import Store

if TYPE_CHECKING:
    from backoffice.commands import Subparsers

# User names and departments stand in records that analyses count, which take nothing else (`rules.doings`).
_USER: Final = re.compile(r"\S{1,64}")
_DEPARTMENT: Final = re.compile(r"([\w.-]{1,64})?")
_TERRITORY: Final = re.compile(r"[^|]+")


class _NoPasswordError(Exception):
    """No password was given, or two; the text is meant for who typed it."""


def add_parser(subparsers: Subparsers) -> None:
    """`staff list`, `add`, `change`, `remove`."""
    parser = subparsers.add_parser("staff", help="list, add, change and remove who may sign in")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="one JSON line for each person and for each customer's own system")
    listing.add_argument("--database", required=True, metavar="PATH-OR-URL")
    _add_writer(actions, "add", "add a person; the password is asked for, or the first line of standard input", _add)
    change = _add_writer(actions, "change", "change what is given of a person, and end their sign-ins", _change)
    change.add_argument("--password", action="store_true", help="ask for a new one, as add does")
    change.add_argument("--everywhere", action="store_true", help="let them see all territories again")
    remove = actions.add_parser("remove", help="let a person in no more; what they did stays under their name")
    remove.add_argument("--database", required=True, metavar="PATH-OR-URL")
    remove.add_argument("--user", required=True)
    remove.set_defaults(do=_remove)
    listing.set_defaults(do=_list)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do it, and print what was done as JSON; 1 where there is no such user, or one already."""
    if problem := _wrong_with(args):
        print(problem, file=sys.stderr)
        return 2
    with closing(Store.open(args.database, must_exist=True)) as store:
        try:
            args.do(Roster(store, SystemClock()), args)
        except (KnownUserError, UnknownUserError, _NoPasswordError) as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _wrong_with(args: argparse.Namespace) -> str:
    if args.action != "change":
        return ""
    if args.everywhere and args.territory:
        return "--everywhere and --territory exclude each other."
    given = (*_given(args), args.everywhere, args.password)
    return "" if any(given) else "Say what to change: name, role, department, territories or password."


def _add_writer(
    actions: Subparsers, name: str, meaning: str, do: Callable[[Roster, argparse.Namespace], None]
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=meaning)
    is_new = name == "add"
    parser.add_argument("--database", required=True, metavar="PATH-OR-URL")
    parser.add_argument(
        "--user", required=True, type=_matching(_USER, "one word") if is_new else str, help="what they sign in with"
    )
    parser.add_argument("--name", required=is_new, help="what others see")
    parser.add_argument("--role", required=is_new, choices=sorted(PERMISSIONS_BY_ROLE.keys() - {OWN_SYSTEM}))
    parser.add_argument(
        "--department", type=_matching(_DEPARTMENT, "one word"), help="one word: where what they do is counted"
    )
    parser.add_argument(
        "--territory", action="append", type=_matching(_TERRITORY, "a name without |"), metavar="NAME",
        help="they see the customers of this territory only; may be repeated; "
        + ("without it, all customers" if is_new else "takes the place of all that were given before"),
    )  # fmt: skip
    parser.set_defaults(do=do)
    return parser


def _list(roster: Roster, _args: argparse.Namespace) -> None:
    for member in roster.every():
        print(json.dumps(_told(member), ensure_ascii=False))


def _told(member: Member) -> dict[str, object]:
    return {
        "user": member.user,
        "name": member.name,
        "role": member.role,
        "department": member.department or None,
        "territories": None if member.territories is None else sorted(member.territories),
        "customer": member.customer or None,
        "password": member.has_password,
    }


def _add(roster: Roster, args: argparse.Namespace) -> None:
    roster.check(args.user, is_known=False)
    roster.add(args.user, {**_given(args), "password": hashed(_password())})
    print(json.dumps({"user": args.user, "done": "added"}, ensure_ascii=False))
    _point_out(roster, args)


def _change(roster: Roster, args: argparse.Namespace) -> None:
    roster.check(args.user, is_known=True)
    values = _given(args)
    if args.everywhere:
        values["territories"] = None
    if args.password:
        values["password"] = hashed(_password())
    _tell(args.user, "changed", roster.change(args.user, values))
    _point_out(roster, args)


def _remove(roster: Roster, args: argparse.Namespace) -> None:
    _tell(args.user, "removed", roster.remove(args.user))


def _point_out(roster: Roster, args: argparse.Namespace) -> None:
    """Say which territories are empty: mistyped ones would show somebody nothing, without a word."""
    for name in roster.nobodys(args.territory or ()):
        print(f"Note: no customer is in the territory {name} so far.", file=sys.stderr)


def _tell(user: str, done: str, sign_ins_ended: int) -> None:
    print(json.dumps({"user": user, "done": done, "signInsEnded": sign_ins_ended}, ensure_ascii=False))


def _given(args: argparse.Namespace) -> dict[str, object]:
    values = {name: getattr(args, name) for name in ("name", "role", "department") if getattr(args, name) is not None}
    return values if args.territory is None else {**values, "territories": written(set(args.territory))}


def _password() -> str:
    """Asked for twice at a terminal, since nobody sees what they type there. Raises _NoPasswordError."""
    is_typed = sys.stdin.isatty()
    password = getpass.getpass("Password: ") if is_typed else sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise _NoPasswordError("A password is needed. Nothing was changed.")
    if is_typed and getpass.getpass("The same again: ") != password:
        raise _NoPasswordError("These were two different passwords. Nothing was changed.")
    return password


def _matching(pattern: re.Pattern[str], words: str) -> Callable[[str], str]:
    def matching(text: str) -> str:
        if not pattern.fullmatch(text):
            raise argparse.ArgumentTypeError(f"must be {words}")
        return text

    return matching
