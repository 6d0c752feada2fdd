"""Checks that every package of the run lock has a licence that licences.toml allows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULES = Path(__file__).with_name("licences.toml")
CHOICE = re.compile(r"\s+OR\s+")
ALL_OF = re.compile(r"\s+AND\s+|;\s*")


@dataclass(frozen=True, slots=True)
class Rules:
    """What is allowed, how else it is spelt, and which packages a person has read."""

    allowed: frozenset[str]
    spelt: Mapping[str, str]
    read: Mapping[str, str]

    def accept(self, licence: str) -> bool:
        """Of alternatives one must be allowed; of several licences that hold at once, all."""
        return any(
            all(self.spelt.get(part, part) in self.allowed for part in ALL_OF.split(choice))
            for choice in CHOICE.split(licence)
        )


def load_rules(path: Path = RULES) -> Rules:
    """Read the allow list."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return Rules(frozenset(table["allowed"]), table["spelt"], table["read"])


def normal(name: str) -> str:
    """Spell a package name as PEP 503 does."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked_names(lock: Path) -> list[str]:
    """Return the names of all packages in a lock file, also those for other systems."""
    return [normal(name) for name in re.findall(r"(?m)^([A-Za-z0-9][\w.-]*)==", lock.read_text("utf-8"))]


def installed_licences() -> dict[str, str]:
    """Ask every installed package for its licence, by pip-licenses; those that say nothing are left out."""
    command = [sys.executable, "-m", "piplicenses", "--from=mixed", "--with-system", "--format=json"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found = {normal(entry["Name"]): entry["License"] for entry in json.loads(answer.stdout)}
    return {name: licence for name, licence in found.items() if licence != "UNKNOWN"}


def refusals(names: list[str], licences: Mapping[str, str], rules: Rules) -> list[str]:
    """Return one sentence for each package that is not allowed."""
    known = {**rules.read, **licences}
    return [
        f"{name}: {known.get(name, 'says nothing and was not read by a person')}"
        for name in names
        if not rules.accept(known.get(name, ""))
    ]


def main() -> int:
    """Print what is refused; 1 if anything is."""
    names = locked_names(ROOT / "requirements" / "run.txt")
    refused = refusals(names, installed_licences(), load_rules())
    for sentence in refused:
        print(f"Licence not allowed (docs/licences.md): {sentence}")
    if not refused:
        print(f"Licences of {len(names)} packages are allowed.")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
