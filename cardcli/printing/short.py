"""What small formats need of a card: a line where the whole card has a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from cardcli import advice, contacts, dates, fields
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.fields import Rules, Type
from cardcli.language import N_, translator
from cardcli.printing import prose
from cardcli.printing.blocks import Advice, Fact, Visit
from cardcli.printing.settings import PrintSettings

ALERTS = ("allergies", "contraindications", "chronic")
_LINE = 120


def fact(card: Card, key: str, settings: PrintSettings) -> Fact:
    """Return the first value of the profile under a key, with its label; no value if there is none."""
    field = card.kinds.profile.field(key)
    label = field.title(settings.language)
    for value in card.values(key)[:1]:
        if field.type is Type.PHONE:
            return Fact(label, (contacts.show_phone(value, settings.region),))
        return Fact(label, (fields.show(field, value, settings.language, settings.currency),))
    return Fact(label, ())


def warnings(card: Card) -> tuple[str, ...]:
    """Return everything that endangers the client's health."""
    return tuple(value for key in ALERTS for value in card.values(key))


def visits(card: Card, settings: PrintSettings, today: dt.date) -> tuple[Visit, ...]:
    """Return the services up to today, the latest first."""
    done = [each for each in card.of_kind("visit") if each.date <= today.isoformat()]
    ordered = sorted(done, key=lambda each: (each.date, each.time, each.line), reverse=True)
    return tuple(visit(each, settings) for each in ordered)


def visit(entry: Entry, settings: PrintSettings) -> Visit:
    """Return a service on one line."""
    day = dates.show_date(entry.date, settings.language)
    return Visit(day, entry.title, entry.fields.get("staff", ""), _line(entry))


def _line(entry: Entry) -> str:
    """Return what was written below an entry as one line; a cut is shown."""
    text = " ".join(prose.plain(prose.parse(entry.text)).split())
    return text if len(text) <= _LINE else text[:_LINE].rstrip() + "…"


def advice_of(card: Card, settings: PrintSettings, today: dt.date) -> tuple[Advice, ...]:
    """Return the recommendations in force, the oldest first."""
    found = advice.all_of(card, Rules(today, settings.currency))
    return tuple(_advice(each.entry, settings) for each in found if not each.over)


def _advice(entry: Entry, settings: PrintSettings) -> Advice:
    return Advice(
        dates.show_date(entry.date, settings.language),
        entry.title,
        ", ".join(_how(entry, settings.language)),
        entry.fields.get("staff", ""),
        prose.parse(entry.text),
    )


def _how(entry: Entry, language: str) -> Iterator[str]:
    """Yield how often, until when and how many times a recommendation is to be followed."""
    words = translator(language)
    if every := entry.fields.get("every"):
        yield fields.show_period(every, language)
    if until := entry.fields.get("until"):
        yield words.gettext(N_("until {date}")).format(date=dates.show_date(until, language))
    times = fields.decimal(entry.fields.get("times", ""))
    if times:
        shown = words.ngettext("{count} time", "{count} times", int(times))
        yield shown.format(count=int(times))
