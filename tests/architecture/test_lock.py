"""The lock files: everything pinned, everything hashed, no addresses."""

from __future__ import annotations

import re

import pytest

from tests.architecture.files import ROOT

LOCKS = ["run", "test"]


def entries(name: str) -> list[str]:
    """Return one text per requirement, its hashes included."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return text.replace("\\\n", " ").splitlines()


def pins(name: str) -> dict[str, str]:
    """Return the version each package is locked to."""
    found = (re.match(r"([\w.-]+)==(\S+)", entry) for entry in entries(name))
    return {match[1]: match[2] for match in found if match}


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_requirement_is_pinned_and_hashed(name: str) -> None:
    loose = [entry for entry in entries(name) if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry)]
    assert entries(name)
    assert loose == []


@pytest.mark.parametrize("name", LOCKS)
def test_no_locked_requirement_holds_an_address(name: str) -> None:
    assert [entry for entry in entries(name) if "://" in entry or " @ " in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_whatever_is_asked_for_is_locked(name: str) -> None:
    asked = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8")
    names = re.findall(r"(?m)^([a-z][\w.-]*)", asked)
    assert [package for package in names if package not in pins(name)] == []


def test_tests_run_on_the_versions_that_clerks_get() -> None:
    assert pins("run").items() <= pins("test").items()
