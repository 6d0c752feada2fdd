"""What an import folder may hold, section by section.

The customer and complaint files must be there. Of the others, a section whose place is not there is left out. An operator's
own files may be named instead, section by section; without a folder these are all there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from backoffice.documents import Document
from backoffice.importing import (
    alarms,
    catalogue,
    complaints,
    customers_section,
    operators,
    partners,
    payloads,
    populations,
    quality,
    regions,
    topology,
)
from backoffice.importing.account import Account
from backoffice.importing.made_up import MadeUp
from backoffice.importing.prices import PriceFinder
from backoffice.importing.table import FileUnusableError


class Section(Protocol):
    """One kind of input, open. `size` is how many bytes there are to read."""

    size: int

    def documents(self, account: Account) -> Iterator[Document]:
        """Everything it gives; every row is accounted for."""
        ...


@dataclass(frozen=True, slots=True)
class Opening:
    """A section before it is opened: its place, first in the import folder, and how to open what lies there."""

    name: str
    place: Path
    open: Callable[[Path], AbstractContextManager[Section]]


ALARMS: Final = "alarms"
_CUSTOMERS: Final = "customers"
_CATALOGUE: Final = "catalogue"  # has no file of its own: the customers' charges tell it
_MUST: Final = frozenset({_CUSTOMERS, "complaints"})


def names() -> list[str]:
    """The sections that have a place of their own."""
    return [one.name for one in _all(MadeUp()) if one.name != _CATALOGUE]


def openings(folder: Path | None, made_up: MadeUp, named: Mapping[str, Path]) -> Sequence[Opening]:
    """The sections of a folder in the order in which they are read: devices before the customers that hang on them.

    `named` are the places of those that lie elsewhere. Raises FileUnusableError where one is not there.
    """
    found = []
    for one in _all(made_up):
        place = named.get(_CUSTOMERS if one.name == _CATALOGUE else one.name)
        if place is not None:
            if not place.exists():
                raise FileUnusableError(f"{place}: there is no such file or folder")
            found.append(replace(one, place=place))
        elif folder is not None and (one.name in _MUST or (folder / one.place).exists()):
            found.append(replace(one, place=folder / one.place))
    return found


def _all(made_up: MadeUp) -> Sequence[Opening]:
    finder = PriceFinder()
    return (
        Opening(ALARMS, Path(f"network/{alarms.FILE}"), lambda path: alarms.opened(path, made_up.attachment)),
        Opening(_CUSTOMERS, Path("customers"), lambda path: customers_section.opened(path, made_up, finder)),
        Opening(_CATALOGUE, Path("customers"), lambda _: catalogue.opened(finder)),
        Opening("partners", Path(f"customers/{partners.FILE}"), partners.opened),
        Opening("populations", Path(f"customers/{populations.FILE}"), populations.opened),
        Opening("complaints", Path(f"complaints/{complaints.FILE}"), complaints.opened),
        Opening("samples", Path("catalogue"), payloads.opened),
        Opening("quality", Path(f"network/{quality.FILE}"), quality.opened),
        Opening("topology", Path("network/topology"), topology.opened),
        Opening("regions", Path("regions"), regions.opened),
        Opening("operators", Path(f"numbers/{operators.FILE}"), operators.opened),
    )
