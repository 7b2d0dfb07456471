"""How the name of a person stands in a file, and how it is written in a card: its letters and its order."""

from __future__ import annotations

import functools
import re

from cardcli import person
from cardcli.duplicates.naming import roots
from cardcli.exchange.cells import is_in_capitals, names_company, without_capitals
from cardcli.search import names
from cardcli.search.letters import canonical

_PATRONYMIC = re.compile(r".{2,}(?:вич|вна|ична|инична|ьич|оглы|кызы)")
_OF_WOMAN = re.compile(r".{2,}(?:ова|ева|ина|ына|ская|цкая)")
_OF_MAN = re.compile(r".{2,}(?:ов|ев|ин|ын|скии|цкии)")
_OF_ANYBODY = re.compile(r".{2,}(?:енко|чук|дзе|швили|янц?|ых|их)")
"""Endings of family names in canonical letters (й is и)."""
_NO_FAMILY = frozenset({
    "магазин", "берлин", "пекин", "киев", "ростов", "псков", "тамбов", "саратов", "азов", "бензин", "апельсин",
    "мандарин", "админ", "блондин", "машина", "витрина", "картина", "балерина", "женщина", "мужчина", "корзина",
    "резина", "малина",
})  # fmt: skip
"""Words that people keep beside a given name and that end as family names do: «Лена Магазин»."""
_MEN_IN_A = frozenset({
    "илья", "никита", "лука", "фома", "кузьма", "савва", "данила", "гаврила", "фока", "муса", "мустафа", "иса",
})  # fmt: skip
_SOFT = re.compile(r".*[ьлмт]")
"""Endings of given names that women have as well: Любовь, Асель, Гузель, Мариам, Элизабет."""
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SHORT = 2
_COUNT = re.compile(r"^\d{1,4}[.)]\s+(?=\D)")
"""The number of a line in a list: «1. Иванова Мария»."""
_QUOTED = re.compile(r"[“„«\"]([^“”„«»\"]+)[”“»\"]")
_CYRILLIC = re.compile(r"[А-ЯЁа-яё'’-]+")


@functools.lru_cache(maxsize=50_000)
def usual(name: str) -> str:
    """Return the name of a person as it is written here, where nothing else can be meant.

    The family name stands first; a name all in capitals or all in small letters is in neither. What is
    no name of a person for sure stays as it is.
    """
    bare = _COUNT.sub("", name)
    if (quoted := _QUOTED.fullmatch(bare)) and any(
        map(_is_of_person, canonical(quoted[1]).split())
    ):
        bare = quoted[1]
    return family_first(in_usual_letters(bare))


def in_usual_letters(name: str) -> str:
    """Return a name in capitals or small letters as names are written: «ИВАНОВА МАРИЯ», «ИВАНОВА Мария».

    One of its words must be a given name or a patronymic, or an initial beside a family name: «МТС» and
    «САЛОН КРАСОТЫ» stay.
    """
    odd = name.islower() or any(word.isupper() and len(word) > _SHORT for word in name.split())
    if not odd or names_company(name):
        return name
    words = _WORD.findall(name)
    plain = [canonical(word) for word in words if len(word) > 1]
    of_person = [word for word in plain if _is_of_person(word)]
    strange = [word for word in plain if not (_is_of_person(word) or _is_family(word))]
    if not (of_person or (len(plain) < len(words) and not strange)):
        return name
    if is_in_capitals(name) and len({bool(_CYRILLIC.fullmatch(word)) for word in words}) == 1:
        return without_capitals(name) if len(strange) <= 1 else name
    if name == name.lower():
        return name if strange else without_capitals(name)
    return _WORD.sub(lambda found: _usual_word(found[0]), name)


def _usual_word(word: str) -> str:
    """Return a family name or a given name in capitals, beside others that are not, in usual letters."""
    alone = len(word) > _SHORT and word == word.upper() and _CYRILLIC.fullmatch(word)
    plain = canonical(word)
    return without_capitals(word) if alone and (_is_family(plain) or _is_of_person(plain)) else word


def family_first(name: str) -> str:
    """Return a name with its family name first where its words tell which one that is.

    A patronymic tells it, and of two words a given name before a family name of that sex; of two given
    names, «Герман Юрий», nothing is told.
    """
    turned = person.family_first(name)
    core, bracket, aside = turned.partition(" (")
    words = core.split()
    if turned != " ".join(name.split()) or len(words) < 2:
        return turned
    *before, last = words
    if all(map(_INITIALS.fullmatch, before)) and _CYRILLIC.fullmatch(last):
        return " ".join([last, *before]) + bracket + aside
    if len(words) == 2 and last[:1].isupper() and _is_turned(canonical(words[0]), canonical(last)):
        return f"{last} {words[0]}{bracket}{aside}"
    return turned


def is_with_patronymic(full: str, short: str) -> bool:
    """Tell whether a name is another one, of family and given name, with the patronymic behind it."""
    found = person.split(canonical(full))
    told = f"{found.family} {found.given}" == canonical(" ".join(short.split()))
    return told and _PATRONYMIC.fullmatch(found.patronymic) is not None


def apart(text: str) -> tuple[str, str]:
    """Return the name of a person among other words, and these: «Маникюр Иванова Мария».

    The name is told by a given name beside a family name; ("", text) where there are none.
    """
    words = text.split()
    plain = [canonical(word.strip(",.;:")) for word in words]
    for place, word in enumerate(plain):
        if not names.is_given_form(word):
            continue
        first, last = place, place + 1
        if first and _is_family(plain[first - 1]) and not names.is_given_form(plain[first - 1]):
            first -= 1
        if last < len(plain) and _PATRONYMIC.fullmatch(plain[last]):
            last += 1
        if first == place and last < len(plain) and _is_family(plain[last]):
            last += 1
        if any(_is_family(one) and not names.is_given_form(one) for one in plain[first:last]):
            return " ".join(words[first:last]), " ".join([*words[:first], *words[last:]])
    return "", text


@functools.lru_cache(maxsize=10_000)
def _is_of_person(word: str) -> bool:
    return names.is_given_form(word) or _PATRONYMIC.fullmatch(word) is not None


def _is_family(word: str) -> bool:
    if word in _NO_FAMILY:
        return False
    return names.is_name(word) or any(
        ending.fullmatch(word) for ending in (_OF_WOMAN, _OF_MAN, _OF_ANYBODY)
    )


def _is_turned(first: str, second: str) -> bool:
    """Tell whether the first word is a given name and the second the family name of such a person."""
    if not names.is_given_form(first) or names.is_given_form(second) or second in _NO_FAMILY:
        return False
    if _OF_ANYBODY.fullmatch(second):
        return True
    full = roots(first)
    if _OF_WOMAN.fullmatch(second):
        return any(
            _SOFT.fullmatch(each) or (each not in _MEN_IN_A and each.endswith(("а", "я")))
            for each in full
        )
    return _OF_MAN.fullmatch(second) is not None and any(
        each in _MEN_IN_A or not each.endswith(("а", "я")) for each in full
    )
