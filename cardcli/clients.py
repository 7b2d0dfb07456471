"""What lists, searches and programs are told of a client; all of it comes from one card.

The summary is what ``--json`` prints of a client. Its keys are never removed: scripts rely on them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cardcli.search import Person

if TYPE_CHECKING:  # the index asks for people without reading a card or its profile: start-up time
    from cardcli.card import Card
    from cardcli.entry import Entry

Summary = dict[str, Any]
_LISTS = ("phones", "emails", "addresses", "allergies", "contraindications", "tags", "former_names")
_SINGLE = ("company", "birthday", "created", "confirmed")
_ENTRY_DATE = re.compile(r"\n- (\d{4}-\d\d-\d\d)")


def summary(card: Card, path: str) -> Summary:
    """Return what commands that list clients say of each."""
    from cardcli import profile
    from cardcli.person import name_of

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
        "merged": [{"id": old, "number": number or None} for old, number in merged(card)],
        "not_same_as": card.values(profile.APART),
        "path": path or None,
    }


def merged(card: Card) -> list[tuple[str, str]]:
    """Return id and number ("" when it had none) of each card that was joined with this one."""
    from cardcli import profile

    return [
        (label or value, value if label else "") for label, value in card.labelled(profile.MERGED)
    ]


def whole(card: Card, path: str, entries: Sequence[Entry] | None = None) -> Summary:
    """Return all that a card says: the summary, the profile as it is written, entries, own text."""
    return {
        **summary(card, path),
        "profile": card.metadata,
        "entries": [entry_json(each) for each in (card.entries if entries is None else entries)],
        "prose": card.prose,
    }


def entry_json(entry: Entry) -> Summary:
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


def last_visit(card: Card) -> str:
    """Return the day of the newest entry, ISO, or ""."""
    return max(_ENTRY_DATE.findall(card.text), default="")


def person(said: Mapping[str, Any], visited: str) -> Person:
    """Return a client as the search sees it, from a summary and the day of the last visit."""
    names = (said["name"], said["company"], *said["former_names"])
    return Person(
        id=said["id"],
        number=said["number"] or "",
        names=tuple(name for name in names if name),
        phones=tuple(said["phones"]),
        emails=tuple(said["emails"]),
        birthday=said["birthday"] or "",
        last_visit=visited,
        old_ids=tuple(each["id"] for each in said["merged"]),
        old_numbers=tuple(each["number"] for each in said["merged"] if each["number"]),
        apart=tuple(said["not_same_as"]),
    )
