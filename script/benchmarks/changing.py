"""Changes customers at a back office at a steady rate until standard input ends, then tells how many. For the benchmarks."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from contextlib import closing
from itertools import cycle

from sqlalchemy import select

from backoffice import schema
from backoffice.scopes import EVERYTHING
from backoffice.store import Store

_TURN_S = 0.1
_CUSTOMERS = 2_000
_LOWEST = 19  # head office has machines of its own; here it shall take as little from the desk as it can


def main() -> None:
    """Work until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--per-second", type=int, required=True)
    given = parser.parse_args()
    os.nice(_LOWEST)
    ended = threading.Event()
    threading.Thread(target=_wait_for_end, args=(ended,), daemon=True).start()
    began = time.monotonic()
    with closing(Store.open(given.database)) as store:
        count = _change(store, round(given.per_second * _TURN_S), ended)
    print(json.dumps({"changes": count, "per_second": round(count / (time.monotonic() - began))}))


def _wait_for_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def _change(store: Store, a_turn: int, ended: threading.Event) -> int:
    document = schema.document.c
    with store.reading(EVERYTHING) as reader:
        wanted = select(document.id).where(document.collection == "customer", document.deleted.is_(False))
        ids = list(reader.connection.scalars(wanted.order_by(document.id.desc()).limit(_CUSTOMERS)))
        bodies = {one.id: dict(one.body) for one in reader.get_many("customer", ids)}
    count, ids_in_turn, due = 0, cycle(ids), time.monotonic()
    while not ended.wait(max(0.0, due - time.monotonic())):
        due += _TURN_S
        with store.writing() as transaction:
            for one in {next(ids_in_turn) for _ in range(a_turn)}:
                count += 1
                transaction.put("customer", one, {**bodies[one], "statusReason": f"change {count}"})
    return count


if __name__ == "__main__":
    main()
