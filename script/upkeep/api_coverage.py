"""Writes docs/api-coverage.md from the table of resources and the swaggers, or checks that it is up to date."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from backoffice.errors import NotFoundError
from backoffice.resources import RESOURCES, Holds, Mask, Resource
from backoffice.web.addresses import addressed
from upkeep.swaggers import FOLDER, ROOT, Swagger, swaggers

PAGE: Final = ROOT / "docs" / "api-coverage.md"
WORKS: Final = "works"
_NO_HUB_OF_TOPIC: Final = "kept and answered, but what is reported under a topic is not sent out yet"
_PLACE: Final = re.compile(r"\{[^}]*\}")
_HOLDS: Final = {
    Holds.TEXT: "",
    Holds.INSTANT: " (instant)",
    Holds.NUMBER: " (number)",
    Holds.PHONE: " (telephone number, in any spelling)",
    Holds.TRUTH: " (true or false)",
}

_INTRODUCTION: Final = """# What is served of the TM Forum Open APIs

Written by `script/api-coverage` from the table of resources (`backoffice/resources`) and the TM Forum swaggers; change
those. Every address begins with `/tmf-api`. The operations under `/listener` are those of clients and are left out."""

_FILTERS: Final = """## Declared filters

A list answers up to 1,000 resources (`limit`, `offset`); `X-Total-Count` says how many there are, `Link` where the other pages
lie. A question has up to 20 filters, each with up to 100 values, and 5 regular expressions of 200 signs, which see the first
4,000 signs of a text. Any attribute can be filtered and sorted by; what is not declared below is read one resource after the
other, for a second at most (400). `sort` names up to 5 attributes; where more than 5,000 match, one declared one, then `id`.

What a list can be filtered by, besides `id`: attribute paths, through lists. Text unless said otherwise."""

_MASKS: Final = """## Masked attributes

What only roles with a permission see in full, by attribute paths, through lists; [how](protocol.md#who-sees-what)."""


def verdict(swagger: Swagger, method: str, path: str) -> str:
    """`works`, or why an operation is not served."""
    steps = path.split("/")
    if "hub" in steps:
        return WORKS if steps[1] == "hub" else _NO_HUB_OF_TOPIC
    try:
        address = addressed(f"/tmf-api/{swagger.api}{_PLACE.sub('x', path)}".encode())
    except NotFoundError:
        return "not served"
    return WORKS if method in address.methods else "not served"


def page(found: list[Swagger]) -> str:
    """The whole page as it should be."""
    parts = [_INTRODUCTION, *(part for swagger in found for part in _coverage(swagger)), _FILTERS, _filter_table()]
    parts += [_MASKS, _mask_table()]
    return "\n\n".join(parts) + "\n"


def _coverage(swagger: Swagger) -> Iterator[str]:
    yield f"## {swagger.name}"
    rows = ["| path | operations |", "|---|---|"]
    for path, operations in groupby(swagger.operations(), lambda operation: operation[1]):
        told = "; ".join(_told(swagger, list(operations)))
        rows.append(f"| `/{swagger.api}{path}` | {told} |")
    yield "\n".join(rows)


def _told(swagger: Swagger, operations: list[tuple[str, str]]) -> Iterator[str]:
    told = [(verdict(swagger, method, path), method) for method, path in operations]
    for words, same in groupby(sorted(told, key=lambda one: one[0] != WORKS), lambda one: one[0]):
        yield f"{', '.join(method for _, method in same)}: {words}"


def _filter_table() -> str:
    rows = ["| collection | filters |", "|---|---|"]
    return "\n".join([*rows, *(f"| `{name}` | {_filters(RESOURCES[name])} |" for name in sorted(RESOURCES))])


def _filters(resource: Resource) -> str:
    return ", ".join(f"`{one.path}`{_HOLDS.get(one.holds, '')}" for one in resource.filters) or "none"


def _mask_table() -> str:
    rows = ["| collection | permission | attributes |", "|---|---|---|"]
    for name in sorted(RESOURCES):
        by_need = groupby(sorted(RESOURCES[name].masks, key=lambda one: one.needs), lambda one: one.needs)
        rows += [f"| `{name}` | `{needs}` | {', '.join(_mask(one) for one in some)} |" for needs, some in by_need]
    return "\n".join(rows)


def _mask(mask: Mask) -> str:
    kept = f" except {', '.join(sorted(mask.kept))}" if mask.kept else ""
    named = f" of those named {', '.join(sorted(mask.names))}" if mask.names else ""
    return f"`{mask.path}`{kept}{named}"


def main(arguments: list[str]) -> int:
    """Write the page; with --check only say whether it would change (1 if so)."""
    if not (found := swaggers()):
        print(f"The swaggers do not lie in {FOLDER.relative_to(ROOT.parent)} beside the checkout; nothing to do.")
        return 0
    wanted = page(found)
    if arguments != ["--check"]:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/api-coverage.md is out of date; run script/api-coverage.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
