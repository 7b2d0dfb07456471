"""What the index keeps of one card: its line in a list, its words, its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from json import JSONEncoder, loads
from typing import Any

from cardcli import clients, record
from cardcli.card import Card
from cardcli.errors import BadCardError
from cardcli.index.tables import CODES, OLD_NUMBER, SERVICE, STAFF, TAG
from cardcli.kinds import Kinds
from cardcli.search.people import TEXTS
from cardcli.text import fold
from cardcli.tuples import NamedTuple

Word = tuple[int, str]
_STAFF = re.compile(r"\[staff:: ([^][\\<\n]+)\]")
_TEXTS = [(CODES[kind], texts) for kind, texts in TEXTS.items()]
_written = JSONEncoder(ensure_ascii=False, check_circular=False).encode
_TITLE = re.compile(r"\n- \d{4}-\d\d-\d\d (?:\d\d:\d\d )?([^\[\]\\<^\n]+)")


class Settings(NamedTuple):
    """What the settings of the store say about reading cards, and what they let be completed."""

    kinds: Kinds
    region: str
    services: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()


class Row(NamedTuple):
    """The columns of a card that come from its text.

    ``client`` is its summary as JSON, ``hinted`` what the summary does not tell of its hints.
    """

    id: str
    number: str
    name: str
    sorted: str
    visited: str
    client: str
    hinted: str
    phones: list[str]
    words: set[Word]
    hints: set[Word]


def row(path: str, data: bytes, settings: Settings) -> Row | None:
    """Return what is kept of the card that *data* is, or None when it is none."""
    try:
        card = record.parsed(path, data.decode(), settings.kinds).card
    except (BadCardError, UnicodeDecodeError):
        return None
    said = clients.summary(card, path)
    hinted = dict.fromkeys(_hints(card, settings))
    return Row(
        card.id,
        card.number,
        card.name,
        fold(card.name),
        clients.last_visit(card),
        _written(said),
        "\n".join([f"{code} {text}" for code, text in hinted]),
        said["phones"],
        _words(said),
        _all_hints(said, hinted),
    )


def known(client: str, hinted: str) -> tuple[list[str], set[Word], set[Word]]:
    """Return the phones, words and hints of a row with this summary and what it does not tell."""
    said = loads(client)
    split = (line.split(" ", 1) for line in hinted.split("\n") if line)
    hints = _all_hints(said, ((int(code), text) for code, text in split))
    return said["phones"], _words(said), hints


def _words(said: Mapping[str, Any]) -> set[Word]:
    person = clients.person(said, "")
    found = {(code, text) for code, texts in _TEXTS for text, _shown in texts(person)}
    found.update((OLD_NUMBER, number) for number in person.old_numbers)
    return found


def _all_hints(said: Mapping[str, Any], hinted: Iterable[Word]) -> set[Word]:
    return {*hinted, *((TAG, tag) for tag in said["tags"])}


def _hints(card: Card, settings: Settings) -> Iterable[Word]:
    """Yield what may be completed elsewhere because this card has it, besides its tags."""
    for name in set(_STAFF.findall(card.text)):
        if name not in settings.staff:
            yield STAFF, name.strip()
    if not settings.services:
        for title in _TITLE.findall("\n" + _services(card.text, settings.kinds)):
            yield SERVICE, title.strip()


def _services(text: str, kinds: Kinds) -> str:
    """Return the section of services, without reading the other entries."""
    for heading in kinds.named("visit").headings.values():
        _before, found, rest = text.partition(f"\n## {heading}\n")
        if found:
            return rest.partition("\n## ")[0]
    return ""
