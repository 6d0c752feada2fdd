"""Runs the named benchmarks, or all: `script/bench [NAME…] [--size N] [--database sqlite|postgresql]`."""

from __future__ import annotations

import argparse
import sys

from benchmarks import (
    back_office,
    desk,
    durable,
    first_paint,
    footprint,
    generating,
    import_real,
    starting,
    window_keys,
)
from benchmarks.figures import DATABASES, Asked, Benchmark, SkippedError

BENCHMARKS: dict[str, Benchmark] = {
    "first_paint_vs_bare": first_paint.measure,
    "read_vs_bare": back_office.read_vs_bare,
    "write_vs_bare": back_office.write_vs_bare,
    "filter_1m_ms": back_office.filter_ms,
    "feed_events_per_s": back_office.feed_events_per_s,
    "generate_per_s": generating.measure,
    "import_real_s": import_real.measure,
    "snapshot_vs_limit": desk.snapshot_vs_limit,
    "snapshot_peak_mb": desk.snapshot_peak_mb,
    "changes_1000_s": desk.changes_1000_s,
    "search_ms": desk.search_ms,
    "key_to_paint_ms": window_keys.key_to_paint_ms,
    "open_customer_ms": window_keys.open_customer_ms,
    "usable_search_s": starting.usable_search_s,
    "commit_vs_raw": durable.commit_vs_raw,
    "idle_cpu_percent": footprint.idle_cpu_percent,
    "desk_pss_mb": footprint.desk_pss_mb,
    "sync_process_vs_thread": window_keys.sync_process_vs_thread,
}


def arguments(words: list[str]) -> argparse.Namespace:
    """Read the command line; an unknown name ends the program with the list of known ones."""
    parser = argparse.ArgumentParser(prog="script/bench", description="One JSON object a line on standard output.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(BENCHMARKS)}; default all")
    parser.add_argument("--size", type=int, metavar="N", help="how much of it: runs, rows or customers")
    parser.add_argument("--database", choices=DATABASES, help="default both, for what has a database")
    chosen = parser.parse_args(words)
    unknown = sorted(set(chosen.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; known: {', '.join(BENCHMARKS)}")
    return chosen


def main(words: list[str]) -> int:
    """Print a line per figure; what cannot run here is named on standard error. 1 if one failed."""
    chosen = arguments(words)
    asked = Asked(chosen.size, (chosen.database,) if chosen.database else DATABASES)
    code = 0
    for name in chosen.names or BENCHMARKS:
        try:
            for figure in BENCHMARKS[name](asked):
                print(figure.as_json(), flush=True)
        except SkippedError as reason:
            print(f"{name} skipped: {reason}", file=sys.stderr)
        except RuntimeError as error:
            print(f"{name} failed: {error}", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
