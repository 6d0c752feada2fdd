"""How long the clerk waits for rows after a key and for a page after Enter, in the real window, with real key events."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from typing import Any, Final

from benchmarks.driving import CUSTOMERS, DrivenDesk, driven, driven_bare, in_turns, prepared, questions, summary
from benchmarks.figures import Asked, Figure
from benchmarks.grounds import ROOT, ground

_TEXTS: Final = 40  # about nine keys each
_PAGES: Final = 100
_PER_SECOND: Final = 500
_MOST_SNAPSHOTS: Final = 3  # in one run of the desk, which rests longer before each
_ENOUGH: Final = 300  # keys beside snapshots
Keys = list[dict[str, Any]]


def key_to_paint_ms(asked: Asked) -> Iterator[Figure]:
    """The p99 from a key in the box to the painted rows: at rest, and beside a full snapshot and a busy feed."""
    customers = asked.size or CUSTOMERS
    profile, texts = prepared(customers), questions(customers, _TEXTS)
    context = {"customers": customers, "bare": "one box over twenty rows, no search, in turns with the desk"}
    with driven(profile) as desk, driven_bare() as bare:
        desk.wait_in_step()
        at_rest, of_bare = in_turns([desk, bare], texts)
        with _changing(customers) as changes:
            beside = _beside_snapshots([desk, bare], texts, _ENOUGH)
            busy, of_bare_busy = (
                [*keys, *more] for keys, more in zip(beside, in_turns([desk, bare], texts), strict=True)
            )
    yield _figure(at_rest, of_bare, {**context, "beside": "nothing"})
    yield _figure(busy, of_bare_busy, {**context, "beside": "full snapshots and a feed", **changes})


def open_customer_ms(asked: Asked) -> Iterator[Figure]:
    """The p99 from Enter on a found customer to their painted page."""
    customers = asked.size or CUSTOMERS
    ids = [text.upper() for text in questions(customers, _PAGES * 3) if text.startswith("c-")][:_PAGES]
    with driven(prepared(customers)) as desk:
        desk.wait_in_step()
        opened = desk.ask("open", ids=ids)["opened"]
    times = _found(opened)
    context = {"customers": customers, "open_ms": summary(times), "lost": len(opened) - len(times)}
    yield Figure("open_customer_ms", summary(times)["p99"], "ms (p99)", "lower", context)


def sync_process_vs_thread(asked: Asked) -> Iterator[Figure]:
    """What a key costs beside a running snapshot with sync in its process, beside the same engine in a thread."""
    customers = asked.size or CUSTOMERS
    profile, texts = prepared(customers), questions(customers, _TEXTS)
    told: dict[str, Keys] = {"process": [], "thread": []}
    for sync in (*told, *reversed(told)):
        with driven(profile, sync) as desk:
            desk.wait_in_step()  # before head office is busy, which would keep its own back office from starting
            with _changing(customers):
                told[sync] += _beside_snapshots([desk], texts, _ENOUGH)[0]
    paints = {sync: summary(_found(keys)) for sync, keys in told.items()}
    answers = {sync: summary(_found(keys, "answer_ms")) for sync, keys in told.items()}
    context = {"customers": customers, "key_to_paint_ms": paints, "key_to_answer_ms": answers}
    ratio = paints["process"]["p99"] / paints["thread"]["p99"]
    yield Figure("sync_process_vs_thread", round(ratio, 3), "× thread (p99 of a key)", "lower", context)


def _beside_snapshots(windows: Sequence[DrivenDesk], texts: Sequence[str], enough: int) -> list[Keys]:
    """Keys typed while the first window's copy is made anew, and again where that is over too soon."""
    told: list[Keys] = [[] for _ in windows]
    in_order = cycle(texts)
    for _ in range(_MOST_SNAPSHOTS):
        if len(told[0]) >= enough:
            break
        is_building = windows[0].ask("rebuild")["has_begun"]
        while is_building and len(told[0]) < enough:
            some = in_turns(windows, [next(in_order)])
            told = [[*keys, *more] for keys, more in zip(told, some, strict=True)]
            is_building = some[0][-1]["is_building"]
        windows[0].wait_in_step()
    return told


def _figure(keys: Keys, bare: Keys, context: dict[str, object]) -> Figure:
    times, answers, of_bare = _found(keys), _found(keys, "answer_ms"), _found(bare)
    told = {
        **context,
        "paint_ms": summary(times),
        "answer_ms": summary(answers),
        "bare_ms": summary(of_bare),
        "while_building": sum(key["is_building"] for key in keys),
        "lost": len(keys) - len(times),
    }
    return Figure("key_to_paint_ms", summary(times)["p99"], "ms (p99)", "lower", told)


def _found(keys: Keys, name: str = "paint_ms") -> list[float]:
    return [key[name] for key in keys if key[name] is not None]


@contextmanager
def _changing(customers: int) -> Iterator[dict[str, object]]:
    """Let head office change so many customers a second; what it came to stands in what is yielded, afterwards."""
    database = ground("sqlite", customers).database
    command = [sys.executable, "-m", "benchmarks.changing", "--database", database, "--per-second", str(_PER_SECOND)]
    told: dict[str, object] = {}
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield told
        said, _ = process.communicate()
    told.update({f"feed_{name}": value for name, value in json.loads(said).items()})
