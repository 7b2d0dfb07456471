"""Cards and entries as JSON: locale-free, ISO dates, money as strings, absent values null.

Fields of these objects are never removed: scripts rely on them.
"""

from __future__ import annotations

from typing import Any

from cardcli import clients
from cardcli.changes import Change
from cardcli.clients import entry_json
from cardcli.entry import Entry
from cardcli.record import Record

__all__ = ["card_json", "change_json", "entry_json"]


def change_json(change: Change) -> dict[str, Any]:
    """Return one change of a card."""
    return {
        "entry": change.entry or None,
        "key": change.key or None,
        "old": change.old or None,
        "new": change.new or None,
        "words": change.words,
    }


def card_json(record: Record, entries: tuple[Entry, ...] | None = None) -> dict[str, Any]:
    """Return a whole card."""
    return {
        **clients.whole(record.card, record.path, entries),
        "problems": [
            {"line": each.line, "severity": each.severity, "message": each.message}
            for each in record.card.problems
        ],
    }
