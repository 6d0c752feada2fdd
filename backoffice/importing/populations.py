"""How many people live in each postal code, and in the area it is sorted by: what a map divides by.

An area is what the territories of imported customers are called after, so its site tells how many people such a territory
holds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from backoffice.documents import Document
from backoffice.importing.account import Account
from backoffice.importing.bodies.network import site
from backoffice.importing.bodies.parts import characteristic
from backoffice.importing.postal import is_postal_code, postal_area
from backoffice.importing.records import rows_by_key
from backoffice.importing.table import Table

FILE: Final = "maven_zipcode_population.csv"
CODE: Final = "zipcode"
PEOPLE: Final = "population"
_WHOLE: Final = re.compile(r"\d{1,9}", re.ASCII)


class PopulationFile:
    """The file, open."""

    def __init__(self, table: Table) -> None:
        self.size = table.size
        self._table = table

    def documents(self, account: Account) -> Iterator[Document]:
        """A site for each postal code, then one for each area."""
        people_of: Counter[str] = Counter()
        for row in rows_by_key(self._table, CODE, account):
            code, people = row[CODE], row[PEOPLE]
            if not is_postal_code(code):
                account.refuse(row.file, row.line, CODE, code, "not a postal code of five digits")
            elif not _WHOLE.fullmatch(people):
                account.refuse(row.file, row.line, PEOPLE, people, "not a number of people")
            else:
                account.took()
                people_of[postal_area(code)] += int(people)
                yield _site(f"US-{code}", code, "postalCode", int(people), postal_area(code))
        for area, people_there in sorted(people_of.items()):
            yield _site(area, f"{area.removeprefix('US-')}xx", "postalArea", people_there)


@contextmanager
def opened(path: Path) -> Iterator[PopulationFile]:
    """Open the file. Raises FileUnusableError."""
    with Table(path, (CODE, PEOPLE)) as table:
        yield PopulationFile(table)


def _site(site_id: str, name: str, category: str, people: int, area: str = "") -> Document:
    marks = [characteristic(PEOPLE, people)]
    return site(site_id, name, category=category, parent=(area, area) if area else None, characteristics=marks)
