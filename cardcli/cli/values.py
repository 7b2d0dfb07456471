"""Cards and entries as JSON: locale-free, ISO dates, money as strings, absent values null.

Fields of these objects are never removed: scripts rely on them.
"""

from __future__ import annotations

from typing import Any

from cardcli.card import Card
from cardcli.changes import Change
from cardcli.entry import Entry
from cardcli.person import name_of
from cardcli.store import Record

_HEAD = ("id", "number", "name")
_LISTS = ("phones", "emails", "addresses", "allergies", "contraindications", "tags", "former_names")
_SINGLE = ("company", "birthday", "created", "confirmed")


def entry_json(entry: Entry) -> dict[str, Any]:
    """Return an entry."""
    return {
        "id": entry.id or None,
        "kind": entry.kind or None,
        "section": entry.section,
        "date": entry.date,
        "time": entry.time or None,
        "title": entry.title,
        "fields": dict(entry.fields),
        "text": entry.text or None,
        "line": entry.line,
    }


def change_json(change: Change) -> dict[str, Any]:
    """Return one change of a card."""
    return {
        "entry": change.entry or None,
        "key": change.key or None,
        "old": change.old or None,
        "new": change.new or None,
        "words": change.words,
    }


def client_json(record: Record) -> dict[str, Any]:
    """Return what commands that list clients say of each."""
    card = record.card
    name = name_of(card)
    return {
        "id": card.id or None,
        "number": card.number or None,
        "name": card.name,
        "family": name.family or None,
        "given": name.given or None,
        "patronymic": name.patronymic or None,
        **{key: card.value(key) or None for key in _SINGLE},
        **{key: card.values(key) for key in _LISTS},
        "path": record.path or None,
    }


def card_json(record: Record, entries: tuple[Entry, ...] | None = None) -> dict[str, Any]:
    """Return a whole card."""
    card: Card = record.card
    return {
        **client_json(record),
        "profile": card.metadata,
        "entries": [entry_json(each) for each in (card.entries if entries is None else entries)],
        "prose": card.prose,
        "problems": [
            {"line": each.line, "severity": each.severity, "message": each.message}
            for each in card.problems
        ],
    }
