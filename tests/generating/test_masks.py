"""What a viewer must not see stands nowhere in the clear in a viewer's copy of a generated operator."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from backoffice.generating.operator import generate
from backoffice.scopes import EVERYTHING, Scope
from backoffice.store import Store
from backoffice.web.snapshot import Plain, parts
from tests.fakes.clock import FakeClock
from tests.generating.operators import NOW

_SHORTEST = 6  # characters: what is shorter, such as a grade, stands elsewhere by chance
Row = tuple[str, str]


def test_what_is_masked_in_one_place_stands_in_no_other(tmp_path: Path) -> None:
    with closing(Store.open(str(tmp_path / "office.db"), FakeClock())) as store:
        generate(store, 100, 1, now=NOW, processes=1)
        whole, seen = snapshot(store, EVERYTHING), snapshot(store, Scope(reveals=frozenset()))
    assert whole.keys() == seen.keys()
    sites = {body["name"] for (collection, _), body in whole.items() if collection == "geographicSite"}
    secrets = {one for row, body in whole.items() for one in hidden(body, seen[row])} - sites  # only beside an address
    kinds = {"15400138000", "西湖区文一路12号3幢501室", "c100001@example.com", "15400138002"}
    assert kinds <= secrets
    leaks = Counter(
        (row[0], path)
        for row, body in seen.items()
        for path, text in texts(body)
        if text in secrets or any(one in text for one in kinds)
    )
    assert leaks == Counter()


def snapshot(store: Store, scope: Scope) -> dict[Row, Any]:
    """Everything that whoever sees that much is sent, by collection and id."""
    lines = b"".join(parts(store, scope, ("", ""), Plain())).splitlines()
    rows = [one for one in map(json.loads, lines) if one["kind"] == "row"]
    return {(one["collection"], one["id"]): one["body"] for one in rows}


def hidden(whole: Any, seen: Any) -> Iterator[str]:
    """The texts that stand in the whole of something and not where they stood in what is seen of it."""
    if isinstance(whole, dict):
        for name, value in whole.items():
            yield from hidden(value, seen[name])
    elif isinstance(whole, list):
        for one, other in zip(whole, seen, strict=True):
            yield from hidden(one, other)
    elif isinstance(whole, str) and whole != seen and len(whole) >= _SHORTEST:
        yield whole


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text with the attributes that lead to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from texts(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one, path)
