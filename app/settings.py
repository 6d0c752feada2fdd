"""Every setting of the desk, declared once: key, type, default, help. Machine policy overrides the clerk."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `choices`, where given, are all it may be."""

    key: str
    type: type[str] | type[int]
    default: str | int
    help: str
    choices: tuple[str, ...] = ()


DECLARED: tuple[Setting, ...] = (
    Setting("server", str, "", "Address of the back office; empty: the embedded one with demonstration data."),
    Setting(
        "region",
        str,
        "CN",
        "Country (ISO 3166) of the desk: its numbers are typed without a prefix, its rules hold where none is recorded.",
    ),
    Setting(
        "home",
        str,
        "",
        "Territories of which this desk keeps everything, separated by commas and spelled as the records spell them; of the "
        "others that its people see it keeps an index with shortened names. Empty: everything of all of them.",
    ),
    Setting(
        "foreign_sign_in",
        str,
        "basic",
        "How people sign in at a back office without the desk extension: basic (user and password), or bearer (what is "
        "typed as the password is the token that its operator gave out).",
        ("basic", "bearer"),
    ),
    Setting("language", str, "", "Language of the window; empty: the system's.", ("", "en", "zh_CN")),
    Setting("theme", str, "light", "Look of the window.", ("light", "dark")),
    Setting("desk_name", str, "1", "What the status bar calls this desk."),
    Setting("demonstration_customers", int, 2000, "How many customers the demonstration makes up at its first start."),
)
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")
_MOST_TERRITORIES, _LONGEST = 100, 255
_BY_KEY = {setting.key: setting for setting in DECLARED}


class SettingError(DeskError):
    """A settings file holds something that cannot be used."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The setting {key} in {file} is not usable. Nothing was changed. Correct it, start again."
    )


class ServerAddressError(DeskError):
    """The address of the back office cannot be used."""

    text = QT_TRANSLATE_NOOP(
        "errors",
        "The back office address {server} cannot be used. Nothing was changed. It begins with https:// "
        "(http:// only on this machine). Correct it, start again.",
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force: policy over command line over the clerk's own over defaults."""

    values: Mapping[str, str | int]
    fixed: frozenset[str] = field(default_factory=frozenset)

    def text(self, key: str) -> str:
        """A text setting."""
        return str(self.values[key])

    def number(self, key: str) -> int:
        """A whole-number setting."""
        return int(self.values[key])


def read_settings(policy: Path, own: Path, given: Mapping[str, str | int | None]) -> Settings:
    """Read all layers. Raises SettingError."""
    chosen = {key: value for key, value in given.items() if value is not None}
    forced = _read(policy)
    values = {setting.key: setting.default for setting in DECLARED} | _read(own) | chosen | forced
    return Settings(values, frozenset(forced))


def names_in(listed: str) -> tuple[str, ...]:
    """The names of a list in a setting, each once and in order."""
    return tuple(sorted({one.strip() for one in listed.split(",")} - {""}))


def checked_server(address: str) -> str:
    """The address, if a token may travel there: https, or http on this machine. Empty is the embedded one. Raises SettingError."""
    parts = urlsplit(address)
    is_private = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
    if address and (not is_private or not parts.hostname or parts.username or parts.query or parts.fragment):
        raise ServerAddressError(server=address)
    return address.rstrip("/")


def remember(own: Path, news: Mapping[str, str | int]) -> None:
    """Keep the clerk's own choices; written all at once."""
    try:
        held = _read(own)
    except SettingError:
        held = {}
    own.parent.mkdir(parents=True, exist_ok=True)
    fresh = own.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump({**held, **news}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(own)


def _read(path: Path) -> dict[str, str | int]:
    try:
        content = path.read_text("utf-8")
        held = _toml(content) if path.suffix == ".toml" else json.loads(content)
    except FileNotFoundError:
        return {}
    except (ValueError, OSError) as error:
        raise SettingError(key="*", file=path.name) from error
    if not isinstance(held, dict):
        raise SettingError(key="*", file=path.name)
    return {key: _checked(key, value, path) for key, value in held.items() if key in _BY_KEY}


def _toml(content: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only machines with a policy pay for it before their first paint

    return tomllib.loads(content)


def _is_home(listed: str) -> bool:
    """Whether a back office would take it."""
    names = names_in(listed)
    return len(names) <= _MOST_TERRITORIES and all(len(one) <= _LONGEST and "\x00" not in one for one in names)


def _checked(key: str, value: Any, path: Path) -> str | int:
    setting = _BY_KEY[key]
    is_right_type = isinstance(value, setting.type) and not isinstance(value, bool)
    is_possible = not setting.choices or value in setting.choices
    if not is_right_type or not is_possible or (key == "home" and not _is_home(value)):
        raise SettingError(key=key, file=path.name)
    checked: str | int = value
    return checked
