"""What a typed query may mean: its terms, their readings, and the ways to cut it into terms."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from enum import Enum

from cardcli.ids import PATTERN
from cardcli.search.forms import PREPOSITIONS, governs
from cardcli.search.letters import (
    LETTER_KEYS,
    canonical,
    english_keys,
    english_looks,
    has_cyrillic,
    has_latin,
    russian_keys,
    russian_looks,
)
from cardcli.search.people import LEGAL, NAME_WORD
from cardcli.tuples import NamedTuple


class Typed(Enum):
    """How a reading relates to the keys that were pressed; the value is how far it is trusted."""

    AS_TYPED = 1.0
    LOOK_ALIKE = 0.98
    WHOLLY_ALIKE = 0.96  # each letter could be of the other alphabet
    OTHER_LAYOUT = 0.97
    CLIPPED_LAYOUT = 0.9  # without a neighbouring key that may have been a letter too


class Reading(NamedTuple):
    """One thing a term may say; ``text`` is in lower case with its accents."""

    text: str
    how: Typed = Typed.AS_TYPED

    @property
    def latin(self) -> bool:
        """Tell whether there are Latin letters to be read as a transliteration."""
        return has_latin(self.text)


class Term(NamedTuple):
    """One word, number, date or address of a query.

    ``digits`` is set for what may be a phone or a card number, ``days`` for what may be a date
    (as :func:`cardcli.search.people.birthday_words` writes it), ``email`` for an address or a part
    of one. A ``soft`` term need not match. ``after`` is the preposition before the word.
    """

    typed: str
    readings: tuple[Reading, ...] = ()
    digits: str = ""
    days: tuple[str, ...] = ()
    email: bool = False
    soft: bool = False
    after: str = ""
    numbered: bool = False

    @property
    def initial(self) -> bool:
        """Tell whether this is one letter that stands for a name."""
        return bool(self.readings) and len(self.typed) == 1

    @property
    def patronymic(self) -> bool:
        """Tell whether this has the ending of a patronymic."""
        return any(
            canonical(reading.text).endswith(PATRONYMIC + _LATIN_PATRONYMIC)
            for reading in self.readings
        )


PATRONYMIC = (
    "ович",
    "евич",
    "ьич",
    "мич",
    "овна",
    "евна",
    "ична",
    "инична",
    "овича",
    "овны",
    "евны",
    "ивна",
)
_LATIN_PATRONYMIC = ("ovich", "evich", "ovna", "evna", "ichna")
Interpretation = tuple[Term, ...]

SOFT = LEGAL | frozenset(
    (
        "клиент", "клиентка", "клиента", "клиентку", "клиентке", "клиенту", "клиентки", "карта",
        "карту", "карточка", "карточку", "тел", "телефон", "телефона", "номер", "моб", "мобильный",
        "почта", "имеил", "email", "mail", "id", "фамилия", "имя", "отчество", "рождения", "рожд",
        "дата", "год", "года", "гр", "госпожа", "господин", "фирма", "компания", "client", "card",
        "phone", "mr", "mrs", "ms",
    ),
)  # fmt: skip
_MONTHS = (
    "янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
)  # fmt: skip
_MONTH = r"(?:янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек)[а-я]*"
# The patterns are compiled when they are first needed, the long one for digits and addresses only:
# start-up time.
_TOKEN = rf"""(?xi)(?P<email>[^\s,;<>()«»]*@[^\s,;<>()«»]*)
    |(?P<day>(?<![\w])(?:\d{{4}}[./-]\d{{1,2}}[./-]\d{{1,2}}
        |\d{{1,2}}[./ю-]\d{{1,2}}(?:[./ю-](?:\d{{4}}|\d\d))?
        |\d{{1,2}}\s+{_MONTH}(?:\s+\d{{4}})?)(?!\w|[-.]\d))
    |(?P<number>(?<!\w)(?:[^\W\d_]{{1,3}}[-‑–]?\d+|[№\#]\s*\d+)(?!\w))
    |(?P<host>(?<!\w)[a-z\d-]+\.(?:[a-z\d-]+\.)*[a-z]{{2,}}(?!\w))
    |(?P<digits>(?<![^\W_])[+(]?\d(?:[\d\s().–-]*\d)?(?![^\W_]))
    |(?P<word>{NAME_WORD})"""
# «1990 г.р.», «д.р. 12.04», «т. 8 900»: letters that only name the number beside them
_UNITS = r"(?i)(?<=\d)-(?:я|ый|ой|й|ая|го|му|ю|ую|е|м)(?!\w)|(?<=\d)\s*(?:г\.?\s*р|года? рождения|г|года?|р)(?:\.|(?!\w))|(?<!\w)(?:д\.?\s*р\.?|т|тел|моб)[.:\s]\s*(?=[+(]?\d)"
_SCHEME = r"(?i)^(?:mailto:|tel:|(?:https?://)?(?:wa|t)\.me/)"
_ADDRESS_SIGNS = frozenset(":/")
_COMMA_IN_ADDRESS = r"(?<=[\w-]),(?=[a-z]{2,4}\b)"  # ivanova@example,com
_GLUED = r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ][a-zа-яё])|(?<=[a-zа-яё]{4})(?=[A-ZА-ЯЁ]{1,2}\b)"
_SLUG = rf"(?:.*[/\\])?[a-z0-9-]+-({PATTERN})(?:\.md)?|.*[/\\]({PATTERN})\.md"
_SPACED_NUMBER = r"([^\W\d_]{1,2})\s+(\d+)"
_LONGEST_QUERY = 300
_MOST_TERMS = 9
_JOINABLE = 7
_WHOLE_PHONE = 10
_PAIR = 2
_MOST_PARTS = 4
_CENTURY = 100


def interpretations(query: str) -> list[Interpretation]:
    """Return the ways to read *query*, the plainest first; none when it holds no word."""
    line = unicodedata.normalize("NFC", query)[:_LONGEST_QUERY]
    if _has_digits(line):
        line = re.sub(_UNITS, " ", line)
    if _ADDRESS_SIGNS.intersection(line):
        line = re.sub(_SCHEME, "", line)
    if " собака " in line:
        line = line.replace(" собака ", "@")
    if "@" in line:
        line = re.sub(_COMMA_IN_ADDRESS, ".", line)
    line = " ".join(line.split())
    if ("-" in line or line.endswith(".md")) and (slug := re.fullmatch(_SLUG, line.lower())):
        return [(Term(line, (Reading(slug[1] or slug[2]),)),)]
    found: dict[Interpretation, None] = {}
    for text in _cuts(line):
        terms = tuple(_terms(text, line))[:_MOST_TERMS]
        for variant in _variants(terms, text):
            if variant:
                found[variant] = None
    return list(found)


def respaced(interpretation: Interpretation) -> Iterator[Interpretation]:
    """Return the readings with a blank too many: two neighbours are one word."""
    for place in range(len(interpretation) - 1):
        one, two = interpretation[place : place + 2]
        if one.readings and two.readings:
            joined = _word(one.typed + two.typed, mixed=True)
            yield (*interpretation[:place], joined, *interpretation[place + 2 :])
    if _PAIR < len(interpretation) <= _MOST_PARTS and all(term.readings for term in interpretation):
        yield (_word("".join(term.typed for term in interpretation), mixed=True),)


def unglued(term: Term) -> Iterator[tuple[Term, Term]]:
    """Return the readings of one long word with a blank too few."""
    shortest = 2
    for place in range(shortest, len(term.typed) - shortest + 1):
        yield _word(term.typed[:place]), _word(term.typed[place:])


def _cuts(line: str) -> Iterator[str]:
    """Return the strings that the keys pressed may stand for, as wholes."""
    yield line
    if any(one.islower() and two.isupper() for one, two in itertools.pairwise(line)):
        glued = re.sub(_GLUED, " ", line)
        if glued != line:
            yield glued
    if _has_digits(line) and (spaced := re.fullmatch(_SPACED_NUMBER, line)):
        yield spaced[1] + spaced[2]
    words = line.split(" ")
    russian = " ".join(_switched(word) for word in words)
    if russian != line:
        yield russian
    english = " ".join(english_keys(word) if '"' in word.strip('"') else word for word in words)
    if english != line and "@" in english:
        yield english


def _switched(word: str) -> str:
    """Return a word with Latin letters as the Russian layout has it, punctuation keys included."""
    return russian_keys(word) if has_latin(word) and "@" not in word else word


def _terms(text: str, line: str) -> Iterator[Term]:
    mixed = has_cyrillic(text)
    for kind, match in _tokens(text):
        piece = match[0]
        if piece == "@":
            continue
        if kind in {"email", "host"}:
            yield Term(piece, (Reading(piece.casefold()),), email=True)
        elif kind == "day":
            yield _day(piece)
        elif kind == "number" and piece[0] in "№#":
            yield Term(piece, digits=re.sub(r"\D", "", piece), numbered=True)
        elif kind == "number":
            yield Term(piece, tuple(readings(piece, mixed=True)), numbered=True)
        elif kind == "digits":
            yield from _digits(piece)
        else:
            term = _word(piece, mixed=mixed)
            if piece not in line:
                term = _other_layout(term)
            elif LETTER_KEYS & {*text[: match.start()][-1:], *text[match.end() :][:1]}:
                term = _clipped(term)
            yield term


def _has_digits(text: str) -> bool:
    return any(map(str.isdecimal, text))


def _tokens(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield what *text* is made of, each with its kind; all but words have a digit, a dot or an @."""
    if not (_has_digits(text) or "@" in text or "." in text):
        for match in re.finditer(NAME_WORD, text):
            yield "word", match
    else:
        for match in re.finditer(_TOKEN, text):
            yield match.lastgroup or "", match


def _word(piece: str, *, mixed: bool = False) -> Term:
    return Term(piece, tuple(readings(piece, mixed=mixed)), soft=canonical(piece) in SOFT)


def _other_layout(term: Term) -> Term:
    """Return a term of a query that was wholly switched, with what was really typed."""
    text = term.readings[0].text
    return term._replace(typed=english_keys(text), readings=(Reading(text, Typed.OTHER_LAYOUT),))


def _clipped(term: Term) -> Term:
    """Return a term beside a sign whose key may have been meant for a letter."""
    clipped = [
        reading._replace(how=Typed.CLIPPED_LAYOUT) if reading.how is Typed.OTHER_LAYOUT else reading
        for reading in term.readings
    ]
    return term._replace(readings=tuple(clipped))


def readings(piece: str, *, mixed: bool = False) -> list[Reading]:
    """Return what one word may have been meant to be.

    *mixed* says that the query has Cyrillic letters, so a lone Latin one may be a look-alike.
    """
    word = piece.casefold()
    found = {word: Typed.AS_TYPED}
    long = len(word) > _PAIR
    if has_latin(word):
        if (long or mixed) and not has_latin(looks := russian_looks(word)):
            found.setdefault(looks, Typed.LOOK_ALIKE)
        if len(word) > 1 and not has_latin(keys := russian_keys(word)):
            found.setdefault(keys.casefold(), Typed.OTHER_LAYOUT)
    if has_cyrillic(word):
        if not has_cyrillic(looks := english_looks(word)):
            found.setdefault(looks, Typed.LOOK_ALIKE if has_latin(word) else Typed.WHOLLY_ALIKE)
        if long and not has_cyrillic(keys := english_keys(word)):
            found.setdefault(keys.casefold(), Typed.OTHER_LAYOUT)
        if any(char.isdigit() for char in word) and not has_latin(word):
            found.setdefault(russian_looks(word), Typed.LOOK_ALIKE)
    return [Reading(text, how) for text, how in found.items()]


def _digits(piece: str) -> Iterator[Term]:
    """Return one number, or several when together they are too long for a tail."""
    joined = re.sub(r"\D", "", piece)
    parts = piece.split()
    if len(parts) > 1 and _JOINABLE < len(joined) < _WHOLE_PHONE:
        for part in parts:
            yield from _digits(part)
    else:
        yield Term(piece, digits=joined, days=_compact_day(joined))


def _day(piece: str) -> Term:
    """Return a date, which may as well be the last digits of a phone."""
    numbers = [int(number) for number in re.findall(r"\d+", piece)]
    if iso := re.fullmatch(r"(\d{4})\D(\d+)\D(\d+)", piece):
        days = _birthday(int(iso[3]), int(iso[2]), int(iso[1]))
    elif month := re.search(r"[а-я]{3,}", piece.casefold()):
        index = next(i for i, stem in enumerate(_MONTHS, 1) if month[0].startswith(stem))
        index = 3 if month[0].startswith("мар") else index
        days = _birthday(numbers[0], index, numbers[1] if len(numbers) > 1 else None)
        return Term(piece, days=days)
    else:
        year = numbers[2] if len(numbers) > _PAIR else None
        days = _birthday(numbers[0], numbers[1], year)
    return Term(piece, digits=re.sub(r"\D", "", piece), days=days)


def _compact_day(digits: str) -> tuple[str, ...]:
    """Return the date of ``12041990`` or ``120490``."""
    if len(digits) not in {6, 8}:
        return ()
    return _birthday(int(digits[:2]), int(digits[2:4]), int(digits[4:]))


def _birthday(day: int, month: int, year: int | None) -> tuple[str, ...]:
    last_day, last_month = 31, 12
    if not (1 <= day <= last_day and 1 <= month <= last_month):
        return ()
    yearless = f"{month:02}-{day:02}"
    if year is None:
        return (yearless,)
    if year < _CENTURY:
        return tuple(f"{century + year}-{yearless}" for century in (1900, 2000))
    return (f"{year}-{yearless}",)


def _variants(terms: Interpretation, text: str) -> Iterator[Interpretation]:
    """Return the readings of terms that may be prepositions or two initials at once."""
    without = _without_preposition(terms, text)
    for some in dict.fromkeys((without, terms)):
        yield some
        for legal in (False, True):  # «АО Щербакова» may be her initials, «ИП Щербакова Н.А.» not
            paired = tuple(
                part
                for term in some
                for part in ((term,) if term.soft and not legal else _pair(term, some))
            )
            if paired != some:
                yield paired


def _without_preposition(terms: Interpretation, text: str) -> Interpretation:
    if len(terms) < _PAIR or not terms[0].readings or not terms[1].readings:
        return terms
    preposition = canonical(terms[0].readings[0].text)
    if preposition not in PREPOSITIONS or text[len(preposition) : len(preposition) + 1] != " ":
        return terms
    word = canonical(terms[1].readings[0].text)
    governed = preposition if governs(preposition, word) else ""
    return (terms[1]._replace(after=governed), *terms[2:])


def _pair(term: Term, terms: Interpretation) -> Iterator[Term]:
    """Return the two initials of «мп» beside a name."""
    if len(term.typed) != _PAIR or not term.typed.isalpha() or len(terms) < _PAIR:
        yield term
        return
    first = term.readings[0]
    for letter in first.text:
        yield Term(letter, (Reading(letter, first.how),))
