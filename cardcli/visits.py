"""When a client came, what for, to whom, and what it came to.

Services of one day are one visit. Entries dated after today are booked, not done.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from cardcli import dates
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.fields import Rules
from cardcli.money import CENT, Account
from cardcli.text import fold

ENOUGH = 3
"""How many visits it takes to speak of a rhythm."""


@dataclass(frozen=True, slots=True)
class Habit:
    """A service or a member of the staff, on how many days, the last of them."""

    name: str
    days: tuple[dt.date, ...]

    @property
    def count(self) -> int:
        """Return on how many days."""
        return len(self.days)

    @property
    def last(self) -> dt.date:
        """Return the latest day."""
        return self.days[-1]


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits of one client.

    ``days`` are in order; ``done`` and ``booked`` the entries up to today and after it, in order;
    ``services`` and ``staff`` begin with the favourite.
    """

    days: tuple[dt.date, ...]
    done: tuple[Entry, ...]
    booked: tuple[Entry, ...]
    services: tuple[Habit, ...]
    staff: tuple[Habit, ...]

    @property
    def first(self) -> dt.date | None:
        """Return the day of the first visit."""
        return self.days[0] if self.days else None

    @property
    def last(self) -> dt.date | None:
        """Return the day of the last visit."""
        return self.days[-1] if self.days else None

    @property
    def interval(self) -> int | None:
        """Return the usual number of days between visits, see :func:`rhythm`."""
        return rhythm(self.days)

    @property
    def expected(self) -> dt.date | None:
        """Return when the next visit is to be expected by the client's own rhythm."""
        return None if self.interval is None else later(self.days[-1], self.interval)


def history(card: Card, rules: Rules) -> Visits:
    """Return the visits of a client as of ``rules.today``."""
    today = rules.today.isoformat()
    entries = sorted(card.of_kind("visit"), key=lambda each: (each.date, each.time, each.line))
    done = tuple(each for each in entries if each.date <= today)
    return Visits(
        days=days_of(done),
        done=done,
        booked=tuple(each for each in entries if each.date > today),
        services=_habits((each.title, each) for each in done),
        staff=_habits((each.fields.get("staff", ""), each) for each in done),
    )


def days_of(entries: Iterable[Entry]) -> tuple[dt.date, ...]:
    """Return the days of entries, each once, in order."""
    days = {dates.from_iso(each.date) for each in entries} - {None}
    return tuple(sorted(day for day in days if day))


def _habits(named: Iterable[tuple[str, Entry]]) -> tuple[Habit, ...]:
    """Count by name, however it is written; the latest way of writing it stands for all."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    names: dict[str, str] = {}
    for name, each in named:
        if key := fold(name):
            entries[key].append(each)
            names[key] = name
    habits = [Habit(names[key], days_of(found)) for key, found in entries.items()]
    return tuple(sorted(habits, key=lambda each: (-each.count, -each.last.toordinal(), each.name)))


def gaps(days: Sequence[dt.date]) -> list[int]:
    """Return the days between one visit and the next."""
    return [(after - before).days for before, after in itertools.pairwise(days)]


def rhythm(days: Sequence[dt.date]) -> int | None:
    """Return the median of the days between visits, half up; None for fewer than three visits."""
    return median(gaps(days)) if len(days) >= ENOUGH else None


def median(numbers: Sequence[int]) -> int:
    """Return the median as a whole number, half up."""
    import statistics  # start-up time

    return int(Decimal(statistics.median(numbers)).quantize(Decimal(1), ROUND_HALF_UP))


def later(day: dt.date, count: int) -> dt.date:
    """Return the day *count* days later, the last day there is when that lies beyond it."""
    return dt.date.fromordinal(min(day.toordinal() + count, dt.date.max.toordinal()))


def average_bill(account: Account) -> Decimal | None:
    """Return the mean of what a day of services and purchases came to, or None without a price."""
    bills: dict[str, Decimal] = defaultdict(Decimal)
    for line in account.lines:
        if line.part == "charge":
            bills[line.entry.date] += line.amount
    if not bills:
        return None
    return (sum(bills.values(), Decimal(0)) / len(bills)).quantize(CENT, ROUND_HALF_UP)
