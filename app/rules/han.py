"""Chinese characters: which they are, how the mainland writes them, and how they are read."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_ZERO = "〇"  # a number by Unicode, a character in names
_MOST = 30_000


def is_han(sign: str) -> bool:
    """Whether `sign` is a Chinese character, also one so rare that this Python's Unicode has no name for it."""
    if sign.isascii() or "\u4e00" <= sign <= "\u9fff":  # nearly all that is ever asked: no need to know its name
        return not sign.isascii()
    is_rare = "\U00020000" <= sign <= "\U0003fffd"  # two planes that hold nothing else
    return is_rare or sign == _ZERO or unicodedata.name(sign, "").startswith("CJK ")


@lru_cache(_MOST)
def simplified(sign: str) -> str:
    """The character as the mainland writes it: 偉 and 伟 meet, whichever was typed and whichever is held."""
    plain = str(_converter().convert(sign))
    return plain if plain == sign else simplified(plain)


@lru_cache(_MOST)
def readings(sign: str) -> tuple[str, ...]:
    """Its readings in pinyin without tones, the usual one first: 单 is dan, and shan as a surname. None for a rare one."""
    plain = simplified(sign)
    return _read(sign) if plain == sign else tuple(dict.fromkeys((*_read(sign), *_read(plain))))


def _read(sign: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin, pinyin  # noqa: PLC0415 - 173 ms, paid by whoever indexes

    usual = lazy_pinyin(sign, style=Style.NORMAL, errors="ignore")
    known = pinyin(sign, style=Style.NORMAL, heteronym=True, errors="ignore")
    spelt = (one.replace("ü", "v") for one in (*usual, *(known[0] if known else ())))
    return tuple(dict.fromkeys(one for one in spelt if one))


@lru_cache(1)
def _converter() -> OpenCC:
    from opencc import OpenCC  # noqa: PLC0415 - only for who has Chinese to fold

    return OpenCC("t2s")
