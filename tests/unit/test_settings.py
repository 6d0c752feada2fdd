"""Settings: policy over command line over the clerk's own over defaults, and a bad value is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.settings import DECLARED, SettingError, Settings, read_settings, remember


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Where machine policy would lie."""
    return tmp_path / "policy.toml"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Where the clerk's own settings would lie."""
    return tmp_path / "desk" / "settings.json"


def read(policy: Path, own: Path, **given: str | None) -> Settings:
    return read_settings(policy, own, given)


def test_without_any_file_the_defaults_hold(policy: Path, own: Path) -> None:
    settings = read(policy, own)
    assert settings.values == {one.key: one.default for one in DECLARED}
    assert settings.fixed == frozenset()
    assert not own.parent.exists()


def test_each_layer_overrides_the_one_below(policy: Path, own: Path) -> None:
    remember(own, {"theme": "dark", "language": "en", "region": "GB"})
    policy.write_text('region = "DE"\ndemonstration_customers = 50\n')
    settings = read(policy, own, language="zh_CN", region="US", server=None)
    assert (settings.text("theme"), settings.text("language")) == ("dark", "zh_CN")
    assert (settings.text("region"), settings.number("demonstration_customers")) == ("DE", 50)
    assert settings.fixed == {"region", "demonstration_customers"}


def test_what_is_remembered_is_added_to_what_was_and_unknown_keys_are_kept(policy: Path, own: Path) -> None:
    own.parent.mkdir()
    own.write_text('{"from_a_newer_program": [1], "theme": "dark"}')
    remember(own, {"language": "en"})
    assert read(policy, own).text("theme") == "dark"
    assert read(policy, own).text("language") == "en"
    assert [path.name for path in own.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    ("content", "key"),
    [('{"theme": "pink"}', "theme"), ('{"theme": 5}', "theme"), ('{"demonstration_customers": "many"}', "demonstration_customers"),
     ('{"demonstration_customers": true}', "demonstration_customers"), ("[]", "*"), ("{", "*"),
     (f'{{"home": "{",".join(map(str, range(101)))}"}}', "home"), (f'{{"home": "{"x" * 256}"}}', "home"),
     ("\udcff", "*")],
)  # fmt: skip
def test_a_bad_value_is_named_with_its_file(policy: Path, own: Path, content: str, key: str) -> None:
    own.parent.mkdir()
    own.write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(SettingError) as raised:
        read(policy, own)
    assert raised.value.params == {"key": key, "file": "settings.json"}


def test_a_bad_policy_is_never_passed_over(policy: Path, own: Path) -> None:
    policy.write_text("theme = dark")
    with pytest.raises(SettingError, match=r"setting \* in policy.toml"):
        read(policy, own, theme="light")


def test_a_clerk_can_choose_again_after_a_settings_file_was_spoilt(policy: Path, own: Path) -> None:
    own.parent.mkdir()
    own.write_text("{")
    remember(own, {"theme": "dark"})
    assert json.loads(own.read_text()) == {"theme": "dark"}
    assert read(policy, own).text("theme") == "dark"


def test_every_setting_explains_itself_and_its_default_is_allowed() -> None:
    for one in DECLARED:
        assert one.help.endswith(".")
        assert isinstance(one.default, one.type)
        assert not one.choices or one.default in one.choices
