"""Every text has its Chinese, and what is compiled is what is written."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "resources" / "i18n" / "trunkline_zh_CN.ts"
COMPILED = SOURCE.with_suffix(".qm")
FIELDS = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The texts as the script collects and compiles them now."""
    copy = tmp_path_factory.mktemp("i18n") / SOURCE.name
    shutil.copy(SOURCE, copy)
    subprocess.run([ROOT / "script" / "translations", copy], check=True, capture_output=True, timeout=60)
    return copy


def test_the_collected_texts_are_those_in_the_code(made: Path) -> None:
    assert made.read_text(encoding="utf-8") == SOURCE.read_text(encoding="utf-8"), "run script/translations"


def test_the_compiled_file_is_made_from_the_written_one(made: Path) -> None:
    assert made.with_suffix(".qm").read_bytes() == COMPILED.read_bytes(), "run script/translations"


def messages() -> list[tuple[str, ElementTree.Element]]:
    tree = ElementTree.parse(SOURCE)  # noqa: S314 - our own file
    return [
        (message.findtext("source", ""), translation)
        for message in tree.iter("message")
        for translation in message.iter("translation")
    ]


def test_nothing_is_left_untranslated() -> None:
    open_ones = [source for source, translation in messages() if translation.get("type") or not translation.text]
    assert open_ones == []


def test_every_translation_fills_in_the_same_fields() -> None:
    lost = [
        source
        for source, translation in messages()
        if sorted(FIELDS.findall(source)) != sorted(FIELDS.findall(translation.text or ""))
    ]
    assert lost == []
