"""Folds what people type and what records hold into one spelling, so that they meet."""

from __future__ import annotations

import re
import unicodedata

from app.core.wire import well_formed
from app.rules.han import is_han, simplified

_NOT_DIGIT = re.compile(r"[^0-9]+")
_WORD = re.compile("(?:[^\\W_]|[\U00020000-\U0003fffd])+")  # some rare characters are younger than this Python


def folded(text: str) -> str:
    """Full-width to half-width, accents off, lower case, single blanks."""
    if text.isascii():  # nothing of it has another form
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", well_formed(text))
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().split())


def digits_in(text: str) -> str:
    """The digits of `text` as ASCII, whatever script they were written in."""
    plain = text if text.isascii() else "".join(_ascii_digit(sign) for sign in unicodedata.normalize("NFKC", text))
    return _NOT_DIGIT.sub("", plain)


def words_in(text: str) -> list[str]:
    """Words as search sees them: folded runs of letters and digits, every Han character a word of its own, simplified."""
    return [simplified(word) if is_han(word[0]) else word for word in words_as_written(text)]


def words_as_written(text: str) -> list[str]:
    """The same words before characters are simplified: 乾 in a name is read qian, the 干 that it becomes is gan."""
    return [word for run in _WORD.findall(folded(text)) for word in _split_han(run)]


def phrases_in(text: str) -> list[str]:
    """The words of `words_in` as they stand together: 文三路 is three words in this order, and no others between them."""
    return [" ".join(words_in(run)) for run in _WORD.findall(folded(text))]


def _ascii_digit(sign: str) -> str:
    return str(unicodedata.decimal(sign, sign))


def _split_han(run: str) -> list[str]:
    parts: list[str] = []
    latin = ""
    for sign in run:
        if is_han(sign):
            if latin:
                parts.append(latin)
            parts.append(sign)
            latin = ""
        else:
            latin += sign
    return [*parts, latin] if latin else parts
