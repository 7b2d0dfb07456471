"""Dates, times and periods: the only door to the clock, reading what people type, showing it.

A date in a card is ISO 8601 (``2026-05-14``); a birthday without its year is ``--05-14``
(the truncated form of vCard 4, RFC 6350 section 4.3.1).
"""

from __future__ import annotations

import datetime as dt
import re

from cardcli.errors import BadValueError
from cardcli.language import _
from cardcli.tuples import NamedTuple

_fixed: dt.datetime | None = None


def fix_clock(moment: dt.datetime | None) -> None:
    """Stop the clock at *moment* for this process; None lets it run."""
    global _fixed  # noqa: PLW0603 - there is one clock
    _fixed = moment


def now() -> dt.datetime:
    """Return the local time with its zone."""
    return (_fixed or dt.datetime.now(dt.UTC)).astimezone()


def today() -> dt.date:
    """Return the local date."""
    return now().date()


_WORDS = {
    "сегодня": 0, "вчера": -1, "позавчера": -2, "завтра": 1, "послезавтра": 2,
    "today": 0, "yesterday": -1, "tomorrow": 1,
}  # fmt: skip
# the patterns are compiled when they are first needed: start-up time
_ISO = r"(?a)(\d{4})-(\d{1,2})-(\d{1,2})"
_DOTTED = r"(?a)(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?\.?"
_YEARLESS = r"(?a)--(\d{2})-(\d{2})"
_OFFSET = r"([+-])(.+)"
_PERIOD = r"(?a)(\d{1,4})\s*([a-zа-яё]+)\.?"
_TIME = r"(?a)(\d{1,2})[:.](\d{2})"
_UNITS = {
    "d": "dд", "w": "wн", "m": "mм", "y": "yг",
}  # fmt: skip


class BadDateError(BadValueError):
    """What was typed is not a date."""

    def __init__(self, value: str, *, impossible: bool = False) -> None:
        sentence = (
            _("There is no such day: “{value}”.")
            if impossible
            else _(
                "“{value}” is not a date. Write 2026-05-14, 14.05.2026, 14.05, today, yesterday or -3d.",
            )
        )
        super().__init__(sentence.format(value=value))


def _day(year: int, month: int, day: int, typed: str) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise BadDateError(typed, impossible=True) from None


def parse_date(typed: str, base: dt.date) -> dt.date:
    """Read a date as people type it; *base* is today.

    ``ДД.ММ`` is that day of this year. Raises :class:`BadDateError`: nothing is guessed.
    """
    value = typed.strip().lower()
    if value in _WORDS:
        return base + dt.timedelta(days=_WORDS[value])
    if match := re.fullmatch(_ISO, value):
        return _day(int(match[1]), int(match[2]), int(match[3]), typed)
    if match := re.fullmatch(_DOTTED, value):
        year = int(match[3]) if match[3] else base.year
        return _day(year, int(match[2]), int(match[1]), typed)
    if match := re.fullmatch(_OFFSET, value):
        try:
            period = parse_period(match[2])
        except BadPeriodError:
            raise BadDateError(typed) from None
        return period.after(base, -1 if match[1] == "-" else 1)
    raise BadDateError(typed)


def parse_birthday(typed: str, base: dt.date) -> str:
    """Read a birthday, with or without the year, and return it in its ISO form.

    Raises :class:`BadDateError` for no date, :class:`BadValueError` for one in the future.
    """
    value = typed.strip()
    yearless = re.fullmatch(_YEARLESS, value)
    dotted = re.fullmatch(_DOTTED, value)
    if yearless or (dotted and not dotted[3]):
        month, day = (yearless[1], yearless[2]) if yearless else (dotted[2], dotted[1])  # type: ignore[index]
        leap_year = 2000
        _day(leap_year, int(month), int(day), typed)
        return f"--{int(month):02}-{int(day):02}"
    if not (re.fullmatch(_ISO, value) or dotted):
        raise BadDateError(typed)
    date = parse_date(value, base)
    if date > base:
        raise BadValueError(_("The birthday {value} lies in the future.").format(value=typed))
    return date.isoformat()


def parse_time(typed: str) -> str:
    """Read a time of day and return it as ``HH:MM``. Raises :class:`BadValueError`."""
    match = re.fullmatch(_TIME, typed.strip())
    if match and int(match[1]) < 24 and int(match[2]) < 60:
        return f"{int(match[1]):02}:{match[2]}"
    raise BadValueError(_("“{value}” is not a time. Write 14:30.").format(value=typed))


def from_iso(value: str) -> dt.date | None:
    """Return the date written as ``YYYY-MM-DD``, or None."""
    try:
        return dt.date.fromisoformat(value) if re.fullmatch(_ISO, value) else None
    except ValueError:
        return None


class BadPeriodError(BadValueError):
    """What was typed is not a period."""

    def __init__(self, value: str) -> None:
        super().__init__(
            _(
                "“{value}” is not a period. Write 3d, 2w, 1m or 1y (days, weeks, months, years)."
            ).format(value=value),
        )


class Period(NamedTuple):
    """A length of time in days, weeks, months or years."""

    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs of a period
    unit: str

    def __str__(self) -> str:
        """Return the form that stands in a card: ``2w``."""
        return f"{self.count}{self.unit}"

    def after(self, date: dt.date, times: int = 1) -> dt.date:
        """Return *date* moved by this period; a month's end stays a month's end."""
        import calendar

        steps = self.count * times
        try:
            if self.unit in "dw":
                return date + dt.timedelta(days=steps * (7 if self.unit == "w" else 1))
            months = date.year * 12 + date.month - 1 + steps * (12 if self.unit == "y" else 1)
            year, month = divmod(months, 12)
            return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))
        except (ValueError, OverflowError, calendar.IllegalMonthError):
            raise BadPeriodError(str(self)) from None


def parse_period(typed: str) -> Period:
    """Read ``3d 2w 1m 1y`` or ``3д 2н 1м 1г``, also with whole words. Raises BadPeriodError."""
    match = re.fullmatch(_PERIOD, typed.strip().lower())
    if match and int(match[1]):
        for unit, letters in _UNITS.items():
            if match[2] in (*letters, *_UNIT_WORDS[unit]):
                return Period(int(match[1]), unit)
    raise BadPeriodError(typed)


_UNIT_WORDS = {
    "d": ("day", "days", "дн", "день", "дня", "дней"),
    "w": ("week", "weeks", "нед", "неделя", "неделю", "недели", "недель"),
    "m": ("month", "months", "мес", "месяц", "месяца", "месяцев"),
    "y": ("year", "years", "л", "год", "года", "лет"),
}

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_NBSP = "\u00a0"


def show_date(value: str, language: str) -> str:
    """Return an ISO date, or a birthday without its year, as *language* writes it."""
    if match := re.fullmatch(_YEARLESS, value):
        month, day, year = int(match[1]), int(match[2]), None
    elif date := from_iso(value):
        month, day, year = date.month, date.day, date.year
    else:
        return value
    if language == "ru":
        return f"{day:02}.{month:02}" + (f".{year}" if year else "")
    return f"{day}{_NBSP}{_MONTHS[month - 1]}" + (f"{_NBSP}{year}" if year else "")
