"""`backoffice serve`: answers on one port until it is told to stop, or its parent is gone."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from contextlib import closing, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from backoffice.commands.demonstration import CLERK, open_demonstration, welcome_clerk
from backoffice.commands.parent import HandoverError, secret_from_parent, when_parent_ends
from backoffice.hub.callbacks import AllowedHost
from backoffice.store import Store

if TYPE_CHECKING:
    import socket

    from backoffice.commands import Subparsers
    from backoffice.serving.tls import TlsFiles
    from backoffice.web.context import Options

_MOST_WORKERS: Final = 64
_MOST_PORT: Final = 65_535


def add_parser(subparsers: Subparsers) -> None:
    """`serve --database --port`, and how an embedded or a test server differs."""
    parser = subparsers.add_parser("serve", help="answer requests; the port is printed as one JSON line")
    parser.add_argument("--database", required=True, metavar="PATH-OR-URL")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="an address other than loopback takes --cert and --key")
    parser.add_argument(
        "--cert", type=Path, metavar="FILE", help="the certificate and those between it and the root, PEM"
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="the certificate's private key, PEM, no passphrase")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes that answer; 1, the default")
    parser.add_argument(
        "--callback-host", action="append", default=[], metavar="HOST[:PORT]",
        help="a host that listeners' callbacks may name (docs/hub.md); none by default; may be repeated",
    )  # fmt: skip
    parser.add_argument("--no-auth", action="store_true", help="requests without a token act as a supervisor")
    parser.add_argument(
        "--foreign", action="store_true", help="plain TM Forum, as others' servers are; with --no-auth, for tests only"
    )
    parser.add_argument("--test-faults", action="store_true", help="misbehave when told to; for tests only")
    parser.add_argument("--enrolled-only", action="store_true", help="passwords sign in at enrolled desks only")
    parser.add_argument("--embedded", action="store_true", help="take a secret from standard input, end with it")
    parser.add_argument("--demonstration", type=int, metavar="N", help="with --embedded: fill an empty database")
    parser.add_argument(
        "--demonstration-facts", action="store_true", help="what others know is made up, as with --demonstration"
    )
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
    return _serve(args, secret)


def _wrong_with(args: argparse.Namespace) -> str:
    if bool(args.cert) != bool(args.key):
        return "--cert and --key go together."
    if not _is_loopback(args.host):
        if not args.cert:
            return f"{args.host} is not a loopback address. Without TLS (--cert, --key) only this machine is served."
        if args.no_auth or args.test_faults or args.embedded:
            return "--no-auth, --test-faults and --embedded serve this machine only: give a loopback address."
    if args.foreign and not args.no_auth:
        return "--foreign goes with --no-auth."
    if args.demonstration is not None and not args.embedded:
        return "--demonstration goes with --embedded."
    if not 0 <= args.port <= _MOST_PORT:
        return f"--port takes a number from 0 to {_MOST_PORT}."
    if not 1 <= args.workers <= _MOST_WORKERS:
        return f"--workers takes a number from 1 to {_MOST_WORKERS}."
    if args.workers > 1 and (args.embedded or args.test_faults):
        return "--embedded and --test-faults take a single worker."
    try:
        _callback_hosts(args)
    except ValueError as error:
        return f"--callback-host: {error}"
    return ""


def _callback_hosts(args: argparse.Namespace) -> frozenset[AllowedHost]:
    return frozenset(AllowedHost.read(one) for one in args.callback_host)


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _serve(args: argparse.Namespace, secret: str | None) -> int:
    from backoffice.hub.ledger import HubSettings  # noqa: PLC0415 - other commands need no server
    from backoffice.serving.tls import TlsError, TlsFiles, check  # noqa: PLC0415
    from backoffice.web.context import Options  # noqa: PLC0415
    from backoffice.web.server import listen  # noqa: PLC0415

    tls_files = TlsFiles(args.cert, args.key) if args.cert else None
    try:
        if tls_files:
            check(tls_files)
        bound = listen(args.host, args.port)
    except TlsError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Port {args.port} of {args.host} cannot be used: {error.strerror}.", file=sys.stderr)
        return 1
    hub = HubSettings(_callback_hosts(args))
    options = Options(
        args.no_auth, args.test_faults, secret, CLERK, enrolled_only=args.enrolled_only, workers=args.workers,
        demonstration_facts=args.demonstration_facts or args.demonstration is not None,
        hub=hub, foreign=args.foreign,
    )  # fmt: skip
    with bound:
        code = (_serve_alone if args.workers == 1 else _supervise)(args, options, tls_files, bound)
    structlog.get_logger().info("stopped")
    return code


def _serve_alone(args: argparse.Namespace, options: Options, tls_files: TlsFiles | None, bound: socket.socket) -> int:
    from backoffice.serving.tls import Tls  # noqa: PLC0415
    from backoffice.web.context import Context  # noqa: PLC0415
    from backoffice.web.server import BackOfficeServer  # noqa: PLC0415

    with closing(_opened(args)) as store:
        if args.embedded:
            welcome_clerk(store, args.demonstration)
        tls = Tls(tls_files) if tls_files else None
        server = BackOfficeServer(Context(store, options), lambda: _announce(bound), tls)
        if args.embedded:
            when_parent_ends(server.stop)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)  # uvicorn stops on them and raises them again: by then all is done
        if tls and hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: server.renew_certificate())
        server.run([bound])
    return 0


def _opened(args: argparse.Namespace) -> Store:
    """An embedded back office makes its database itself: the desk that starts it is all there is."""
    if args.demonstration is not None:
        return open_demonstration(args.database)
    return Store.open(args.database, must_exist=not args.embedded)


def _supervise(args: argparse.Namespace, options: Options, tls_files: TlsFiles | None, bound: socket.socket) -> int:
    from backoffice.serving.supervisor import Supervisor  # noqa: PLC0415
    from backoffice.serving.worker import Job, start  # noqa: PLC0415

    Store.open(args.database, must_exist=True).close()  # what is wrong with it is said once, in words
    bound.listen()  # whoever connects while a worker is started anew waits instead of being turned away
    job = Job(args.database, options, tls_files)
    supervisor = Supervisor(lambda number: start(job, number, bound), args.workers, lambda: _announce(bound))
    supervisor.obey_signals()
    return supervisor.run()


def _announce(bound: socket.socket) -> None:
    host, port = bound.getsockname()[:2]
    structlog.get_logger().info("serving", host=host, port=port)
    with suppress(BrokenPipeError):
        print(json.dumps({"port": port}), flush=True)
