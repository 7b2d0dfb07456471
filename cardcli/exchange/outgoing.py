"""Clients on their way out: what every writer gets, and what it is told of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from cardcli.card import Card
from cardcli.fields import Rules
from cardcli.kinds import Kinds
from cardcli.query import View
from cardcli.terms import Terms
from cardcli.tuples import NamedTuple

PORTRAIT = "-portrait."
"""What the name of a client's portrait holds."""


class Attachment(NamedTuple):
    """A file of a client: its path in the store, and what reads it."""

    path: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One client who goes out. ``path`` and ``files`` are empty where they would tell too much."""

    card: Card
    path: str = ""
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What writing depends on besides the cards.

    ``with_files`` puts the files themselves into the formats that can hold them; ``version`` is that
    of the vCard.
    """

    rules: Rules
    kinds: Kinds
    terms: Terms = field(default_factory=Terms)
    language: str = "en"
    region: str = "RU"
    business: str = ""
    with_files: bool = False
    version: str = "3.0"

    def view(self, card: Card) -> View:
        """Return the facts of a card."""
        return View(card, self.rules, self.terms)


Parts = Iterator[bytes]
"""A file as it is made, piece by piece."""

Files = Iterator[tuple[str, bytes]]
"""A folder as it is made: the name of each file, and what is in it."""

Going = Iterable[Outgoing]
