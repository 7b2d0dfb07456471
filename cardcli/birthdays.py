"""Age and the next birthday, from a birthday with or without its year.

Who was born on 29 February celebrates on 28 February in a common year: a greeting on the eve is
kinder than one that is late. The age changes on that day too.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from cardcli import dates

_YEARLESS = re.compile(r"--(\d{2})-(\d{2})", re.ASCII)


def coming(value: str, today: dt.date) -> dt.date | None:
    """Return the next birthday, *today* included; None for what is no birthday."""
    day = _day_of_year(value)
    if day is None:
        return None
    this_year = _in_year(day, today.year)
    return this_year if this_year >= today else _in_year(day, today.year + 1)


def age(value: str, on: dt.date) -> int | None:
    """Return the age in full years on a day; None without a year of birth or before it."""
    born, day = dates.from_iso(value), _day_of_year(value)
    if born is None or day is None or born > on:
        return None
    return on.year - born.year - (_in_year(day, on.year) > on)


def _day_of_year(value: str) -> tuple[int, int] | None:
    if born := dates.from_iso(value):
        return born.month, born.day
    match = _YEARLESS.fullmatch(value)
    if match is None or dates.from_iso(f"2000-{match[1]}-{match[2]}") is None:
        return None
    return int(match[1]), int(match[2])


def _in_year(day: tuple[int, int], year: int) -> dt.date:
    month, number = day
    return dt.date(year, month, min(number, calendar.monthrange(year, month)[1]))
