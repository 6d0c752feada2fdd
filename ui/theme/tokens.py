"""Colours, spaces and type sizes. Nothing else in the window names a colour or a size of its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

GAP, SPACE = 4, 8  # the grid, in px
ROW, FIELD, LABEL = 24, 28, 96
BOX, STRIP, STATUS, RAIL, SIDE, SIDE_NARROW = 40, 40, 24, 88, 264, 200
ICON = 16
TEXT, TEXT_CHINESE, SMALL, BIG = 13, 14, 11, 28


class Level(StrEnum):
    """What a colour means. Colour never stands alone: an icon or a word says the same."""

    PLAIN = "plain"
    MUTED = "muted"
    WAITING = "waiting"
    LOOK = "look"
    ACT = "act"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme. `window`, `base`, `raised` and `selected` are what text stands on."""

    window: str
    base: str
    raised: str
    selected: str
    border: str
    accent: str
    on_accent: str
    plain: str
    muted: str
    waiting: str
    look: str
    act: str
    confirmed: str

    def ink(self, level: Level) -> str:
        """The colour of text and icons of that level."""
        colour: str = getattr(self, level.value)
        return colour


LIGHT = Tokens(
    window="#f2f4f6",
    base="#ffffff",
    raised="#e7ebef",
    selected="#d3e3f8",
    border="#bcc4cd",
    accent="#1d5cb8",
    on_accent="#ffffff",
    plain="#181c21",
    muted="#4f5863",
    waiting="#174f9f",
    look="#7a4700",
    act="#a81c16",
    confirmed="#175c2d",
)

DARK = Tokens(
    window="#1d2127",
    base="#15181d",
    raised="#282e36",
    selected="#253f60",
    border="#434c58",
    accent="#2c68c4",
    on_accent="#ffffff",
    plain="#e7eaee",
    muted="#b3bcc8",
    waiting="#8dbcf7",
    look="#efb958",
    act="#ff9d94",
    confirmed="#86d39b",
)

THEMES: dict[str, Tokens] = {"light": LIGHT, "dark": DARK}
