"""Card numbers that two workplaces gave out at once: the older card keeps its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cardcli import card as cards
from cardcli.card import Card
from cardcli.errors import BadCardError

_NUMBER = re.compile(r"(.*?)(\d+)")


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A card whose number became another; ``text`` is its new text."""

    path: str
    card: str
    old: str
    new: str
    text: str


def number_of(text: str) -> str:
    """Return the number of a card, "" when it has none or cannot be read."""
    try:
        return cards.parse(text).number
    except BadCardError:
        return ""


def clash(texts: Mapping[str, str]) -> bool:
    """Tell whether two of the cards (path to text) have one number."""
    found = [number for text in texts.values() if (number := number_of(text))]
    return len(found) != len(set(found))


def settle(texts: Mapping[str, str], used: Iterable[str]) -> list[Renumbered]:
    """Return the younger cards of each clash with the next free number of their prefix.

    The age is the day of filling in, then the id: the same on every workplace.
    """
    readable: list[tuple[str, Card]] = []
    for path, text in texts.items():
        try:
            readable.append((path, cards.parse(text)))
        except BadCardError:
            continue
    taken = {*used, *(card.number for _path, card in readable)}
    seen: set[str] = set()
    settled = []
    for path, card in sorted(readable, key=lambda pair: (pair[1].value("created"), pair[1].id)):
        if card.number and card.number in seen:
            fresh = next_free(card.number, taken)
            text = cards.set_key(card, "number", fresh)
            settled.append(Renumbered(path, card.id, card.number, fresh, text))
            taken.add(fresh)
        seen.add(card.number)
    return settled


def next_free(number: str, taken: Iterable[str]) -> str:
    """Return the number after the greatest of *taken* that is written like *number*."""
    match = _NUMBER.fullmatch(number)
    head, width = (match[1], len(match[2])) if match else (f"{number}-", 5)
    pattern = re.compile(rf"{re.escape(head)}(\d+)")
    used = [int(found[1]) for each in taken if (found := pattern.fullmatch(each))]
    return f"{head}{max(used, default=0) + 1:0{width}}"
