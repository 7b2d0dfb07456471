"""What a key is compared with: reading it by the type of the key, and comparing.

A date or a part of one (``2026``, ``2026-05``) stands for all its days, so ``last<2026`` means
before 1 January and ``last>2026`` after 31 December. A birthday without a year is a day that comes
back every year: ``birthday:12-20..01-10`` goes over New Year.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Protocol

from cardcli import dates, search
from cardcli.errors import BadValueError
from cardcli.fields import (
    Rules,
    Type,
    choice_words,
    decimal,
    parse_money,
    unknown_choice,
)
from cardcli.language import _
from cardcli.search.people import national
from cardcli.text import fold

Value = str | int | Decimal | dt.date
MonthDay = tuple[int, int]
ORDERING = frozenset({"<", "<=", ">", ">="})
RANGE = ".."
ANYTHING = "*"
_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"(\d{4})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})\.(\d{4})", re.ASCII)
_DATED = re.compile(r"\d{4}-|.*\.\d{4}", re.ASCII)
_YEARLY = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?|(\d{1,2})\.(\d{1,2})\.?", re.ASCII)


class Match(Enum):
    """When a text fits what was typed with ``:``."""

    WORDS = auto()
    """Each word typed begins a word of the text."""
    PART = auto()
    """What was typed stands somewhere in the text."""
    WHOLE = auto()
    """The text is what was typed."""
    NAME = auto()
    """As words, for the words of names: й is и, and double names are also one word."""
    PHONE = auto()
    """The digits typed stand in the number, however the country is written."""


class Operand(Protocol):
    """What a value is compared with."""

    def holds(self, value: Value) -> bool:
        """Tell whether a value of the card fits."""
        ...


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value that says something; a count or an amount of zero does not."""

    def holds(self, value: Value) -> bool:
        """Tell whether there is something."""
        return bool(value)


@dataclass(frozen=True, slots=True)
class Text:
    """A text, folded, and how it must fit."""

    text: str
    match: Match

    def holds(self, value: Value) -> bool:
        """Tell whether a text fits."""
        return _FITS[self.match](self.text, str(value))


@dataclass(frozen=True, slots=True)
class Glob:
    """A folded text in which ``*`` stands for anything; the whole value must fit."""

    pattern: str

    def holds(self, value: Value) -> bool:
        """Tell whether a text fits."""
        return _glob(self.pattern).fullmatch(fold(str(value))) is not None


@dataclass(frozen=True, slots=True)
class Span:
    """From ``low`` to ``high``, both included, None for open; an operator compares with the whole of it."""

    operator: str
    low: Value | None
    high: Value | None

    def holds(self, value: Value) -> bool:
        """Tell whether a number or a date lies where the operator says."""
        if self.operator == "<":
            return value < self.low  # type: ignore[operator] # both are of the type of the key
        if self.operator == "<=":
            return value <= self.high  # type: ignore[operator]
        if self.operator == ">":
            return value > self.high  # type: ignore[operator]
        if self.operator == ">=":
            return value >= self.low  # type: ignore[operator]
        return (self.low is None or value >= self.low) and (  # type: ignore[operator]
            self.high is None or value <= self.high  # type: ignore[operator]
        )


@dataclass(frozen=True, slots=True)
class Converted:
    """A span for values that stand in the card as text; what cannot be read fits nothing."""

    convert: Callable[[str], Value | None]
    span: Span

    def holds(self, value: Value) -> bool:
        """Tell whether the value can be read and lies in the span."""
        number = self.convert(str(value))
        return number is not None and self.span.holds(number)


@dataclass(frozen=True, slots=True)
class Yearly:
    """Days that come back every year; ``low`` after ``high`` goes over New Year."""

    low: MonthDay
    high: MonthDay

    def holds(self, value: Value) -> bool:
        """Tell whether a birthday, with or without its year, is one of these days."""
        month, _hyphen, day = str(value)[-5:].partition("-")
        if not (month.isdecimal() and day.isdecimal()):
            return False
        at = int(month), int(day)
        if self.low <= self.high:
            return self.low <= at <= self.high
        return at >= self.low or at <= self.high


@functools.lru_cache(maxsize=64)
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split(ANYTHING))), re.DOTALL)


def _all_begin(typed: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(each) for word in words) for each in typed)


def _words_fit(typed: str, value: str) -> bool:
    folded = fold(value)
    wanted = _WORD.findall(typed)
    return _all_begin(wanted, _WORD.findall(folded)) if wanted else typed in folded


@functools.lru_cache(maxsize=20_000)
def _name_words(name: str) -> tuple[str, ...]:
    return tuple(word.text for word in search.words_of(search.Person("", "", (name,)), ()))


def _name_fits(typed: str, value: str) -> bool:
    wanted = _name_words(typed)
    return _all_begin(wanted, _name_words(value)) if wanted else typed in fold(value)


def _digits(text: str) -> str:
    return national("".join(char for char in text if char.isdecimal()))


def _phone_fits(typed: str, value: str) -> bool:
    return bool(_digits(typed)) and _digits(typed) in _digits(value)


_FITS: dict[Match, Callable[[str, str], bool]] = {
    Match.WORDS: _words_fit,
    Match.PART: lambda typed, value: typed in fold(value),
    Match.WHOLE: lambda typed, value: typed == fold(value),
    Match.NAME: _name_fits,
    Match.PHONE: _phone_fits,
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands after the operator; in quotes ``*`` and ``..`` are plain signs."""

    operator: str
    text: str
    quoted: bool = False

    @property
    def anything(self) -> bool:
        """Tell whether any value will do."""
        return self.text == ANYTHING and not self.quoted and self.operator not in ORDERING

    @property
    def ends(self) -> list[str]:
        """Return the two ends of a range, or the one value; an open end is ""."""
        return [self.text] if self.quoted else self.text.split(RANGE, 1)


class BadRangeError(BadValueError):
    """A range is not written as one."""

    def __init__(self) -> None:
        super().__init__(_("a range is written KEY:FROM..TO, KEY:FROM.. or KEY:..TO"))


def text(typed: Typed, match: Match) -> Operand:
    """Read a text. Raises :class:`BadValueError` for an operator that needs an order."""
    if typed.operator in ORDERING:
        raise BadValueError(_("this is text: < and > are for dates, numbers and money"))
    if ANYTHING in typed.text and not typed.quoted:
        return Glob(fold(typed.text))
    return Text(fold(typed.text), Match.WHOLE if typed.operator == "=" else match)


def choice(typed: Typed, choices: Sequence[tuple[str, str]]) -> Operand:
    """Read a choice: its key or its words in any language, or how just one of them begins.

    Raises :class:`BadValueError` that lists them.
    """
    if typed.operator in ORDERING:
        raise BadValueError(_("this is a choice: < and > are for dates, numbers and money"))
    words, meant = choice_words(choices), fold(typed.text)
    found = {words[meant]} if meant in words else {
        key for word, key in words.items() if meant and word.startswith(meant)
    }  # fmt: skip
    if len(found) != 1:
        raise BadValueError(unknown_choice(typed.text, choices))
    return Text(fold(found.pop()), Match.WHOLE)


def _span(typed: Typed, read: Callable[[str], tuple[Value, Value]]) -> Span:
    """Read one value or a range of them; either end of a range may be open."""
    if len(typed.ends) == 1:
        low, high = read(typed.text)
        return Span(typed.operator, low, high)
    if typed.operator in ORDERING:
        raise BadRangeError
    first, last = typed.ends
    if not (first or last):
        raise BadRangeError
    span = Span(":", read(first)[0] if first else None, read(last)[1] if last else None)
    if span.low is not None and span.high is not None and span.low > span.high:  # type: ignore[operator]
        raise BadValueError(
            _("the range {range} ends before it begins").format(range=typed.text),
        )
    return span


def number(typed: Typed, rules: Rules) -> Operand:  # noqa: ARG001 - one of the readers by type
    """Read a number or a range. Raises :class:`BadValueError`."""
    return _span(typed, _number)


def _number(typed: str) -> tuple[Value, Value]:
    found = decimal(typed.strip().replace(",", "."))
    if found is None:
        raise BadValueError(_("“{value}” is not a number").format(value=typed))
    return found, found


def money(typed: Typed, rules: Rules) -> Operand:
    """Read an amount in the currency of the store; a balance may be below zero."""

    def amount(text: str) -> tuple[Value, Value]:
        below = text.startswith(("-", "−"))
        found = parse_money(text[1:] if below else text, rules.currency)
        return (-found, -found) if below else (found, found)

    return _span(typed, amount)


def date(typed: Typed, rules: Rules) -> Operand:
    """Read a day, a month, a year or a range of them. Raises :class:`BadValueError`."""
    return _span(typed, lambda text: _days(text, rules.today))


def _days(typed: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of what was typed."""
    if match := _YEAR.fullmatch(typed):
        year = int(match[1])
        return _whole_month(year, 1, typed)[0], _whole_month(year, 12, typed)[1]
    if match := _MONTH.fullmatch(typed):
        return _whole_month(int(match[1] or match[4]), int(match[2] or match[3]), typed)
    day = dates.parse_date(typed, today)
    return day, day


def _whole_month(year: int, month: int, typed: str) -> tuple[dt.date, dt.date]:
    try:
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        raise dates.BadDateError(typed, impossible=True) from None


def birthday(typed: Typed, rules: Rules) -> Operand:
    """Read a birthday: a month, a day, a range of days, or a date of birth with its year.

    Raises :class:`BadValueError`.
    """
    ends = [end for end in typed.ends if end]
    if ends and all(_YEAR.fullmatch(end) or _DATED.match(end) for end in ends):
        span = _span(typed, lambda text: _days(text, rules.today))
        return Converted(dates.from_iso, span)
    if typed.operator in ORDERING:
        raise BadValueError(_("compare a birthday with a year or a full date: birthday<1990-05-14"))
    if any(_YEAR.fullmatch(end) or _DATED.match(end) for end in ends):
        raise BadValueError(_("write both ends of the range with a year, or both without"))
    if not ends:
        raise BadRangeError
    first, last = typed.ends[0], typed.ends[-1]
    low = _month_days(first, rules.today)[0] if first else (1, 1)
    high = _month_days(last, rules.today)[1] if last else (12, 31)
    return Yearly(low, high)


def _month_days(typed: str, today: dt.date) -> tuple[MonthDay, MonthDay]:
    """Return the first and the last day, without a year, of a month or a day."""
    match = _YEARLY.fullmatch(typed)
    if match is None:
        return _day_of_this_year(dates.parse_date(typed, today))
    month, day = int(match[1] or match[4]), match[2] or match[3]
    leap_year = 2000
    first, last = _whole_month(leap_year, month, typed)
    if day is None:
        return (month, first.day), (month, last.day)
    if not first.day <= int(day) <= last.day:
        raise dates.BadDateError(typed, impossible=True)
    return (month, int(day)), (month, int(day))


def _day_of_this_year(day: dt.date) -> tuple[MonthDay, MonthDay]:
    """Return a day of the calendar; the last of February in a common year is also the 29th."""
    at = day.month, day.day
    leap_too = at == (2, 28) and not calendar.isleap(day.year)
    return at, ((2, 29) if leap_too else at)


def period(typed: Typed, rules: Rules) -> Operand:  # noqa: ARG001
    """Read a period, which has no order: 4 weeks are not a month. Raises :class:`BadValueError`."""
    if typed.operator in ORDERING:
        raise BadValueError(_("a period is compared with : or ="))
    return Text(str(dates.parse_period(typed.text)), Match.WHOLE)


def own(typed: Typed, rules: Rules) -> Operand:
    """Read what a field of the user's own is compared with: it has no type, so the value says it."""
    if typed.operator not in ORDERING and len(typed.ends) == 1:
        return text(typed, Match.WORDS)
    try:
        return Converted(_as_number, _span(typed, _number))
    except BadValueError:
        return Converted(dates.from_iso, _span(typed, lambda text: _days(text, rules.today)))


def _as_number(value: str) -> Value | None:
    return decimal(value.replace(",", "."))


BY_TYPE: dict[Type, Callable[[Typed, Rules], Operand]] = {
    Type.NUMBER: number,
    Type.MONEY: money,
    Type.DATE: date,
    Type.DATES: date,
    Type.BIRTHDAY: birthday,
    Type.PERIOD: period,
}
"""How the types that have an order are read; all others are text or a choice."""
