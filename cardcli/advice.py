"""Whether a client follows a recommendation, and when it is next due.

A recommendation ``every`` period is due one period after it was given, and one period after each
mark; ``until`` ends it, and so do as many marks as ``times``. One without a period is due on its
``until``. A recommendation with no term at all, one that is settled (``status``) and one that is
over are never due.

Adherence counts whole periods that have passed: how many there were, and in how many of them the
client has a mark.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cardcli import dates
from cardcli.card import Card
from cardcli.dates import Period
from cardcli.entry import Entry
from cardcli.errors import BadValueError
from cardcli.fields import Rules, decimal

SETTLED = frozenset({"done", "not-done", "cancelled"})


@dataclass(frozen=True, slots=True)
class Adherence:
    """How many times recommendations should have been followed by now, and how many were."""

    expected: int
    followed: int

    @property
    def percent(self) -> int | None:
        """Return the share in whole percent, half up; None when nothing was to be done yet."""
        if not self.expected:
            return None
        return (200 * self.followed + self.expected) // (2 * self.expected)


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation as it stands today.

    ``marks`` are the days it was followed, in order; ``enough`` is how many of them fulfil it, None
    for as many as its term has periods; ``due`` the day it is next due or None; ``over`` tells that
    it is settled, fulfilled, or that its time has passed.
    """

    entry: Entry
    today: dt.date
    every: Period | None
    until: dt.date | None
    enough: int | None
    marks: tuple[dt.date, ...]
    due: dt.date | None
    over: bool = False

    @property
    def adherence(self) -> Adherence:
        """Return how often it should have been followed by now and how often it was."""
        status, enough = self.entry.fields.get("status"), self.enough
        fulfilled = enough is not None and len(self.marks) >= enough
        if enough is not None and (fulfilled or not self.every):
            ended = self.until is not None and self.until < self.today
            passed = fulfilled or ended or status in SETTLED
            found = Adherence(enough, min(enough, len(self.marks))) if passed else Adherence(0, 0)
        else:
            found = _periods(self)
        if status == "done" and not self.marks:
            return Adherence(found.expected, found.expected)
        return found


def all_of(card: Card, rules: Rules) -> tuple[Advice, ...]:
    """Return the recommendations given up to ``rules.today``, in the order of the card."""
    today = rules.today
    return tuple(
        read(each, today) for each in card.of_kind("advice") if each.date <= today.isoformat()
    )


def adherence(advice: Iterable[Advice]) -> Adherence:
    """Return how far a client follows what was recommended; what was cancelled does not count."""
    counted = [each.adherence for each in advice if each.entry.fields.get("status") != "cancelled"]
    return Adherence(sum(each.expected for each in counted), sum(each.followed for each in counted))


def read(entry: Entry, today: dt.date) -> Advice:
    """Return what a recommendation comes to on *today*; a value that cannot be read is left aside."""
    given = dates.from_iso(entry.date) or today
    every = _period(entry.fields.get("every", ""))
    until = dates.from_iso(entry.fields.get("until", ""))
    times = decimal(entry.fields.get("times", ""))
    days = (dates.from_iso(text.strip()) for text in entry.fields.get("done", "").split(","))
    marks = tuple(sorted({day for day in days if day and day <= today}))
    enough = int(times) if times else (None if every else 1)
    status = entry.fields.get("status", "")
    fulfilled = enough is not None and len(marks) >= enough
    ended = every is not None and until is not None and until < today
    over = fulfilled or ended or status in SETTLED
    due = None if over else _due(given, every, until, marks)
    return Advice(entry, today, every, until, enough, marks, due, over)


def _period(text: str) -> Period | None:
    try:
        return dates.parse_period(text) if text else None
    except BadValueError:
        return None


def _due(
    given: dt.date, every: Period | None, until: dt.date | None, marks: tuple[dt.date, ...]
) -> dt.date | None:
    if every is None:
        return until
    day = _after(every, max((given, *marks)), 1)
    return day if day and (until is None or day <= until) else None


def _after(every: Period, day: dt.date, times: int) -> dt.date | None:
    try:
        return every.after(day, times)
    except BadValueError:  # beyond the last day there is
        return None


def _periods(advice: Advice) -> Adherence:
    """Count the periods that have passed, and those of them with a mark.

    A period is the days after one due day up to the next; the first begins on the day given.
    """
    given = dates.from_iso(advice.entry.date) or advice.today
    last = min(advice.until, advice.today) if advice.until else advice.today
    passed = followed = 0
    begin = given - dt.timedelta(days=1) if given > dt.date.min else given
    while (
        advice.every
        and (advice.enough is None or passed < advice.enough)
        and (end := _after(advice.every, given, passed + 1))
        and end <= last
    ):
        passed += 1
        followed += any(begin < mark <= end for mark in advice.marks)
        begin = end
    return Adherence(passed, followed)
