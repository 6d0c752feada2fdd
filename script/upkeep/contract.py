"""Asks for every TM Forum operation many times over and names those that answer otherwise than their swagger says."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from backoffice.store import Store
from backoffice.web.logs import configure
from tests.backoffice.conformance.examined import ExaminedOffice
from tests.backoffice.conformance.examiner import Examiner
from tests.backoffice.conformance.overlay import corrected, overlay
from tests.backoffice.conformance.records import Records
from tests.fakes.clock import FakeClock
from upkeep.swaggers import FOLDER, ROOT, Swagger, swaggers

_EXAMPLES: Final = 100
_NONE_THERE: Final = f"The swaggers do not lie in {FOLDER.relative_to(ROOT.parent)} beside the checkout; nothing to do."


def main(words: list[str]) -> int:
    """Examine the APIs that are named, or all; 1 if an operation fails."""
    chosen = _arguments(words)
    found = [one for one in swaggers() if not chosen.apis or one.name.partition("-")[0] in chosen.apis]
    if not found:
        print(f"None of these is known: {', '.join(chosen.apis)}." if swaggers() else _NONE_THERE)
        return 1 if swaggers() else 0
    configure(tells_requests=False)
    with (
        _database(chosen.database) as database,
        closing(Store.open(database)) as store,
        ExaminedOffice(store, Records(store, spare=chosen.examples), FakeClock()) as office,
    ):
        failing = sum(_examine(one, Examiner((office,), chosen.examples, chosen.seed)) for one in found)
    print(f"{failing} operations fail." if failing else "Every operation answers as its swagger says.")
    return 1 if failing else 0


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/contract", description=__doc__)
    parser.add_argument("apis", nargs="*", metavar="API", help="for example TMF621; default all")
    parser.add_argument("--examples", type=int, default=_EXAMPLES, metavar="N", help="of each operation (default: 100)")
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="another seed makes other examples (default: 1)"
    )
    parser.add_argument("--database", metavar="URL", help="an empty database to ask on (default: SQLite, thrown away)")
    return parser.parse_args(words)


@contextmanager
def _database(named: str | None) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="trunkline-contract-") as folder:
        yield named or str(Path(folder) / "office.db")


def _examine(swagger: Swagger, examiner: Examiner) -> int:
    """Print a line for each operation that fails, then one for the API; returns how many failed."""
    began, outcomes = time.monotonic(), []
    for outcome in examiner.examine(corrected(swagger, overlay().correction)):
        outcomes.append(outcome)
        if outcome.fails:
            print(outcome.told(), flush=True)
    failing = sum(one.fails for one in outcomes)
    asked = sum(one.statuses.total() for one in outcomes)
    seconds = time.monotonic() - began
    print(
        f"{swagger.name}: {failing} of {len(outcomes)} operations fail; {asked} requests in {seconds:.0f} s", flush=True
    )
    return failing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
