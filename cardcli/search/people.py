"""What people are found by: the words of a person, and where the words of all people are kept."""

from __future__ import annotations

import bisect
import functools
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from cardcli.search.letters import canonical, sounds
from cardcli.tuples import NamedTuple


class Person(NamedTuple):
    """One client as the search sees it.

    ``names`` begins with the full name; former names and companies follow. ``birthday`` is
    ``1990-04-12``, ``--04-12`` or empty; ``last_visit`` is an ISO date or empty. ``old_ids`` and
    ``old_numbers`` are those of cards that were joined with this one; ``apart`` are the ids of others
    who are known not to be the same person.
    """

    id: str
    number: str
    names: tuple[str, ...]
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    birthday: str = ""
    last_visit: str = ""
    old_ids: tuple[str, ...] = ()
    old_numbers: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


class Kind(StrEnum):
    """What a word of a person is; each kind is a dictionary of its own."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    NUMBER = "number"
    ID = "id"
    BIRTHDAY = "birthday"


Key = tuple[Kind, str]


class Word(NamedTuple):
    """One thing a person is found by.

    ``text`` is what is compared, ``shown`` what stands in the card. ``line`` says which of the
    names a word is from, 0 for the full name.
    """

    kind: Kind
    text: str
    shown: str
    line: int = 0

    @property
    def key(self) -> Key:
        """Return what the word is looked up by."""
        return self.kind, self.text


# Legal forms: part of many names, so they say nothing.
LEGAL = frozenset(
    (
        "ооо", "оао", "зао", "пао", "ао", "ип", "чп", "тоо", "нко", "ано", "гбу", "гуп", "муп", "фгуп",
        "мбоу", "llc", "ltd", "inc", "gmbh",
    ),
)  # fmt: skip
_APOSTROPHE = "'’‘`´ʼ"
# The patterns are compiled when they are first needed: start-up time.
NAME_WORD = rf"[^\W_]+(?:[{_APOSTROPHE}][^\W_]+)*"
_HYPHENS = "-‐‑–"
_HYPHENED = rf"[^\W_]+(?:[{_HYPHENS}][^\W_]+)+"
_NO_HYPHENS = str.maketrans(dict.fromkeys(_HYPHENS))
_EMAIL_PART = r"[._+@-](?=.)"
_NUMBER = r"(\D*?)[\W_]*(\d+)"
NATIONAL = 10


def national(digits: str) -> str:
    """Return the digits of a phone number without the country code of Russia or Kazakhstan."""
    if len(digits) == NATIONAL + 1 and digits[0] in "78":
        return digits[1:]
    return digits


def _pieces(name: str) -> list[str]:
    """Return what a name is made of: its words, and each double word again as one."""
    plain = unicodedata.normalize("NFC", name)
    pieces = re.findall(NAME_WORD, plain)
    if not plain.replace(" ", "").isalnum() and any(map(plain.__contains__, _HYPHENS)):
        pieces += re.findall(_HYPHENED, plain)
    return pieces


@functools.lru_cache(maxsize=100_000)
def _name_text(piece: str) -> str:
    return canonical(piece.translate(_NO_HYPHENS))


def _names(person: Person) -> Iterator[tuple[str, str]]:
    """Yield each word of each name; «Петрова-Водкина» is also «петроваводкина»."""
    for name in person.names:
        for piece in _pieces(name):
            yield _name_text(piece), piece


def _phones(person: Person) -> Iterator[tuple[str, str]]:
    """Yield the numbers backwards, so that their last digits are a beginning."""
    for phone in person.phones:
        if digits := "".join(filter(str.isdecimal, phone)):
            yield national(digits)[::-1], phone


def _emails(person: Person) -> Iterator[tuple[str, str]]:
    """Yield each address, and its rest from each part on but the last: ``ivanova@example.com``."""
    for email in person.emails:
        address = email.strip().casefold()
        yield address, email
        for match in re.finditer(_EMAIL_PART, address):
            rest = address[match.end() :]
            if "." in rest:
                yield rest, email


def _numbers(person: Person) -> Iterator[tuple[str, str]]:
    """Yield each card number with its letters, as printed, and without the leading zeros."""
    for number in (person.number, *person.old_numbers):
        match = re.fullmatch(_NUMBER, number.strip())
        if match:
            short = match[2].lstrip("0") or "0"
            yield canonical(match[1]) + short, number
            yield "=" + match[2], number
            yield short, number
        elif number:
            yield canonical(number), number


def _ids(person: Person) -> Iterator[tuple[str, str]]:
    for each in (person.id, *person.old_ids):
        yield each, each


def _birthdays(person: Person) -> Iterator[tuple[str, str]]:
    """Yield the day without its year, the whole date, and the year."""
    day = person.birthday
    if day:
        yield day[-5:], day
    if day and not day.startswith("--"):
        yield day, day
        yield day[:4], day


TEXTS: dict[Kind, Callable[[Person], Iterator[tuple[str, str]]]] = {
    Kind.NAME: _names,
    Kind.PHONE: _phones,
    Kind.EMAIL: _emails,
    Kind.NUMBER: _numbers,
    Kind.ID: _ids,
    Kind.BIRTHDAY: _birthdays,
}
"""What yields the words that a person is found by in one dictionary, each with what stands in the card."""


def words_of(person: Person, kinds: Collection[Kind] = tuple(Kind)) -> list[Word]:
    """Return what *person* is found by: the words of the names in their order, then the other kinds."""
    words = [
        Word(Kind.NAME, _name_text(piece), piece, line)
        for line, name in enumerate(person.names)
        for piece in _pieces(name)
    ]
    for kind in kinds:
        if kind is not Kind.NAME:
            words += [Word(kind, text, shown) for text, shown in TEXTS[kind](person)]
    return words


class Vocabulary(Protocol):
    """The words of all people. Kept in memory by :class:`Directory`, in tables by an index.

    Only :meth:`names` and :meth:`sounds` read a whole dictionary; they are asked for when
    nothing is found without correcting.
    """

    def __len__(self) -> int:
        """Return the number of people."""
        ...

    def equal(self, kind: Kind, texts: Iterable[str]) -> Iterable[str]:
        """Return those of *texts* that are words."""
        ...

    def starting(self, kind: Kind, prefix: str) -> Iterable[str]:
        """Return the words that begin with *prefix*."""
        ...

    def sounding(self, sound: str, *, whole: bool) -> Iterable[str]:
        """Return the words of names that sound, or begin to sound, like *sound*."""
        ...

    def names(self) -> Collection[str]:
        """Return every word of names."""
        ...

    def sounds(self) -> Mapping[str, Collection[str]]:
        """Return every sound of a word of names, with those words."""
        ...

    def bearers(self, keys: Iterable[Key]) -> set[int]:
        """Return the keys of the people who have any of these words."""
        ...

    def people(self, keys: Iterable[int]) -> Iterable[Person]:
        """Return people by key."""
        ...


class Directory:
    """The people of one search, or of many, with their words in memory.

    A dictionary is built when a query first asks for it.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self._people: Sequence[Person] = tuple(people)
        self._dictionaries: dict[Kind, dict[str, list[int]]] = {}
        self._sorted: dict[Kind, list[str]] = {}

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self._people)

    def _dictionary(self, kind: Kind) -> dict[str, list[int]]:
        found = self._dictionaries.get(kind)
        if found is None:
            found = self._dictionaries[kind] = {}
            texts = TEXTS[kind]
            for key, person in enumerate(self._people):
                for text, _shown in texts(person):
                    found.setdefault(text, []).append(key)
        return found

    def equal(self, kind: Kind, texts: Iterable[str]) -> Iterable[str]:
        """Return those of *texts* that are words."""
        dictionary = self._dictionary(kind)
        return [text for text in texts if text in dictionary]

    def starting(self, kind: Kind, prefix: str) -> Iterable[str]:
        """Return the words that begin with *prefix*."""
        if kind not in self._sorted:
            self._sorted[kind] = sorted(self._dictionary(kind))
        return _beginning(self._sorted[kind], prefix)

    @functools.cached_property
    def _sounds(self) -> dict[str, list[str]]:
        table: dict[str, list[str]] = {}
        for word in self._dictionary(Kind.NAME):
            for sound in sounds(word):
                table.setdefault(sound, []).append(word)
        return table

    @functools.cached_property
    def _sorted_sounds(self) -> list[str]:
        return sorted(self._sounds)

    def sounding(self, sound: str, *, whole: bool) -> Iterable[str]:
        """Return the words of names that sound, or begin to sound, like *sound*."""
        if whole:
            return self._sounds.get(sound, [])
        return [
            word for known in _beginning(self._sorted_sounds, sound) for word in self._sounds[known]
        ]

    def names(self) -> Collection[str]:
        """Return every word of names."""
        return self._dictionary(Kind.NAME).keys()

    def sounds(self) -> Mapping[str, Collection[str]]:
        """Return every sound of a word of names, with those words."""
        return self._sounds

    def bearers(self, keys: Iterable[Key]) -> set[int]:
        """Return the keys of the people who have any of these words."""
        return {person for kind, text in keys for person in self._dictionary(kind).get(text, ())}

    def people(self, keys: Iterable[int]) -> Iterable[Person]:
        """Return people by key."""
        return [self._people[key] for key in keys]


def _beginning(ordered: list[str], prefix: str) -> list[str]:
    """Return the part of a sorted list that begins with *prefix*."""
    start = bisect.bisect_left(ordered, prefix)
    return ordered[start : bisect.bisect_left(ordered, prefix + "\U0010ffff", start)]
