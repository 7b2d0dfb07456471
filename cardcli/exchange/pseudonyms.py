"""Clients under pseudonyms, for analysis: a new card is made of what tells nothing of a person.

Nothing passes that was not understood: choices that are in the table, numbers, money, dates, periods.
A text (a service, a product, a tag, a source) passes when the catalogue names it or at least three
clients share it; every other text is left out, and so are names, contacts, health data, notes, photos.
Of a birthday stays the decade of life. Pseudonyms are keyed hashes (HMAC-SHA-256) of the ids: always
the same with the same key, and nobody without it can tell whose they are.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator

from cardcli import birthdays, dates, ids
from cardcli import card as cards
from cardcli import entry as entries
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.errors import BadValueError
from cardcli.fields import Field, Rules, Type, decimal, parse_money, parse_scale, steps
from cardcli.kinds import Kind, Kinds
from cardcli.profile import HEALTH, OWNED
from cardcli.text import fold
from cardcli.yamlpatch import Value

ENOUGH = 3
"""How many clients a text must have in common to tell of none."""
AGE_BAND = "age_band"
_LETTERS = 12
_LEFT_OUT = frozenset({"note", "observation", "patch-test", "difference"})
"""Kinds that are free text or health data throughout."""
_TITLED = frozenset({"visit", "sale", "advice", "survey", "offer"})
_SHARED = ("tags", "source", "language")
Word = tuple[str, str]


class Pseudonyms:
    """Makes pseudonymous cards with one key. *known* are the words that tell of nobody."""

    def __init__(self, key: bytes, rules: Rules, kinds: Kinds, known: frozenset[Word]) -> None:
        self._key = key
        self._rules = rules
        self._kinds = kinds
        self._known = known

    def of(self, card: Card) -> Card:
        """Return the card of a client under a pseudonym; its text is all there is of it."""
        parts = [cards.new(self._profile(card))]
        for kind in self._kinds.all:
            told = [self._entry(card, each, kind) for each in card.of_kind(kind.name)]
            if told and kind.name not in _LEFT_OUT:
                lines = [line for each in told for line in entries.write(each)]
                parts.append("\n".join([f"## {kind.heading('en')}", "", *lines]) + "\n")
        return cards.parse("\n".join(parts), self._kinds)

    def _name(self, prefix: str, *parts: str) -> str:
        digest = hmac.digest(self._key, "\x1f".join((prefix, *parts)).encode(), hashlib.sha256)
        return prefix + "".join(ids.DIGITS[byte % len(ids.DIGITS)] for byte in digest[:_LETTERS])

    def _profile(self, card: Card) -> dict[str, Value]:
        name = self._name("p", card.id)
        values: dict[str, Value] = {"id": name, "name": name}
        for field in self._kinds.profile.fields:
            if field.key in {*OWNED, *HEALTH, "birthday", "name"} and field.key != "created":
                continue
            if field.key in _SHARED:
                texts = [text for text in card.values(field.key) if self._is_known(field.key, text)]
                values[field.key] = [*texts] if field.many else "".join(texts[:1])
            elif not field.many and (value := self._told(field, card.value(field.key))):
                values[field.key] = value
        if (age := birthdays.age(card.value("birthday"), self._rules.today)) is not None:
            values[AGE_BAND] = f"{age // 10 * 10}-{age // 10 * 10 + 9}"
        return {key: value for key, value in values.items() if value}

    def _entry(self, card: Card, entry: Entry, kind: Kind) -> Entry:
        fields = {}
        for field in kind.fields:
            typed = entry.fields.get(field.key, "")
            if field.type is Type.ENTRY and typed:
                fields[field.key] = self._entry_id(card, typed)
            elif value := self._told(field, typed):
                fields[field.key] = value
        known = kind.name in _TITLED and self._is_known(kind.name, entry.title)
        title = entry.title if known else entries.EMPTY_TITLE
        mark = self._entry_id(card, entry.id) if entry.id else ""
        return entry._replace(id=mark, title=title, fields=fields, text="")

    def _entry_id(self, card: Card, entry_id: str) -> str:
        return ids.derived_id(self._key.hex(), card.id, entry_id)

    def _is_known(self, where: str, text: str) -> bool:
        return (where, fold(text)) in self._known

    def _told(self, field: Field, value: str) -> str:
        """Return a value that tells of nobody, "" for any other."""
        if not value:
            return ""
        if field.type is Type.PERSON:
            return self._name("s", fold(value))
        try:
            return value if _understood(field, value, self._rules.currency) else ""
        except BadValueError:
            return ""


def _understood(field: Field, value: str, currency: str) -> bool:
    """Tell whether a value is just what its type says. Raises :class:`BadValueError` too for no."""
    choices = dict(field.choices)
    if field.type is Type.CHOICE:
        return value in choices
    if field.type is Type.MONEY:
        return parse_money(value, currency) >= 0
    if field.type is Type.NUMBER:
        return decimal(value) is not None
    if field.type is Type.DATE:
        return dates.from_iso(value) is not None
    if field.type is Type.DATES:
        return all(dates.from_iso(day.strip()) for day in value.split(","))
    if field.type is Type.PERIOD:
        return bool(dates.parse_period(value))
    if field.type is Type.SCALE:
        return bool(parse_scale(value))
    if field.type is Type.HISTORY:
        said = steps(value)
        return ", ".join(f"{day} {step}" for day, step in said) == value and all(
            step in choices for _day, step in said
        )
    return False


def known_words(all_cards: Iterable[Card], catalogue: Iterable[str]) -> frozenset[Word]:
    """Return the words that tell of nobody: those of the catalogue, and those of several clients."""
    bearers: defaultdict[Word, set[str]] = defaultdict(set)
    for card in all_cards:
        for word in _words(card):
            if len(bearers[word]) < ENOUGH:
                bearers[word].add(card.id)
    shared = {word for word, clients in bearers.items() if len(clients) >= ENOUGH}
    named = {(kind, fold(text)) for text in catalogue for kind in ("visit", "advice", "sale")}
    return frozenset(shared | named)


def _words(card: Card) -> Iterator[Word]:
    for key in _SHARED:
        for text in card.values(key):
            yield key, fold(text)
    for each in card.entries:
        if each.kind in _TITLED:
            yield each.kind, fold(each.title)
