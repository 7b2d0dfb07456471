"""Dates as other programs write them. What can be read in two ways is not read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from cardcli.checks.facts import EARLIEST
from cardcli.errors import BadValueError
from cardcli.language import _
from cardcli.text import fold

DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
_NOTHING = frozenset(
    {
        "0000-00-00",
        "00.00.0000",
        "0.0.00",
        "0/0/00",
        "00/00/0000",
        "01.01.0001",
        "0000-00-00 00:00:00",
        "01.01.0001 0:00:00",
        "1899-12-30",
        "30.12.1899",
        "30.12.1899 0:00:00",
    }
)
_ZERO = ("0", "00:00")
"""How a spreadsheet shows the number nought in a cell for a day."""
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
_PACKED = re.compile(r"(?P<year>(?:1[689]|2[01])\d\d|0000)(?P<month>0\d|1[0-2])(?P<day>\d\d)")
_PACKED_DAY_FIRST = re.compile(r"(?P<day>\d\d)(?P<month>0\d|1[0-2])(?P<year>(?:19|20)\d\d)")
"""``12051990``; no such number is a day when it is read from the year on."""
_THREE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:\s*(?:г|год|года)\.?)?")
_SPACED = re.compile(r"(?<=\d) ?([./]) ?(?=\d)")
_TWO = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-]?")
_FIGURES = re.compile(r"[\d./-]+")
_AROUND = re.compile(
    r"[«»\"“”„'’]|^(?:mon|tue|wed|thu|fri|sat|sun|пн|вт|ср|чт|пт|сб|вс)[a-zа-я]*[.,]*\s+(?=\S)"
    r"|\s+gmt.*$|,?\s*\(.*\)$|,?\s+\d{1,3}\s*(?:лет|года?|years?(?: old)?)$",
    re.IGNORECASE,
)
"""What people and programs write around a day: quotes, the day of the week, the age."""
_APART = re.compile(r"(\d{1,2})([ ,])(\d{1,2})\2(\d{4}|\d{2})")
_NO_YEAR = re.compile(r"(\d{1,2}\.\d{1,2}|\d{1,2}\s+[^\W\d_]{3,})[.\s]*(?:[_?xхXХ*]{2,4}|[-–—]+)")
_YEARLESS = re.compile(r"--(\d\d)-?(\d\d)")
_WORDS = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([^\W\d_]+)\.?,?(?:[\s.-]+(\d{4}|\d{2}))?(?:\s*(?:г|год|года)\.?)?"
)
_WORDS_EN = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")
_TIME = re.compile(
    r"(.+?)(?:T|,?\s+)(\d{1,2}):(\d\d)(?::\d\d(?:\.\d+)?)?\s*(am|pm)?\s*(?:Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "янв jan", "фев feb", "мар mar", "апр apr", "май мая may", "июн jun",
            "июл jul", "авг aug", "сен sep", "окт oct", "ноя nov", "дек dec",
        ), 1,
    )
    for word in words.split()
}  # fmt: skip
_ROMAN = {
    "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12,
}  # fmt: skip
_NO_YEARS = frozenset({None, 1604, 0, 1})
"""What stands for the year of a birthday without one: 1604 with Apple, 0 and 1 in databases."""
_EXCEL_ZERO = dt.date(1899, 12, 30)
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
_EXCEL = range(3000, 80000)
"""Days since Excel's beginning that a date written as a number may have: 1908 to 2119."""


class NoDayError(BadValueError):
    """What stands there is no date, or could be two."""


def is_nothing(text: str) -> bool:
    """Tell whether a program wrote a date for the lack of one."""
    return text.strip() in _NOTHING


def order_of(values: Iterable[str]) -> str:
    """Return how a column writes ``1/2/1990``: day first, month first, or "" when nothing tells."""
    first, second = False, False
    for value in values:
        match = _THREE.match(_SPACED.sub(r"\1", value.strip()))
        if match and match[2] != ".":
            first |= int(match[1]) > 12
            second |= int(match[3]) > 12
    return DAY_FIRST if first and not second else MONTH_FIRST if second and not first else ""


def read(text: str, today: dt.date, order: str = "") -> str:
    """Return a day as ISO 8601, ``--MM-DD`` for one without a year, "" for a place holder.

    *order* is :data:`DAY_FIRST`, :data:`MONTH_FIRST`, or "" where that is not known. Raises
    :class:`NoDayError`.
    """
    value = _bare(text)
    if value in _NOTHING or value in _ZERO:
        return ""
    year, month, day = _parts(value, text, today, order)
    if (month, day) == (0, 0) or (year, month, day) == (1, 1, 1):
        return ""
    yearless = year in _NO_YEARS
    try:
        found = dt.date(2000 if yearless else int(year or 0), month, day)
    except ValueError:
        raise NoDayError(_("there is no such day: “{value}”").format(value=text)) from None
    if not yearless and found < EARLIEST:
        raise NoDayError(_("“{value}” is too long ago").format(value=text))
    return f"--{month:02}-{day:02}" if yearless else found.isoformat()


def _bare(text: str) -> str:
    """Return a day without the time, and without what else may stand around it."""
    value = _SPACED.sub(r"\1", " ".join(text.split()))
    if value in _NOTHING or _FIGURES.fullmatch(value):
        return value
    value = _AROUND.sub("", value)
    match = _TIME.fullmatch(value)
    value = match[1] if match else value
    value = _NO_YEAR.sub(r"\1", value) if _NO_YEAR.fullmatch(value) else value
    return _APART.sub(r"\1.\3.\4", value) if _APART.fullmatch(value) else value


def read_full(text: str, today: dt.date, order: str = "") -> str:
    """Return a day with its year as ISO 8601. Raises :class:`NoDayError` for anything less."""
    found = read(text, today, order)
    if not found or found.startswith("--"):
        raise NoDayError(_("“{value}” is not a date").format(value=text))
    return found


def read_birthday(text: str, today: dt.date, order: str = "") -> str:
    """Return a birthday as :func:`read` does. Raises :class:`NoDayError` for one nobody can have."""
    found = read(text, today, order)
    if found and not found.startswith("--"):
        date = dt.date.fromisoformat(found)
        if date > today:
            raise NoDayError(_("“{value}” lies in the future").format(value=text))
    return found


def time_of(text: str) -> str:
    """Return the time of day in a text with a date, as ``HH:MM``, or "" when it has none."""
    value = " ".join(text.split())
    if (serial := _SERIAL.fullmatch(value)) and serial[2]:  # a day of Excel and a part of it
        minutes = round(float(f"0.{serial[2]}") * 1440)
        return f"{minutes // 60:02}:{minutes % 60:02}" if 0 < minutes < 1440 else ""
    match = _TIME.fullmatch(value)
    if not match:
        return ""
    hour, half = int(match[2]), (match[4] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    midnight = hour == 0 == int(match[3])  # so programs write a day without a time
    return f"{hour:02}:{match[3]}" if hour < 24 and int(match[3]) < 60 and not midnight else ""


def _parts(value: str, typed: str, today: dt.date, order: str) -> tuple[int | None, int, int]:
    """Return year (None for none), month and day."""
    for form in (_ISO, _PACKED, _PACKED_DAY_FIRST):
        if match := form.fullmatch(value):
            return int(match["year"]), int(match["month"]), int(match["day"])
    if match := _YEARLESS.fullmatch(value):
        return None, int(match[1]), int(match[2])
    if match := _THREE.fullmatch(value):
        month, day = _ordered(int(match[1]), int(match[3]), match[2], typed, order)
        return _full_year(match[4], today), month, day
    if match := _TWO.fullmatch(value):
        month, day = _ordered(int(match[1]), int(match[3]), match[2], typed, order)
        return None, month, day
    if match := _WORDS.fullmatch(value):
        year = _full_year(match[3], today) if match[3] else None
        return year, _month(match[2], typed), int(match[1])
    if match := _WORDS_EN.fullmatch(value):
        return int(match[3]) if match[3] else None, _month(match[1], typed), int(match[2])
    if (match := _SERIAL.fullmatch(value)) and int(match[1]) in _EXCEL:
        date = _EXCEL_ZERO + dt.timedelta(days=int(match[1]))
        return date.year, date.month, date.day
    raise NoDayError(_("“{value}” is not a date").format(value=typed))


def _ordered(one: int, two: int, mark: str, typed: str, order: str) -> tuple[int, int]:
    """Return month and day of two numbers. Raises :class:`NoDayError` when both orders are possible."""
    if mark == "." or one == two or one > 12:
        return two, one
    if two > 12:
        return one, two
    if not order:
        sentence = _("“{value}” may be day/month or month/day; say --dates dmy or --dates mdy")
        raise NoDayError(sentence.format(value=typed))
    return (two, one) if order == DAY_FIRST else (one, two)


def _full_year(digits: str, today: dt.date) -> int:
    """Return the year that two digits mean: the latest one that is not in the future."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year <= today.year % 100 else 1900)


def _month(word: str, typed: str) -> int:
    number = _MONTHS.get(fold(word)[:3]) or _ROMAN.get(word.upper())
    if number is None:
        raise NoDayError(_("“{value}” is not a date").format(value=typed))
    return number
