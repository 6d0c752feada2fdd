"""A complaint: as the clerk fills it in, and as it is known afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core.certainty import Certainty
from app.core.errors import DeskError
from app.core.words import QT_TRANSLATE_NOOP
from app.rules.deadlines import Deadlines, RegulatorLimit, Severity, deadlines_from

MAX_DESCRIPTION = 4_000  # characters; more is a document, not a description
DEFAULT_CHANNEL = "counter"
CLOSED = frozenset({"resolved", "closed", "cancelled", "rejected"})


@dataclass(frozen=True, slots=True)
class Category:
    """What a complaint is about: a code for head office, words in both languages, the Chinese ones by initials and sound."""

    code: str
    en: str
    zh: str
    initials: str
    pinyin: str
    severity: Severity


CATEGORIES: tuple[Category, ...] = (
    Category("no-service", "No service", "无服务", "wfw", "wufuwu", Severity.MAJOR),
    Category("slow-internet", "Slow internet", "网速慢", "wsm", "wangsuman", Severity.MINOR),
    Category("calls-drop", "Calls drop or fail", "通话中断", "thzd", "tonghuazhongduan", Severity.MINOR),
    Category("poor-coverage", "Poor coverage", "信号差", "xhc", "xinhaocha", Severity.MINOR),
    Category("tv", "TV picture or channels", "电视故障", "dsgz", "dianshiguzhang", Severity.MINOR),
    Category("wrong-bill", "Wrong bill", "账单有误", "zdyw", "zhangdanyouwu", Severity.MINOR),
    Category(
        "unknown-charge", "Unknown value-added charge", "不明增值扣费", "bmzzkf", "bumingzengzhikoufei", Severity.MINOR
    ),
    Category("cut-off-paid", "Cut off although paid", "已缴费仍停机", "yjfrtj", "yijiaofeirengtingji", Severity.MAJOR),
    Category(
        "late-visit", "Late installation or repair", "安装维修延误", "azwxyw", "anzhuangweixiuyanwu", Severity.MINOR
    ),
    Category("staff", "Staff or service", "服务态度", "fwtd", "fuwutaidu", Severity.MINOR),
    Category("privacy", "Privacy or nuisance calls", "隐私与骚扰", "yssr", "yinsiyusaorao", Severity.MAJOR),
    Category("other", "Something else", "其他", "qt", "qita", Severity.MINOR),
)
CATEGORY_BY_CODE = {category.code: category for category in CATEGORIES}


class CategoryMissingError(DeskError):
    """No category was chosen."""

    text = QT_TRANSLATE_NOOP("errors", "Choose what the complaint is about. Your text is kept.")


class CallbackMissingError(DeskError):
    """A complaint without an account says nothing of whom to answer."""

    text = QT_TRANSLATE_NOOP(
        "errors", "Say who asks and where to reach them, or that they will not say. Your text is kept."
    )


class DescriptionMissingError(DeskError):
    """Nothing was described."""

    text = QT_TRANSLATE_NOOP("errors", "Describe what happened, in the customer's words.")


class DescriptionTooLongError(DeskError):
    """The description is longer than head office takes."""

    text = QT_TRANSLATE_NOOP(
        "errors", "The description has {have} characters, {most} are the most. Your text is kept. Shorten it."
    )


@dataclass(frozen=True, slots=True)
class ComplaintForm:
    """What the clerk entered. `id` was made when the form opened, so saving twice files once.

    `limit` is the regulator's in `country`; None where none is known there, or where the country is not known yet.
    """

    id: str
    received_at: datetime
    customer_id: str = ""
    customer_name: str = ""
    service_id: str = ""
    service_name: str = ""
    category: str = ""
    description: str = ""
    severity: Severity | None = None
    channel: str = DEFAULT_CHANNEL
    callback: str = ""
    replaces: str = ""
    country: str = ""
    limit: RegulatorLimit | None = None

    @property
    def about(self) -> str:
        """What there is only one open form about: a refused complaint, else a customer, else whoever stands there now."""
        return self.replaces or self.customer_id or self.id

    @property
    def effective_severity(self) -> Severity:
        """The clerk's choice, else what the category suggests."""
        category = CATEGORY_BY_CODE.get(self.category)
        return self.severity or (category.severity if category else Severity.MINOR)

    @property
    def deadlines(self) -> Deadlines:
        """Both clocks, running from receipt."""
        return deadlines_from(self.received_at, self.effective_severity, self.limit)

    def checked(self) -> ComplaintForm:
        """Return the form if it can be filed; raises the DeskError of the first field at fault."""
        if self.category not in CATEGORY_BY_CODE:
            raise CategoryMissingError
        if not self.description.strip():
            raise DescriptionMissingError
        if len(self.description) > MAX_DESCRIPTION:
            raise DescriptionTooLongError(have=str(len(self.description)), most=str(MAX_DESCRIPTION))
        if not self.customer_id and not self.callback.strip():
            raise CallbackMissingError
        return self


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint as the clerk sees it, confirmed by head office or not yet."""

    id: str
    title: str
    description: str
    severity: str
    status: str
    received_at: datetime | None
    promised: datetime | None
    service_id: str
    contacts: int = 1
    certainty: Certainty = Certainty.CONFIRMED
    reason: str = ""
    command_id: str = ""
    customer_id: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer it."""
        return self.status.casefold() not in CLOSED
