"""Words in entries, prose and fields, in any inflection; phrases in quotes. Cards in, passages out.

An index narrows the cards by the beginnings of words (:func:`beginnings`); whether a word is really
meant is decided here, so that an index may be wider than right and never narrower.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from cardcli.text import fold
from cardcli.tuples import NamedTuple

if TYPE_CHECKING:
    from cardcli.card import Card
    from cardcli.entry import Entry

_WORD = re.compile(r"[^\W_]+")
_PHRASE = re.compile(r"[\"«“„]([^\"»”“]+)[\"»”“]")
_VOWELS = "аеиоуыэюяaeiouy"
_SHORTEST_STEM = 3
# Endings of declined and conjugated Russian words, and of English plurals; the longest goes first.
_ENDINGS = tuple(
    sorted(
        [
            "а",
            "я",
            "о",
            "е",
            "и",
            "ы",
            "у",
            "ю",
            "ь",
            "й",
            "ой",
            "ей",
            "ою",
            "ею",
            "ом",
            "ем",
            "ам",
            "ям",
            "ах",
            "ях",
            "ов",
            "ев",
            "ами",
            "ями",
            "ия",
            "ие",
            "ии",
            "ию",
            "ий",
            "ием",
            "иям",
            "ией",
            "иями",
            "иях",
            "ий",
            "ый",
            "ая",
            "яя",
            "ое",
            "ее",
            "ые",
            "ие",
            "ого",
            "его",
            "ому",
            "ему",
            "ым",
            "им",
            "ую",
            "юю",
            "ых",
            "их",
            "ыми",
            "ими",
            "ать",
            "ять",
            "еть",
            "ить",
            "ыть",
            "ал",
            "ял",
            "ел",
            "ил",
            "ала",
            "яла",
            "ела",
            "ила",
            "ало",
            "яло",
            "ело",
            "ило",
            "али",
            "яли",
            "ели",
            "или",
            "ает",
            "яет",
            "еет",
            "ит",
            "ют",
            "ут",
            "ат",
            "ят",
            "ают",
            "яют",
            "еют",
            "аю",
            "яю",
            "ею",
            "ишь",
            "ешь",
            "ете",
            "ите",
            "ем",
            "им",
            "ти",
            "ться",
            "тся",
            "лся",
            "лась",
            "лось",
            "лись",
            "ся",
            "сь",
            "аться",
            "яться",
            "иться",
            "s",
            "es",
        ],
        key=len,
        reverse=True,
    )
)


class Wanted(NamedTuple):
    """What is looked for: words, and phrases of words in their order, all in one passage.

    *since* is an ISO date and *headings* are those of sections, folded; either leaves only entries.
    """

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...] = ()
    since: str = ""
    headings: frozenset[str] = frozenset()

    @property
    def only_entries(self) -> bool:
        """Tell whether prose and profiles are left out."""
        return bool(self.since or self.headings)


class Passage(NamedTuple):
    """A place where all of it was found: an entry, a line of prose or a value of the profile.

    ``line`` counts from 1; ``text`` is that line as it is read; ``entry``, ``section`` and
    ``date`` are empty outside entries.
    """

    line: int
    text: str
    entry: str = ""
    section: str = ""
    date: str = ""


def wanted(typed: str, since: str = "", headings: Iterable[str] = ()) -> Wanted:
    """Return what *typed* asks for; words in quotes are a phrase."""
    phrases = [tuple(words_of(match[1])) for match in _PHRASE.finditer(typed)]
    words = words_of(_PHRASE.sub(" ", typed))
    several = tuple(phrase for phrase in phrases if len(phrase) > 1)
    single = [word for phrase in phrases if len(phrase) == 1 for word in phrase]
    return Wanted((*words, *single), several, since, frozenset(map(fold, headings)))


def words_of(text: str) -> list[str]:
    """Return the words of a text for comparing: lower case, ё as е."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower().replace("ё", "е"))


@functools.lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return *word* without the ending that its inflections change."""
    for ending in _ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _SHORTEST_STEM and any(char in _VOWELS for char in rest):
            return rest
    return word


def beginnings(asked: Wanted) -> list[str]:
    """Return beginnings of words that every card with such a passage has."""
    words = (*asked.words, *(word for phrase in asked.phrases for word in phrase))
    return [stem(word) for word in dict.fromkeys(words)]


def passages(card: Card, asked: Wanted) -> Iterator[Passage]:
    """Yield the passages of a card that have all of *asked*, in the order of the file."""
    if not asked.words and not asked.phrases:
        return
    if not asked.only_entries:
        yield from _plain(_profile(card), asked)
    for section in card.sections:
        taken = {line for first, end, _entry in section.spans for line in range(first, end)}
        for first, end, entry in section.spans:
            if (
                not asked.headings or fold(section.heading) in asked.headings
            ) and entry.date >= asked.since:
                yield from _in_entry(card, entry, range(first, end), asked)
        if not asked.only_entries:
            lines = (line for line in range(section.body, section.end) if line not in taken)
            yield from _plain(((line, card.lines[line]) for line in lines), asked)


def _plain(lines: Iterator[tuple[int, str]], asked: Wanted) -> Iterator[Passage]:
    for number, line in lines:
        if _has_all(words_of(line), asked):
            yield Passage(number + 1, line.strip())


def _profile(card: Card) -> Iterator[tuple[int, str]]:
    """Yield the lines of the front matter that say something."""
    start = card.sections[0].body
    for number, line in enumerate(card.lines[1 : max(start - 1, 1)], 1):
        if not line.startswith(("id:", "number:")):
            yield number, line


def _in_entry(card: Card, entry: Entry, span: range, asked: Wanted) -> Iterator[Passage]:
    head = [entry.title, *entry.fields.values()]
    if not _has_all(words_of("\n".join([*head, entry.text])), asked):
        return
    line = next((line for line in span if _has_any(words_of(card.lines[line]), asked)), span[0])
    fields = " · ".join(head)
    shown = fields if line == span[0] else card.lines[line].strip()
    yield Passage(line + 1, shown, entry.id, entry.section, entry.date)


def _has_all(words: Sequence[str], asked: Wanted) -> bool:
    return all(any(_means(typed, word) for word in words) for typed in asked.words) and all(
        _has_phrase(words, phrase) for phrase in asked.phrases
    )


def _has_any(words: Sequence[str], asked: Wanted) -> bool:
    typed = (*asked.words, *(phrase[0] for phrase in asked.phrases))
    return any(_means(each, word) for each in typed for word in words)


def _has_phrase(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Tell whether the words of a phrase follow each other; its words are meant as they are."""
    size = len(phrase)
    return any(
        tuple(words[place : place + size]) == tuple(phrase)
        for place in range(len(words) - size + 1)
    )


def _means(typed: str, word: str) -> bool:
    """Tell whether *word* begins with what was typed, or is another form of it."""
    return word.startswith(typed) or stem(word) == stem(typed)
