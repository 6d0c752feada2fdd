"""`backoffice leases`: what desks hold, releasing what one holds that does not come back, and giving out again after a restore."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import delete

from app.core.clock import SystemClock
from backoffice import schema
from backoffice.auditing import Signature, sign, wait_for_turn
from backoffice.errors import RefusedError
from backoffice.leasing import books
from backoffice.leasing.blocks import content
from backoffice.leasing.leasing import release
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from backoffice.writing import Transaction

if TYPE_CHECKING:
    from backoffice.commands import Subparsers

_meta = schema.meta.c


def add_parser(subparsers: Subparsers) -> None:
    """`leases --database`, and what to do."""
    parser = subparsers.add_parser("leases", help="see and release what desks hold on lease")
    parser.add_argument("--database", required=True, metavar="PATH-OR-URL")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="one JSON line for each lease whose items are out")
    action = actions.add_parser(
        "release", help="take back what a desk holds that does not come back; it may have given it out"
    )
    action.add_argument("id", metavar="LEASE")
    actions.add_parser(
        "open", help="after a restore, once every desk has reported: give numbers and SIM cards out again"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do it; 1 where that cannot be."""
    with closing(Store.open(args.database, SystemClock(), must_exist=True)) as store:
        try:
            for line in _doing(store, args):
                print(json.dumps(line, ensure_ascii=False))
        except RefusedError as error:
            print(error.reason, file=sys.stderr)
            return 1
    return 0


def _doing(store: Store, args: argparse.Namespace) -> Iterator[dict[str, object]]:
    if args.action == "release":
        yield {"lease": args.id, "done": "released", "returned": store.run(lambda one: _release(one, args.id))}
    elif args.action == "open":
        yield {"done": "open" if store.run(_open) else "was open"}
    else:
        yield from _listed(store)


def _listed(store: Store) -> Iterator[dict[str, object]]:
    now = SystemClock().now()
    with store.reading(EVERYTHING) as reader:
        for lease in books.out(reader):
            items = books.items_of(reader, lease.id)
            yield {
                "lease": lease.id, "kind": lease.kind, "holder": lease.holder, "state": lease.state(now),
                "issued": lease.issued, "expires": content(lease.block).expires_at, "reported": lease.reported,
                "items": len(items), "spent": sum(one.spent is not None for one in items),
            }  # fmt: skip


def _release(transaction: Transaction, lease_id: str) -> list[str]:
    returned = release(transaction, lease_id)
    _write_down(transaction, "release", f"lease/{lease_id}")
    return returned


def _open(transaction: Transaction) -> bool:
    books.alone(transaction)
    opened = transaction.connection.execute(delete(schema.meta).where(_meta.key == books.CLOSED)).rowcount > 0
    if opened:
        _write_down(transaction, "open", "leases")
    return opened


def _write_down(transaction: Transaction, act: str, subject: str) -> None:
    transaction.signature = Signature(act=act, subject=subject)
    if not transaction.puts:
        wait_for_turn(transaction.connection)
        sign(transaction.connection, transaction.signature, transaction.now)
