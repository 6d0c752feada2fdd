"""Starts the desk: reads the arguments, starts the log, hands over to `app.bootstrap`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app import VERSION
from app.bootstrap.places import Arguments


def arguments_from(words: list[str]) -> Arguments:
    """Read the command line; explains itself and exits where it makes no sense."""
    parser = argparse.ArgumentParser(
        prog="script/run", description="Trunkline: the one window a telecom clerk works in."
    )
    parser.add_argument(
        "--server", metavar="URL", help="join this back office from now on; empty: go back to the demonstration"
    )
    parser.add_argument("--profile", metavar="DIR", type=Path, help="keep this desk's data here")
    parser.add_argument("--language", choices=("en", "zh_CN"), help="language of the window")
    parser.add_argument("--theme", choices=("light", "dark"), help="look of the window")
    parser.add_argument("--doctor", action="store_true", help="say how healthy this desk is; exit 1 if it is not")
    parser.add_argument("--json", action="store_true", help="with --doctor: as JSON")
    parser.add_argument("--pictures", metavar="DIR", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--all", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--version", action="version", version=f"Trunkline {VERSION}")
    given = parser.parse_args(words)
    profile = given.profile.expanduser().resolve() if given.profile else None
    return Arguments(
        given.server, profile, given.language, given.theme, given.doctor, given.json, given.pictures, given.all
    )  # fmt: skip


def main() -> int:
    """Run what was asked for; returns the exit code."""
    arguments = arguments_from(sys.argv[1:])
    if arguments.doctor:
        from app.bootstrap.doctor import examine  # noqa: PLC0415 - each way of starting loads its own parts only

        return examine(arguments)
    if arguments.pictures:
        from app.bootstrap.pictures import take  # noqa: PLC0415

        return take(arguments)
    from app.bootstrap.window import run  # noqa: PLC0415

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
