"""What the box can do, found by name in either language, by pinyin and by initials."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from app.core.words import QT_TRANSLATE_NOOP
from app.rules.folding import folded


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do; `also` are the spellings it is found by beside its words."""

    id: str
    words: str
    also: tuple[str, ...]

    @property
    def label(self) -> str:
        """The words in the clerk's language."""
        return QCoreApplication.translate("box", self.words)

    def fits(self, typed: str) -> bool:
        """Whether a spelling begins with what was typed."""
        wanted = folded(typed)
        return bool(wanted) and any(_spelled(one).startswith(wanted) for one in (self.label, self.words, *self.also))

    def is_meant(self, typed: str) -> bool:
        """Whether what was typed is one of the spellings, whole."""
        return folded(typed) in {_spelled(one) for one in (self.label, self.words, *self.also)}


@lru_cache(maxsize=256)
def _spelled(word: str) -> str:
    """One of our own words, folded; there are some fifty, and every key asks for them all."""
    return folded(word)


WITHOUT_ACCOUNT = Act(
    "complaint-without-account",
    QT_TRANSLATE_NOOP("box", "Complaint without account"),
    ("no account", "无账户投诉", "wuzhanghutousu", "wzhts"),
)
ACTS: tuple[Act, ...] = (
    Act("complaint", QT_TRANSLATE_NOOP("box", "Complaint"), ("doesn't work", "投诉", "tousu", "ts", "报障", "bz")),
    Act("needs-you", QT_TRANSLATE_NOOP("box", "Needs you"), ("待您处理", "daininchuli", "dncl")),
    Act("home", QT_TRANSLATE_NOOP("box", "Home"), ("首页", "shouye", "sy")),
    WITHOUT_ACCOUNT,
    Act("dark", QT_TRANSLATE_NOOP("box", "Dark colours"), ("dark", "深色", "shense", "ss")),
    Act("light", QT_TRANSLATE_NOOP("box", "Light colours"), ("light", "浅色", "qianse", "qs")),
    Act("zh_CN", "中文", ("chinese", "zhongwen", "zw")),
    Act("en", "English", ("英文", "yingwen", "yw")),
    Act("lock", QT_TRANSLATE_NOOP("box", "Lock, sign out"), ("sign out", "锁定", "suoding", "sd", "退出", "tc")),
)


def acts_for(typed: str) -> tuple[Act, ...]:
    """The acts whose spelling begins with what was typed."""
    return tuple(act for act in ACTS if act.fits(typed))
