"""How instants are written: ages, dates, times of day and due times, in the clerk's language and time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)

translate = QCoreApplication.translate


def age(then: datetime | None, now: datetime) -> str:
    """How old something is: now, 2 min, 3 h, then its date; empty where nobody knows."""
    if then is None:
        return ""
    past = now - then
    if past < _MINUTE:
        return translate("ages", "now")
    if past < _HOUR:
        return translate("ages", "{minutes} min").format(minutes=past // _MINUTE)
    if past < _DAY:
        return translate("ages", "{hours} h").format(hours=past // _HOUR)
    return day(then)


def day(moment: datetime | None) -> str:
    """A date, 25 Mar; with the year where it is not this one."""
    if moment is None:
        return ""
    local = moment.astimezone()
    is_this_year = local.year == datetime.now().astimezone().year
    return QLocale().toString(
        _date(local), translate("ages", "d MMM") if is_this_year else translate("ages", "d MMM yyyy")
    )


def calendar_day(one: date | None) -> str:
    """A date that is the same in every time zone, such as a birthday: 2 Jun 1988."""
    return QLocale().toString(_date(one), translate("ages", "d MMM yyyy")) if one else ""


def time_of_day(moment: datetime | None) -> str:
    """09:12; seconds never."""
    if moment is None:
        return ""
    local = moment.astimezone()
    return QLocale().toString(QTime(local.hour, local.minute), "HH:mm")


def clock_time(moment: datetime) -> str:
    """When something was begun: 14:05 today, 25 Mar 14:05 on any other day."""
    is_today = moment.astimezone().date() == datetime.now().astimezone().date()
    return time_of_day(moment) if is_today else f"{day(moment)} {time_of_day(moment)}"


def due(moment: datetime | None, now: datetime) -> str:
    """When something is due: 17:00 today, Tue 17:00 within a week, else 8 Apr."""
    if moment is None:
        return ""
    local, today = moment.astimezone(), now.astimezone()
    if local.date() == today.date():
        return time_of_day(moment)
    if _DAY * 0 <= local - today < _WEEK:
        return f"{QLocale().toString(_date(local), 'ddd')} {time_of_day(moment)}"
    return day(moment)


def _date(local: date) -> QDate:
    return QDate(local.year, local.month, local.day)
