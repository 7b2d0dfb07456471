"""What the clients of the whole store usually take: how often, together with what, made with what."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cardcli import dates, visits
from cardcli.card import Card
from cardcli.dates import Period
from cardcli.errors import BadValueError
from cardcli.fields import Rules, show_period
from cardcli.language import translator
from cardcli.terms import Terms
from cardcli.text import fold
from cardcli.visits import Habit

_ENOUGH_GAPS = 3


@dataclass
class Habits:
    """What is known of each service and of goods, keyed by their folded names.

    ``names`` is how it is written, ``clients`` who takes it (ids of cards); of services also
    ``gaps``, the days between one time and the next over all clients, and ``products``, what they
    were made with.
    """

    names: dict[str, str] = field(default_factory=dict)
    clients: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    gaps: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    products: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def of(cards: Iterable[Card], rules: Rules) -> Habits:
    """Return the habits of a store."""
    habits = Habits()
    for card in cards:
        for name in taken(card, rules):
            habits.names.setdefault(fold(name), name)
            habits.clients[fold(name)].add(card.id)
        seen = visits.history(card, rules)
        for service in seen.services:
            habits.gaps[fold(service.name)] += visits.gaps(service.days)
        for each in seen.done:
            if products := each.fields.get("products", ""):
                habits.products[fold(each.title)].add(products)
    return habits


def taken(card: Card, rules: Rules) -> list[str]:
    """Return the services and goods a client has taken up to today, each once."""
    names: dict[str, str] = {}
    for each in card.entries:
        if each.kind in {"visit", "sale"} and each.date <= rules.today.isoformat():
            names.setdefault(fold(each.title), each.title)
    return list(names.values())


@dataclass(frozen=True, slots=True)
class Return:
    """When a client is to be expected for a service again.

    ``source`` is where the interval is from: ``own`` (three visits or more), ``store`` (the median
    of all clients), ``catalogue``, or ``visits`` (the client's visits whatever the service).
    ``interval`` is in days, or the period of the catalogue.
    """

    service: str
    last: dt.date
    date: dt.date
    source: str
    interval: int | Period
    count: int


def expected_again(service: Habit, habits: Habits, terms: Terms) -> Return | None:
    """Return when a service is to be expected again, or None when nothing tells."""
    if own := visits.rhythm(service.days):
        return _return(service, "own", own)
    key = fold(service.name)
    if len(habits.gaps.get(key, ())) >= _ENOUGH_GAPS:
        return _return(service, "store", visits.median(habits.gaps[key]))
    if every := terms.rhythms.get(key):
        return _return(service, "catalogue", every)
    return None


def _return(service: Habit, source: str, interval: int | Period) -> Return:
    if isinstance(interval, int):
        date = visits.later(service.last, interval)
    else:
        date = _after(interval, service.last)
    return Return(service.name, service.last, date, source, interval, service.count)


def _after(every: Period, day: dt.date) -> dt.date:
    try:
        return every.after(day)
    except BadValueError:
        return dt.date.max


def why(source: str, details: Mapping[str, str], language: str) -> str:
    """Return in words how often a service is taken, by its source, and when it was last time.

    *details* hold ``interval`` (days, or the period of the catalogue) and ``last`` as stored values.
    """
    words = translator(language)
    last = dates.show_date(details["last"], language)
    if source == "catalogue":
        every = show_period(details["interval"], language)
        return words.gettext("by the catalogue {every}, last time {date}").format(
            every=every, date=last
        )
    days = int(details["interval"])
    named = {
        "own": words.ngettext(
            "usually every {days} day, last time {date}",
            "usually every {days} days, last time {date}",
            days,
        ),
        "visits": words.ngettext(
            "usually comes every {days} day, last time {date}",
            "usually comes every {days} days, last time {date}",
            days,
        ),
        "store": words.ngettext(
            "our clients usually take it every {days} day, last time {date}",
            "our clients usually take it every {days} days, last time {date}",
            days,
        ),
    }
    return named[source].format(days=days, date=last)
