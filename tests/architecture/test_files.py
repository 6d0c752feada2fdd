"""What must not stand in any file of the project."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.files import ROOT, project_files, texts

# Put together here, so that this file does not hold what it forbids.
REGISTRIES = ["pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "index" + "-url", "find" + "-links"]
MACHINE_PATHS = ["/" + "work" + "/", "/" + "root" + "/", "/" + "home/", "/" + "Users/", "\\" + "Users" + "\\"]
# The command that makes the lock names the two options that keep addresses out of it.
MAY = {("CONTRIBUTING.md", REGISTRIES[3]), ("CONTRIBUTING.md", REGISTRIES[4])}


@pytest.mark.parametrize("needle", [*REGISTRIES, *MACHINE_PATHS])
def test_no_file_names_a_registry_or_a_place_on_one_machine(needle: str) -> None:
    holding = [path.as_posix() for path, text in texts() if needle in text]
    assert [path for path in holding if (path, needle) not in MAY] == []


def test_every_package_says_its_job() -> None:
    packages = [path for path in project_files() if path.name == "__init__.py"]
    silent = [path for path in packages if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert packages
    assert silent == []


def test_every_folder_of_code_is_a_package() -> None:
    trees = ("app", "local_cache", "ui", "backoffice", "tests")
    folders = {
        path.parent for path in project_files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in trees
    }
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []
