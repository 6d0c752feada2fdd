"""`python -m backoffice`: create, serve, staff, token, devices, verify, backup, restore, import and generate."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from backoffice.commands import commands
from backoffice.dialect import DatabaseError, MissingDatabaseError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 if it did what was asked, 1 if not, 2 if it was called wrongly or there is no database."""
    parser = argparse.ArgumentParser(prog="backoffice", description="The reference back office of Trunkline.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in commands():
        command.add_parser(subparsers)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except MissingDatabaseError as error:  # not made by the way: a mistyped path would serve an empty back office
        print(error, "It is made by generate, import, restore or create.", file=sys.stderr)
        return 2
    except DatabaseError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
