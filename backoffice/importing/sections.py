"""What an import folder may hold, section by section.

The customer and complaint files must be there. Of the others, a section whose place is not there is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
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


class Section(Protocol):
    """One kind of input, open. `size` is how many bytes there are to read."""

    size: int

    def documents(self, account: Account) -> Iterator[Document]:
        """Everything it gives; every row is accounted for."""
        ...


@dataclass(frozen=True, slots=True)
class Opening:
    """A section before it is opened: its place in the import folder, and how to open what lies there."""

    name: str
    place: str
    open: Callable[[Path], AbstractContextManager[Section]]


ALARMS: Final = "alarms"
_MUST: Final = frozenset({"customers", "complaints"})


def openings(folder: Path, made_up: MadeUp) -> Sequence[Opening]:
    """The sections of a folder in the order in which they are read: devices before the customers that hang on them."""
    return [one for one in _all(made_up) if one.name in _MUST or (folder / one.place).exists()]


def _all(made_up: MadeUp) -> Sequence[Opening]:
    finder = PriceFinder()
    return (
        Opening(ALARMS, f"network/{alarms.FILE}", lambda path: alarms.opened(path, made_up.attachment)),
        Opening("customers", "customers", lambda path: customers_section.opened(path, made_up, finder)),
        Opening("catalogue", "customers", lambda _: catalogue.opened(finder)),
        Opening("partners", f"customers/{partners.FILE}", partners.opened),
        Opening("populations", f"customers/{populations.FILE}", populations.opened),
        Opening("complaints", f"complaints/{complaints.FILE}", complaints.opened),
        Opening("samples", "catalogue", payloads.opened),
        Opening("quality", f"network/{quality.FILE}", quality.opened),
        Opening("topology", "network/topology", topology.opened),
        Opening("regions", "regions", regions.opened),
        Opening("operators", f"numbers/{operators.FILE}", operators.opened),
    )
