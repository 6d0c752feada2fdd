"""The same size, seed and day give the same operator; a larger one begins like a smaller one."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from itertools import takewhile
from pathlib import Path

from backoffice.generating.operator import generate
from tests.generating.operators import NOW, CollectingStore, operator
from tests.importing.runs import dump


def test_the_same_seed_makes_the_same_bytes() -> None:
    again = CollectingStore()
    generate(again, 300, 1, now=NOW)
    assert operator(300).documents == again.documents


def test_another_process_with_other_hashes_makes_the_same_operator(tmp_path: Path) -> None:
    for hash_seed in ("1", "2"):
        arguments = f"generate --database {tmp_path / hash_seed} --customers 60 --seed 3 --today 2026-03-02".split()
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run([sys.executable, "-m", "backoffice", *arguments], check=True, env=environment, timeout=60)
    assert dump(tmp_path / "1") == dump(tmp_path / "2")


def test_another_seed_makes_other_customers() -> None:
    names = [{body["name"] for body in operator(200, seed).bodies("customer")[8:]} for seed in (1, 2)]
    assert len(names[0] & names[1]) < len(names[0]) / 2


def test_a_larger_operator_begins_with_the_customers_of_a_smaller_one() -> None:
    small = list(takewhile(lambda line: not line.startswith("serviceProblem/"), operator(40).lines()))
    assert len(small) > 300
    assert operator(300).lines()[: len(small)] == small


def test_another_day_moves_complaints_and_outages_with_it() -> None:
    later = operator(40, now=NOW + timedelta(days=30))
    assert later.by_id("troubleTicket")["T-8841"]["creationDate"] == "2026-03-31T04:00:00.000Z"
    assert later.by_id("serviceProblem")["P-1042"]["creationDate"] == "2026-03-31T23:12:00.000Z"


def test_customers_are_loaded_in_batches_of_bounded_size() -> None:
    store = CollectingStore()
    heard: list[int] = []
    generate(store, 2000, 1, heard.append, NOW)
    assert sum(heard) == 2000
    assert store.largest_batch < len(store.documents) / 3
