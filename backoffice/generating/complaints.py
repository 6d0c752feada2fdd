"""What customers of the demonstration operator complain of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.rules.deadlines import Severity


@dataclass(frozen=True, slots=True)
class ComplaintKind:
    """A usual complaint; `about` is the type of the service concerned, empty if it concerns none."""

    ticket_type: str
    name: str
    description: str
    severity: Severity
    about: str = ""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint received `hours` ago; `outage` is the id of the outage it is linked to, if any."""

    kind: ComplaintKind
    hours: int
    status: str
    outage: str = ""


SLOW_FIBRE: Final = ComplaintKind(
    "fault", "宽带慢 Slow broadband", "晚上网速很慢。 Very slow in the evening.", Severity.MINOR, "broadband"
)
NO_FIBRE: Final = ComplaintKind(
    "fault", "宽带中断 Broadband down", "光猫亮红灯，无法上网。 Red light on the modem.", Severity.MAJOR, "broadband"
)
NO_SIGNAL: Final = ComplaintKind(
    "fault", "手机无信号 No mobile signal", "家中没有信号。 No signal at home.", Severity.MAJOR, "mobile"
)
KINDS: Final = (
    SLOW_FIBRE,
    NO_FIBRE,
    NO_SIGNAL,
    ComplaintKind("fault", "电视卡顿 TV freezes", "画面经常停住。 The picture keeps freezing.", Severity.MINOR, "tv"),
    ComplaintKind("fault", "电话杂音 Noise on the line", "通话有杂音。 Noise in calls.", Severity.MINOR, "fixedVoice"),
    ComplaintKind("billing", "账单有疑问 Bill disputed", "不认可一项费用。 Disputes a charge.", Severity.MINOR),
    ComplaintKind(
        "service", "装机延误 Late installation", "师傅未按时上门。 Nobody came.", Severity.MINOR, "broadband"
    ),
)
OPEN: Final = ("acknowledged", "inProgress", "inProgress", "pending")
CLOSED: Final = ("resolved", "closed", "closed")
CHANNELS: Final = (("hotline", "Hotline"), ("counter", "Counter"), ("app", "App"))
