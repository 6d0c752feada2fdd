"""Writes docs/architecture.md from the packages' own docstrings, or checks that it is up to date."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PREAMBLE = ROOT / "docs" / "architecture-preamble.md"
PAGE = ROOT / "docs" / "architecture.md"
TREES = ("app", "local_cache", "ui", "backoffice")


def docstring(module: Path) -> str:
    """Return what a module says of itself, or nothing."""
    return ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""


def packages(root: Path) -> Iterator[Path]:
    """Yield every package below the trees, parents first."""
    for tree in TREES:
        yield from sorted(found.parent for found in (root / tree).rglob("__init__.py"))


def section(root: Path, package: Path) -> str:
    """Describe one package: its promise, then a line for each of its modules."""
    name = ".".join(package.relative_to(root).parts)
    modules = sorted(path for path in package.glob("*.py") if path.name != "__init__.py")
    lines = [f"- `{path.stem}`: {docstring(path).partition(chr(10))[0]}" for path in modules]
    parts = [f"## {name}", docstring(package / "__init__.py"), "\n".join(lines)]
    return "\n\n".join(part for part in parts if part)


def page(root: Path = ROOT, preamble: Path = PREAMBLE) -> str:
    """Return the whole page as it should be."""
    sections = [section(root, package) for package in packages(root)]
    return "\n\n".join([preamble.read_text(encoding="utf-8").strip(), *sections]) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page; with --check only say whether it would change (1 if so)."""
    wanted = page()
    if arguments != ["--check"]:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/architecture.md is out of date; run script/architecture.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
