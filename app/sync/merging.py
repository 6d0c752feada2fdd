"""A command whose record others have changed: it goes on top of that, or a person is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.core.commands import Command, There
from app.rules import merging
from app.sync.model import Differs, Merged

Merge = Callable[[Command, There], Merged | Differs]


def on_top(command: Command, there: There) -> Merged | Differs:
    """The command on top of what is there; what it takes a person for is left as it is."""
    if there.body is None:
        return Differs(there)
    merge = merging.merge(command.collection, command.seen, command.body, there.body)
    return Differs(there) if merge.needs_a_person else Merged(put_on(command, there), there)


def put_on(command: Command, there: There) -> Command:
    """The command as made by somebody who saw what is there, and wants the same. Lists that all add to lose nothing."""
    return replace(over(command, there.body), base_tag=there.tag, seen=there.body)


def over(command: Command, body: Mapping[str, Any] | None) -> Command:
    """The command with what it comes to on top of a record, whoever changed that since it was seen."""
    if command.seen is None or body is None:
        return command
    return replace(command, body=merging.merge(command.collection, command.seen, command.body, body).delta)
