"""`backoffice import`: reads a folder of files about customers, network and places into the database."""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from backoffice.importing.contacts import ContactMaker
from backoffice.importing.importer import ImportCount, Importer, open_sources
from backoffice.importing.made_up import Attachment, MadeUp
from backoffice.importing.report import Report
from backoffice.importing.sections import names
from backoffice.importing.table import FileUnusableError
from backoffice.store import Store

_UNUSABLE = 2


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command line of `import`."""
    parser = subparsers.add_parser("import", help="read a folder of files about customers, network and places")
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="DIR",
        help="holds customers/ and complaints/; also catalogue/, network/, regions/, numbers/ (docs/importing.md)",
    )
    parser.add_argument(
        "--section",
        action="append",
        default=[],
        type=_section,
        metavar="NAME=PATH",
        help=f"your own file for a section; may be repeated; without DIR nothing else is read: {', '.join(names())}",
    )
    parser.add_argument("--database", required=True, metavar="PATH-OR-URL", help="made if it is not there")
    parser.add_argument("--report", type=Path, metavar="FILE", help="where refused and noted rows are listed")
    parser.add_argument(
        "--synthetic-contacts",
        type=int,
        metavar="SEED",
        help="make up names, numbers and mail addresses, marked as such",
    )
    parser.add_argument(
        "--attach",
        type=int,
        metavar="SEED",
        help="make up which device of the network serves whom, marked as such",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Import the folder; the last line on standard output is what was done, as JSON."""
    if args.folder is None and not args.section:
        print("Name a folder (DIR), or files (--section NAME=PATH).", file=sys.stderr)
        return _UNUSABLE
    began = time.monotonic()
    report = args.report or _beside(args.database)
    try:
        count = _import(args, report)
    except (FileUnusableError, OSError) as error:
        print(f"Nothing more was imported. {error}", file=sys.stderr)
        return _UNUSABLE
    print(json.dumps(_summary(count, round(time.monotonic() - began, 2), report), ensure_ascii=False))
    return 0


def _section(text: str) -> tuple[str, Path]:
    name, _, place = text.partition("=")
    if name not in names() or not place:
        raise argparse.ArgumentTypeError(f"must be NAME=PATH, with one of these names: {', '.join(names())}")
    return name, Path(place)


def _import(args: argparse.Namespace, report: Path) -> ImportCount:
    with (
        open_sources(args.folder, _made_up(args), dict(args.section)) as sources,
        Report(report) as findings,
        closing(Store.open(args.database)) as store,
        tqdm(total=sources.size, unit="B", unit_scale=True, disable=None) as bar,
    ):
        return Importer(store, findings, bar.update).run(sources)


def _made_up(args: argparse.Namespace) -> MadeUp:
    return MadeUp(
        None if args.synthetic_contacts is None else ContactMaker(args.synthetic_contacts),
        None if args.attach is None else Attachment(args.attach),
    )


def _summary(count: ImportCount, seconds: float, report: Path) -> dict[str, object]:
    return {
        **{name: counts.as_json() for name, counts in count.sections.items()},
        "documents": asdict(count.documents),
        "seconds": seconds,
        "report": str(report),
    }


def _beside(database: str) -> Path:
    """The report's place when none is named: beside a database file, in the working folder for a URL."""
    return Path("import-report.csv" if "://" in database else f"{database}.import-report.csv")
