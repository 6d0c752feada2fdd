"""The commands of `python -m backoffice`, each a module with `add_parser(subparsers)` and `run(args) -> int`."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_MODULES: Final = (
    "create", "generate", "import_files", "restore", "serve", "staff", "devices", "leases", "token", "backup", "verify",
)  # fmt: skip


class Command(Protocol):
    """What each of these modules offers; its parser sets `run` as a default."""

    def add_parser(self, subparsers: Subparsers) -> None:
        """Declare the command's arguments."""
        ...

    def run(self, args: argparse.Namespace) -> int:
        """Do it; the result is the exit code."""
        ...


def commands() -> list[Command]:
    """All commands."""
    return [cast("Command", import_module(f"backoffice.commands.{name}")) for name in _MODULES]
