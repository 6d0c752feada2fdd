"""Colours can be read, the stylesheet is complete, and every icon takes its ink."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme import apply as theme
from ui.theme.files import ICONS, STYLESHEET
from ui.theme.icons import pixmap
from ui.theme.tokens import THEMES, Level, Tokens
from ui.widgets.icon import Icon

READABLE = 4.5
GROUNDS = ("window", "base", "raised", "selected")
THEME_NAMES = sorted(THEMES)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def pairs(worn: Tokens) -> list[tuple[str, str, str]]:
    inks = [(level.value, worn.ink(level)) for level in Level]
    on_ground = [(f"{name} on {ground}", ink, getattr(worn, ground)) for name, ink in inks for ground in GROUNDS]
    return [*on_ground, ("on_accent on accent", worn.on_accent, worn.accent)]


@pytest.mark.parametrize("name", THEME_NAMES)
def test_every_ink_can_be_read_on_every_ground(name: str) -> None:
    weak = [what for what, ink, ground in pairs(THEMES[name]) if contrast(ink, ground) < READABLE]
    assert weak == []


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEME_NAMES)
def test_the_stylesheet_holds_only_colours_of_the_theme(name: str) -> None:
    sheet = theme.stylesheet(THEMES[name])
    assert "$" not in sheet
    assert not re.search(r"#[0-9a-f]{3,8}\b", STYLESHEET.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", THEME_NAMES)
def test_the_application_wears_what_it_was_given(qapp: QApplication, name: str) -> None:
    theme.apply(qapp, name)
    assert theme.current() is THEMES[name]
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(THEMES[name].window)


def test_chinese_is_set_one_pixel_larger(qapp: QApplication) -> None:
    assert (theme.font("en").pixelSize(), theme.font("zh_CN").pixelSize()) == (13, 14)


def test_no_widget_brings_a_stylesheet_of_its_own() -> None:
    sources = Path(__file__).parents[2].joinpath("ui").rglob("*.py")
    assert [source.name for source in sources if "setStyleSheet" in source.read_text(encoding="utf-8")] == ["apply.py"]


@pytest.mark.parametrize("file", sorted(ICONS.glob("*.svg")), ids=lambda file: file.stem)
def test_an_icon_is_drawn_in_the_ink_of_its_level_alone(qapp: QApplication, file: Path) -> None:
    theme.apply(qapp, "light")
    image = pixmap(file.stem, Level.ACT).toImage()
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    solid = {colour.name() for colour in colours if colour.alpha() == 255}
    assert solid == {theme.current().act}


def test_a_dense_screen_gets_a_sharp_icon(qapp: QApplication) -> None:
    icon = pixmap("waiting", size=32)
    assert (icon.width(), icon.deviceIndependentSize().width()) == (32 * icon.devicePixelRatio(), 32)


def test_an_icon_that_is_shown_takes_the_ink_of_the_next_theme(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    icon = Icon()
    icon.show_icon("outage", Level.ACT)
    light = icon.pixmap().toImage()
    theme.apply(qapp, "dark")
    assert icon.pixmap().toImage() == pixmap("outage", Level.ACT).toImage()
    assert icon.pixmap().toImage() != light
    icon.show_icon("")
    assert icon.pixmap().isNull()
    theme.apply(qapp, "light")
    assert icon.pixmap().isNull()
