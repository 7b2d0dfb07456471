"""What a card would say on paper today, as short hashes, to compare with what was printed.

Only what the client's card says counts: another template, language or font makes no paper stale.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cardcli import advice
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.fields import Rules
from cardcli.yamlpatch import Value

SCAN = "sheet"
"""The field that says of which sheet a document is the scan; such a document is no news to paper."""
NO_ID = "-"
INDEX_CARD = "index-card"
"""The template of the small card: who it is, warnings, recommendations, services."""
LOG = "log"
"""The template of the visit log, which is continued on the same paper; others are printed anew."""
LOG_FIELDS = ("price", "staff", "products")
"""The fields of a visit that stand in the visit log, beside its date, title and text."""
INDEX_FIELDS = ("staff",)
"""The fields of a visit that stand on an index card, beside its date, title and text."""
ADVICE_FIELDS = ("every", "until", "times")
"""The fields of a recommendation that stand on an index card, beside its title."""
_INDEX_HEAD = (
    "name", "family", "given", "patronymic", "company", "birthday", "number", "phones",
    "allergies", "contraindications", "chronic",
)  # fmt: skip
_LOG_HEAD = ("name", "family", "given", "patronymic", "company", "birthday", "number")


@dataclass(frozen=True, slots=True)
class Printed:
    """An entry on paper: its id, the hash of what is printed of it, its first row on the sheet."""

    id: str
    hash: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """What stands on paper: hashes of the profile, of the user's own text, of each entry."""

    profile: str
    text: str
    entries: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the paper lacks and what it says that is not so any more, by ids of entries."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    profile: bool = False
    text: bool = False

    def __bool__(self) -> bool:
        """Tell whether there is any difference."""
        return bool(self.new or self.changed or self.removed or self.profile or self.text)


def of(card: Card, form: str, today: dt.date) -> Content:
    """Return what a sheet printed with the template *form* says of the card."""
    if form == LOG:
        return log(card, today)
    return index_card(card, today) if form == INDEX_CARD else whole(card)


def whole(card: Card) -> Content:
    """Return the content of a sheet that has all of the card."""
    entries = [each for each in card.entries if not each.fields.get(SCAN)]
    return Content(
        _hash(*(f"{key}={_flat(value)}" for key, value in sorted(card.metadata.items()))),
        _hash(*(f"{heading}={text}" for heading, text in sorted(card.prose.items()))),
        tuple(printed(each, _whole_entry(each)) for each in entries),
    )


def index_card(card: Card, today: dt.date) -> Content:
    """Return the content of an index card: the recommendations in force, the visits up to *today*.

    All visits count, also those there was no room for: the card says how many they are.
    """
    advised = tuple(
        printed(each.entry, _listed(each.entry, ADVICE_FIELDS))
        for each in advice.all_of(card, Rules(today, ""))
        if not each.over
    )
    done = (
        printed(each, (each.text, *_listed(each, INDEX_FIELDS))) for each in visits(card, today)
    )
    return Content(_head(card, _INDEX_HEAD), "", (*advised, *done))


def _listed(entry: Entry, keys: Sequence[str]) -> tuple[str, ...]:
    return (entry.date, entry.title, *(entry.fields.get(key, "") for key in keys))


def log(card: Card, today: dt.date) -> Content:
    """Return the content of the visit log: the visits up to *today*."""
    head = _head(card, _LOG_HEAD)
    return Content(head, "", tuple(printed(each, logged(each)) for each in visits(card, today)))


def _head(card: Card, keys: Sequence[str]) -> str:
    return _hash(*(f"{key}={_flat(card.metadata.get(key, ''))}" for key in keys))


def visits(card: Card, today: dt.date) -> list[Entry]:
    """Return the visits that are no bookings any more, in the order of the log."""
    done = (each for each in card.of_kind("visit") if each.date <= today.isoformat())
    return sorted(done, key=lambda each: (each.date, each.time))


def booked(card: Card, today: dt.date) -> str:
    """Return the day of the next visit that is only booked, or ""."""
    return min(
        (each.date for each in card.of_kind("visit") if each.date > today.isoformat()), default=""
    )


def logged(entry: Entry) -> tuple[str, ...]:
    """Return what the visit log prints of a visit."""
    fields = (entry.fields.get(key, "") for key in LOG_FIELDS)
    return (entry.date, entry.title, entry.text, *fields)


def _whole_entry(entry: Entry) -> tuple[str, ...]:
    fields = (f"{key}={value}" for key, value in sorted(entry.fields.items()))
    return (entry.section, entry.date, entry.time, entry.title, entry.text, *fields)


def printed(entry: Entry, parts: Iterable[str]) -> Printed:
    """Return an entry as it stands on paper."""
    return Printed(entry.id or NO_ID, _hash(*parts))


def lacking(paper: Iterable[Printed], now: Sequence[Printed]) -> list[int]:
    """Return the positions in *now* of the entries that are not on the paper in any form.

    Entries without an id are known by what they say; a changed one is another one.
    """
    was = list(paper)
    ids = {each.id for each in was}
    known = Counter(each.hash for each in was if each.id == NO_ID)
    found = []
    for place, each in enumerate(now):
        if each.id != NO_ID:
            found += [] if each.id in ids else [place]
        elif known[each.hash]:
            known[each.hash] -= 1
        else:
            found.append(place)
    return found


def between(paper: Iterable[Printed], now: Sequence[Printed]) -> tuple[tuple[str, ...], ...]:
    """Return the ids of the entries that are new, changed and removed since they were printed."""
    was = list(paper)
    hashes = {each.id: each.hash for each in was}
    new = (now[place].id for place in lacking(was, now))
    changed = (
        each.id for each in now if each.id != NO_ID and hashes.get(each.id, each.hash) != each.hash
    )
    there = {each.id for each in now}
    gone = (
        was[place].id
        for place in lacking(now, was)
        if was[place].id == NO_ID or was[place].id not in there
    )
    return tuple(new), tuple(changed), tuple(dict.fromkeys(gone))


def compare(paper: Content, now: Content) -> Difference:
    """Return how a sheet differs from what it would say today."""
    new, changed, removed = between(paper.entries, now.entries)
    return Difference(new, changed, removed, paper.profile != now.profile, paper.text != now.text)


def _flat(value: Value) -> str:
    if isinstance(value, dict):
        return "{" + "\x1e".join(f"{key}:{_flat(inner)}" for key, inner in value.items()) + "}"
    return "\x1e".join(map(_flat, value)) if isinstance(value, list) else value


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=4).hexdigest()
