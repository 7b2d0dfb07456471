"""What a client asked for and still waits for: contacts whose status is open or in progress."""

from __future__ import annotations

from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.fields import Rules

OPEN = frozenset({"open", "in-progress"})


def waiting(card: Card, rules: Rules) -> tuple[Entry, ...]:
    """Return the requests that are still open, the oldest first."""
    today = rules.today.isoformat()
    found = [
        each
        for each in card.of_kind("contact")
        if each.fields.get("status") in OPEN and each.date <= today
    ]
    return tuple(sorted(found, key=lambda each: (each.date, each.time, each.line)))
