"""How long the clerk waits for rows after a key and for a page after Enter, in the real window, with real key events."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from benchmarks.driving import CUSTOMERS, DrivenDesk, driven, driven_bare, in_turns, prepared, questions, summary
from benchmarks.figures import Asked, Figure
from benchmarks.grounds import ROOT, ground

_TEXTS: Final = 40  # about nine keys each
_PAGES: Final = 100
_PER_SECOND: Final = 500
_MOST_ROUNDS: Final = 40
_A_ROUND: Final = 4  # texts between two looks at whether the copy is still being made
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
            busy, of_bare_busy = _beside_snapshots(desk, bare, texts)
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
        with driven(profile, sync) as desk, _changing(customers):
            desk.wait_in_step()
            told[sync] += _while_building(desk, texts[: _TEXTS // 2])
    paints = {sync: summary(_found(keys)) for sync, keys in told.items()}
    answers = {sync: summary(_found(keys, "answer_ms")) for sync, keys in told.items()}
    context = {"customers": customers, "key_to_paint_ms": paints, "key_to_answer_ms": answers}
    ratio = paints["process"]["p99"] / paints["thread"]["p99"]
    yield Figure("sync_process_vs_thread", round(ratio, 3), "× thread (p99 of a key)", "lower", context)


def _beside_snapshots(desk: DrivenDesk, bare: DrivenDesk, texts: Sequence[str]) -> tuple[Keys, Keys]:
    ours: Keys = []
    theirs: Keys = []
    for round_ in range(_MOST_ROUNDS):
        if len([key for key in ours if key["is_building"]]) >= _TEXTS * 5:
            break
        some = [texts[(round_ * _A_ROUND + number) % len(texts)] for number in range(_A_ROUND)]
        desk.ask("rebuild")
        more, of_bare = in_turns([desk, bare], some)
        ours, theirs = ours + more, theirs + of_bare
    return ours, theirs


def _while_building(desk: DrivenDesk, texts: Sequence[str]) -> Keys:
    """Keys that were typed while a copy was made; as many copies as that takes."""
    keys: Keys = []
    for round_ in range(_MOST_ROUNDS):
        desk.ask("rebuild")
        some = [texts[(round_ * _A_ROUND + number) % len(texts)] for number in range(_A_ROUND)]
        keys += [key for key in desk.ask("keys", texts=some)["keys"] if key["is_building"]]
        if len(keys) >= len("".join(texts)):
            break
    return keys


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
