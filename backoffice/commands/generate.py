"""`backoffice generate`: fills the database with a demonstration operator."""

from __future__ import annotations

import argparse
import json
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from time import monotonic
from typing import Final

from tqdm import tqdm

from backoffice.generating.operator import MAX_CUSTOMERS, generate
from backoffice.store import Store

_FIRST: Final = date(1970, 1, 1)  # what it shows reaches some years back, and its plans some years on
_LAST: Final = date(2199, 12, 31)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command line of `generate`."""
    parser = subparsers.add_parser("generate", help="make a demonstration operator")
    parser.add_argument("--database", required=True, metavar="PATH-OR-URL", help="made if it is not there")
    parser.add_argument("--customers", required=True, type=_customers, metavar="N", help="how many customers")
    parser.add_argument("--seed", required=True, type=_seed, metavar="S", help="the same seed makes the same operator")
    parser.add_argument("--today", type=_day, metavar="YYYY-MM-DD", help="the day it shows (default: today)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make the operator; the last line on standard output is what was done, as JSON."""
    began = monotonic()
    with closing(Store.open(args.database)) as store, tqdm(total=args.customers, disable=None) as bar:
        count = generate(store, args.customers, args.seed, bar.update, args.today)
    print(json.dumps({**asdict(count), "seconds": round(monotonic() - began, 2)}))
    return 0


def _customers(text: str) -> int:
    number = int(text)
    if not 0 < number <= MAX_CUSTOMERS:
        raise argparse.ArgumentTypeError(f"must be between 1 and {MAX_CUSTOMERS:,}")
    return number


def _seed(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def _day(text: str) -> datetime:
    day = date.fromisoformat(text)
    if not _FIRST <= day <= _LAST:
        raise argparse.ArgumentTypeError(f"must be between {_FIRST} and {_LAST}")
    return datetime.combine(day, time.min, UTC)
