"""`backoffice serve`: answers on one port until it is told to stop, or its parent is gone."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.clock import SystemClock
from backoffice.commands.parent import HandoverError, secret_from_parent, when_parent_ends
from backoffice.hub.callbacks import AllowedHost
from backoffice.people import People, Person
from backoffice.scopes import EVERYTHING
from backoffice.store import OutdatedDatabaseError, Store

if TYPE_CHECKING:
    import socket

    from backoffice.commands import Subparsers

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_DEMONSTRATION = "demonstration"
_CLERK = Person("demo", "演示 Demo", "clerk")


def add_parser(subparsers: Subparsers) -> None:
    """`serve --database --port`, and how an embedded or a test server differs."""
    parser = subparsers.add_parser("serve", help="answer requests; the port is printed as one JSON line")
    parser.add_argument("--database", required=True, metavar="PATH-OR-URL")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument(
        "--callback-host", action="append", default=[], metavar="HOST[:PORT]",
        help="a host that listeners' callbacks may name (docs/hub.md); none by default; may be repeated",
    )  # fmt: skip
    parser.add_argument("--no-auth", action="store_true", help="requests without a token act as a supervisor")
    parser.add_argument("--test-faults", action="store_true", help="misbehave when told to; for tests only")
    parser.add_argument("--embedded", action="store_true", help="take a secret from standard input, end with it")
    parser.add_argument("--demonstration", type=int, metavar="N", help="with --embedded: fill an empty database")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM, SIGINT or, embedded, the end of standard input."""
    if problem := _wrong_with(args):
        print(problem, file=sys.stderr)
        return 2
    from backoffice.web.logs import configure  # noqa: PLC0415 - only a server needs it

    configure(tells_requests=not args.embedded)  # nobody rotates the log of an embedded one
    try:
        secret = secret_from_parent() if args.embedded else None
    except HandoverError as error:
        print(error, file=sys.stderr)
        return 2
    store = _opened(args)
    try:
        if args.embedded:
            _welcome_clerk(store, args.demonstration)
        return _serve(args, store, secret)
    finally:
        store.close()


def _opened(args: argparse.Namespace) -> Store:
    """The store; the data of a demonstration that an older version made is set aside, and made anew."""
    try:
        return Store.open(args.database)
    except OutdatedDatabaseError:
        if args.demonstration is None:
            raise
        for ending in ("", "-wal", "-shm"):
            kept = Path(f"{args.database}{ending}")
            if kept.exists():
                kept.replace(f"{args.database}.outdated{ending}")
        return Store.open(args.database)


def _wrong_with(args: argparse.Namespace) -> str:
    if args.host not in _LOOPBACK:
        return f"{args.host} is not a loopback address. Without TLS the back office serves its own machine only."
    if args.demonstration is not None and not args.embedded:
        return "--demonstration goes with --embedded."
    try:
        _callback_hosts(args)
    except ValueError as error:
        return f"--callback-host: {error}"
    return ""


def _callback_hosts(args: argparse.Namespace) -> frozenset[AllowedHost]:
    return frozenset(AllowedHost.read(one) for one in args.callback_host)


def _welcome_clerk(store: Store, customers: int | None) -> None:
    people = People(store, SystemClock())
    if people.find(_CLERK.id) is None:  # adding anew would end the tokens of commands that still wait at the desk
        people.put(_CLERK, None)
    if customers and _lacks_demonstration(store):
        from backoffice.generating.operator import generate  # noqa: PLC0415 - only the first start needs it

        store.set_meta(_DEMONSTRATION, "begun")  # if this is cut short, the next start makes the same again
        generate(store, customers=customers, seed=1)
        store.set_meta(_DEMONSTRATION, "done")
    if customers:
        from backoffice.generating.present import bring_into_present  # noqa: PLC0415

        bring_into_present(store, SystemClock().now())


def _lacks_demonstration(store: Store) -> bool:
    with store.reading(EVERYTHING) as reader:
        return reader.position().sequence == 0 or reader.meta(_DEMONSTRATION) == "begun"


def _serve(args: argparse.Namespace, store: Store, secret: str | None) -> int:
    from backoffice.hub.ledger import HubSettings  # noqa: PLC0415
    from backoffice.web.context import Context, Options  # noqa: PLC0415 - other commands need no server
    from backoffice.web.server import BackOfficeServer, listen  # noqa: PLC0415

    try:
        bound = listen(args.host, args.port)
    except OSError as error:
        print(f"Port {args.port} cannot be used: {error.strerror}.", file=sys.stderr)
        return 1
    hub = HubSettings(_callback_hosts(args))
    context = Context(store, Options(args.no_auth, args.test_faults, secret, _CLERK, hub=hub))
    server = BackOfficeServer(context, lambda: _announce(bound))
    if args.embedded:
        when_parent_ends(server.stop)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # uvicorn stops on them and raises them again: by then all is done
    server.run([bound])
    return 0


def _announce(bound: socket.socket) -> None:
    with suppress(BrokenPipeError):
        print(json.dumps({"port": bound.getsockname()[1]}), flush=True)
