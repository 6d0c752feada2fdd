"""Where things are on this machine, and what the command line said."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from app.settings import Settings, checked_server, read_settings
from local_cache.profile import Profile

APP = "trunkline"
DEMONSTRATION = "demonstration"
DEMONSTRATION_KEY = "TRUNKLINE_DEMONSTRATION_KEY"
_KEY_HEX_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Arguments:
    """The command line."""

    server: str | None = None
    profile: Path | None = None
    language: str | None = None
    theme: str | None = None
    doctor: bool = False
    json: bool = False
    pictures: Path | None = None
    all: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """Everything known before anything is opened."""

    settings: Settings
    profile: Profile
    own_settings: Path
    log_folder: Path
    office_folder: Path
    demonstration_key: bytes | None

    @property
    def is_demonstration(self) -> bool:
        """Whether the desk brings its own back office with made-up data."""
        return not self.settings.text("server")


def start_from(arguments: Arguments) -> Start:
    """Work out places and settings. Raises SettingError."""
    given = {"server": arguments.server, "language": arguments.language, "theme": arguments.theme}
    policy = Path(platformdirs.site_config_dir(APP)) / "policy.toml"
    data = Path(platformdirs.user_data_dir(APP))
    own = (arguments.profile or Path(platformdirs.user_config_dir(APP))) / "settings.json"
    settings = read_settings(policy, own, given)
    is_demonstration = not checked_server(settings.text("server"))
    profile = arguments.profile or data / "profiles" / (DEMONSTRATION if is_demonstration else "desk")
    return Start(
        settings=settings,
        profile=Profile(profile),
        own_settings=own,
        log_folder=Path(platformdirs.user_log_dir(APP)) if arguments.profile is None else profile / "log",
        office_folder=_office_folder(arguments, data),
        demonstration_key=_demonstration_key() if is_demonstration else None,
    )


def _office_folder(arguments: Arguments, data: Path) -> Path:
    """The embedded back office's data lies outside the desk's profile, beside it where one was named."""
    if arguments.profile is None:
        return data / "embedded-backoffice"
    return arguments.profile.with_name(arguments.profile.name + "-backoffice")


def _demonstration_key() -> bytes | None:
    """The key that `script/run` hands over; only the demonstration profile may use it."""
    given = os.environ.get(DEMONSTRATION_KEY, "")
    return bytes.fromhex(given) if len(given) == _KEY_HEX_DIGITS else None
