"""Booked visits as a calendar: each keeps its identity, so a phone moves it and does not double it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from cardcli import contacts, dates, ics
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.exchange.outgoing import Going, Parts, Settings
from cardcli.fields import decimal


def calendar(going: Going, settings: Settings) -> Parts:
    """Yield a calendar of the visits from today on."""
    days = sorted(
        (day for each in going for day in _days(each.card, settings)),
        key=lambda day: (day.date, day.time or dt.time.min, day.uid),
    )
    yield ics.calendar(days)


def _days(card: Card, settings: Settings) -> Iterator[ics.Day]:
    today = settings.rules.today.isoformat()
    for each in card.of_kind("visit"):
        if each.date >= today and (date := dates.from_iso(each.date)):
            mark = each.id or f"line{each.line}"
            yield ics.Day(
                f"{card.id}-{mark}@cardcli",
                date,
                f"{card.name}: {each.title}",
                "\n".join(_details(card, each, settings)),
                "visit",
                dt.time.fromisoformat(each.time) if each.time else None,
                int(decimal(each.fields.get("duration", "")) or 0),
            )


def _details(card: Card, entry: Entry, settings: Settings) -> Iterator[str]:
    """Yield whom to call, who does it, and what was noted."""
    for phone in card.values("phones")[:1]:
        yield contacts.show_phone(phone, settings.region)
    if staff := entry.fields.get("staff", ""):
        yield staff
    if entry.text:
        yield entry.text
