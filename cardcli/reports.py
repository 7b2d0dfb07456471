"""The whole base in figures: services, staff, months, retention, the value of clients.

Every report is a table of plain values; nothing here is stored, all is reckoned from the cards.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cardcli import dates, money, status, visits
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.fields import Rules, Type, decimal
from cardcli.language import N_
from cardcli.terms import Terms
from cardcli.text import fold
from cardcli.visits import Visits

Value = str | int | Decimal | dt.date | None
_BEFORE = 3
"""With how many months before it a month is compared."""
_QUINTILES = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in JSON, its label, and whether it holds money, a share in percent or other values."""

    key: str
    label: str
    type: Type = Type.TEXT


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its columns and its rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Base:
    """The cards of a store, and what reckoning depends on."""

    cards: Sequence[Card]
    rules: Rules
    terms: Terms

    @functools.cached_property
    def histories(self) -> tuple[tuple[Card, Visits], ...]:
        """Return the cards of all who came, with their visits."""
        seen = ((card, visits.history(card, self.rules)) for card in self.cards)
        return tuple((card, each) for card, each in seen if each.days)

    @functools.cached_property
    def days(self) -> dict[str, tuple[dt.date, ...]]:
        """Return on which days each client came, by the id of the card."""
        return {card.id: each.days for card, each in self.histories}

    def visits(self) -> Iterator[tuple[Card, Entry]]:
        """Yield the services rendered up to today with their cards."""
        return ((card, entry) for card, each in self.histories for entry in each.done)


_TIMES = Column("times", N_("Times"), Type.NUMBER)
_CLIENTS = Column("clients", N_("Clients"), Type.NUMBER)
_REVENUE = Column("revenue", N_("Revenue"), Type.MONEY)
_RATING = Column("rating", N_("Rating"), Type.NUMBER)


def services(base: Base) -> Report:
    """Return how each service is asked for and how well it works.

    ``repeat`` is the share of its clients who took it on more than one day, in percent; ``returned``
    the share of its renderings after which the client came again within 90 days (only those that
    lie at least 90 days back); ``interval`` the median of days between two renderings to a client.
    """
    columns = (
        Column("service", N_("Service")), _TIMES, _CLIENTS, _REVENUE, _RATING,
        Column("repeat", N_("Repeated, %"), Type.NUMBER),
        Column("returned", N_("Came again, %"), Type.NUMBER),
        Column("interval", N_("Days between"), Type.NUMBER),
    )  # fmt: skip
    rows = []
    for name, found in _grouped(base, lambda entry: entry.title):
        days = _days_by_client(found)
        intervals = [gap for each in days.values() for gap in visits.gaps(each)]
        rows.append((
            name, *_totals(base, found),
            _percent(sum(len(each) > 1 for each in days.values()), len(days)),
            _returned(base, found),
            visits.median(intervals) if intervals else None,
        ))  # fmt: skip
    return Report(columns, tuple(rows))


def staff(base: Base) -> Report:
    """Return what each member of the staff did, for whom, and how it was rated."""
    columns = (Column("staff", N_("Staff")), _TIMES, _CLIENTS, _REVENUE, _RATING)
    found = _grouped(base, lambda entry: entry.fields.get("staff", ""))
    return Report(columns, tuple((name, *_totals(base, each)) for name, each in found))


def months(base: Base) -> Report:
    """Return visits, clients, new clients and revenue by month.

    ``trend`` compares the revenue with the mean of up to three months before, in percent.
    """
    columns = (
        Column("month", N_("Month")), Column("visits", N_("Visits"), Type.NUMBER), _CLIENTS,
        Column("new", N_("New clients"), Type.NUMBER), _REVENUE,
        Column("trend", N_("Trend, %"), Type.NUMBER),
    )  # fmt: skip
    found: dict[str, list[tuple[Card, Entry]]] = defaultdict(list)
    for card, entry in base.visits():
        found[entry.date[:7]].append((card, entry))
    new = Counter(seen.days[0].isoformat()[:7] for _card, seen in base.histories)
    rows: list[tuple[Value, ...]] = []
    earned: list[Decimal] = []
    for month in _all_months(found):
        here = found[month]
        revenue = _revenue(base, here)
        before = earned[-_BEFORE:]
        mean = sum(before, Decimal(0)) / len(before) if before else Decimal(0)
        trend = _percent(revenue - mean, mean) if mean else None
        days = {(card.id, entry.date) for card, entry in here}
        rows.append(
            (month, len(days), len({card.id for card, _entry in here}), new[month], revenue, trend)
        )
        earned.append(revenue)
    return Report(columns, tuple(rows))


def _all_months(found: Iterable[str]) -> list[str]:
    """Return every month from the first to the last; one without a visit counts too."""
    known = sorted(found)
    if not known:
        return []
    year, month = map(int, known[0].split("-"))
    listed = [known[0]]
    while listed[-1] < known[-1]:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        listed.append(f"{year:04}-{month:02}")
    return listed


def retention(base: Base) -> Report:
    """Return, by the year of the first visit, how many clients came again and what became of them."""
    columns = (
        Column("year", N_("First visit in")), _CLIENTS,
        Column("again", N_("Came again, %"), Type.NUMBER),
        *(Column(key, label, Type.NUMBER) for key, label in _STATUSES),
    )  # fmt: skip
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for card, seen in base.histories:
        key = status.of(card, base.rules, base.terms).key
        found[str(seen.days[0].year)].append((len(seen.days), key))
    rows = []
    for year, clients in sorted(found.items()):
        counted = Counter(key for _days, key in clients)
        again = _percent(sum(days > 1 for days, _key in clients), len(clients))
        rows.append((year, len(clients), again, *(counted[key] for key, _label in _STATUSES)))
    return Report(columns, tuple(rows))


_STATUSES = (
    ("new", N_("New")), ("active", N_("Active")), ("sleeping", N_("Sleeping")), ("gone", N_("Gone")),
)  # fmt: skip


def rfm(base: Base) -> Report:
    """Return the value of each client: recency, frequency and money from 1 to 5, and what was spent.

    The marks are fifths of the base (5 is the best fifth; equal values get equal marks), the usual
    RFM of direct marketing (Hughes, Strategic Database Marketing, 1994); ``spent`` is the value of
    the client so far.
    """
    columns = (
        Column("id", N_("Id")), Column("name", N_("Name")), Column("rfm", N_("RFM")),
        Column("last", N_("Last visit"), Type.DATE), Column("visits", N_("Visits"), Type.NUMBER),
        Column("spent", N_("Spent"), Type.MONEY),
    )  # fmt: skip
    found = []
    for card, seen in base.histories:
        spent = money.account(card, base.rules, base.terms).spent
        found.append((card, seen.days[-1], len(seen.days), spent))
    recency = _marks([Decimal(last.toordinal()) for _card, last, _days, _spent in found])
    frequency = _marks([Decimal(days) for _card, _last, days, _spent in found])
    worth = _marks([spent for _card, _last, _days, spent in found])
    rows: list[tuple[str, str, str, dt.date, int, Decimal]] = [
        (
            card.id,
            card.name,
            f"{recency[Decimal(last.toordinal())]}{frequency[Decimal(days)]}{worth[spent]}",
            last,
            days,
            spent,
        )
        for card, last, days, spent in found
    ]
    return Report(columns, tuple(sorted(rows, key=lambda row: (-int(str(row[2])), str(row[1])))))


def _marks(values: Sequence[Decimal]) -> dict[Decimal, int]:
    """Return the fifth that each value lies in, by the share of values that are not above it."""
    ordered = sorted(values)
    marks = {}
    for position, value in enumerate(ordered, 1):
        marks[value] = max(1, -(-position * _QUINTILES // len(ordered)))
    return marks


REPORTS: dict[str, tuple[str, Callable[[Base], Report]]] = {
    "services": (N_("what is asked for, and how well it works"), services),
    "staff": (N_("what each member of the staff did"), staff),
    "months": (N_("visits and revenue month by month"), months),
    "retention": (N_("which clients came again, and what became of them"), retention),
    "rfm": (N_("the value of each client: recency, frequency, money"), rfm),
}
"""Name of each report to what it tells (a message id) and the function that makes it."""


def _grouped(base: Base, key: Callable[[Entry], str]) -> list[tuple[str, list[tuple[Card, Entry]]]]:
    """Return entries by a name, however it is written, the most frequent first."""
    found: dict[str, list[tuple[Card, Entry]]] = defaultdict(list)
    names: dict[str, str] = {}
    for card, entry in base.visits():
        if name := key(entry):
            found[fold(name)].append((card, entry))
            names[fold(name)] = name
    ordered = sorted(found, key=lambda name: (-len(found[name]), name))
    return [(names[name], found[name]) for name in ordered]


def _totals(base: Base, found: Sequence[tuple[Card, Entry]]) -> tuple[Value, ...]:
    """Return times, clients, revenue and the mean rating."""
    ratings = [
        mark
        for _card, entry in found
        if (mark := decimal(entry.fields.get("rating", ""))) is not None
    ]
    mean = (sum(ratings, Decimal(0)) / len(ratings)).quantize(Decimal("0.01")) if ratings else None
    return len(found), len({card.id for card, _entry in found}), _revenue(base, found), mean


def _revenue(base: Base, found: Iterable[tuple[Card, Entry]]) -> Decimal:
    """Return what entries come to; ``check`` names an amount that cannot be read."""
    worth = (money.known_worth(entry, base.rules.currency) for _card, entry in found)
    return sum((amount for amount in worth if amount is not None), Decimal(0))


def _days_by_client(found: Iterable[tuple[Card, Entry]]) -> dict[str, tuple[dt.date, ...]]:
    entries: dict[str, list[Entry]] = defaultdict(list)
    for card, entry in found:
        entries[card.id].append(entry)
    return {card_id: visits.days_of(each) for card_id, each in entries.items()}


def _returned(base: Base, found: Sequence[tuple[Card, Entry]]) -> int | None:
    """Return after how many of the renderings the client came again within 90 days, in percent."""
    window = dt.timedelta(days=90)
    old = [
        (card, day) for card, entry in found
        if (day := dates.from_iso(entry.date)) and day + window <= base.rules.today
    ]  # fmt: skip
    again = sum(any(day < each <= day + window for each in base.days[card.id]) for card, day in old)
    return _percent(again, len(old))


def _percent(part: Decimal | int, whole: Decimal | int) -> int | None:
    return int((Decimal(part) * 100 / Decimal(whole)).to_integral_value()) if whole else None
