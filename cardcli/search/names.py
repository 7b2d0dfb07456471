"""Given names and what they are called at home; common surnames: the questions that the tables answer.

Two uses: «Маша» finds Мария, and a word that is itself a name is not taken for a misspelling of
another one («Марина» does not find Мария).
"""

from __future__ import annotations

import functools
from collections.abc import Collection

from cardcli.search.given_names import GIVEN
from cardcli.search.letters import letters_of, sounds


@functools.cache
def _table() -> str:
    """Return the table of given names, canonical, with a blank before and behind every word.

    It is looked into as it is: to take it apart costs more than all the questions of a search.
    """
    return _plain(GIVEN).replace(":", " :").replace("\n", " \n ")


def _plain(text: str) -> str:
    """Return what :func:`canonical` does, of our own tables, which hold no accents: start-up time."""
    return text.casefold().replace("ё", "е").replace("й", "и")


@functools.lru_cache(maxsize=10_000)
def _pet_names(full: str) -> tuple[str, ...]:
    """Return the other forms of a full name, none for a word that is no full name."""
    start = _table().find(f"\n {full} : ") if full.isalpha() else -1
    if start < 0:
        return ()
    forms = _table()[start : _table().index("\n", start + 1)].split()[2:]
    return tuple(form for form in dict.fromkeys(forms) if form != full)


@functools.lru_cache(maxsize=10_000)
def _full_names(form: str) -> tuple[str, ...]:
    """Return the full names that a form stands for."""
    found: list[str] = []
    place = _table().find(f" {form} ") if form.isalpha() else -1
    while place >= 0:
        start = _table().rindex("\n", 0, place + 1)
        full = _table()[start + 2 : _table().index(" :", start)]
        if full != form and full not in found:
            found.append(full)
        place = _table().find(f" {form} ", place + 1)
    return tuple(found)


@functools.cache
def given_forms() -> Collection[str]:
    """Return every form of a given name, full and short."""
    return dict.fromkeys(_table().replace(":", "").split()).keys()


# Endings that make a pet name of any short name: Танечка, Петруша, Димчик.
_TENDER = (
    "очка", "ечка", "енька", "онька", "ушка", "юшка", "ашка", "уленька", "юленька", "унчик",
    "уся", "юся", "уля", "юля", "уша", "юша", "уня", "юня", "аша", "яша", "ик", "чик", "ка", "ок",
    "ек", "усик", "юсик", "ульчик", "ушенька",
)  # fmt: skip
_SHORTEST = 2


def _forms_of(word: str) -> tuple[str, ...]:
    """Return the full names of a form, also of one with a tender ending that no table lists."""
    if _full_names(word):
        return _full_names(word)
    if is_given(word):
        return ()
    found: dict[str, None] = {}
    for stem in untender(word):
        for short in (stem, stem + "а", stem + "я", stem + "ь"):
            found |= dict.fromkeys(_full_names(short) or ((short,) if is_given(short) else ()))
    return tuple(found)


def untender(word: str) -> tuple[str, ...]:
    """Return what a word begins with before a tender ending: «пе» and «петр» of «петруша»."""
    stems = (word[: -len(ending)] for ending in _TENDER if word.endswith(ending))
    return tuple(stem for stem in stems if len(stem) >= _SHORTEST)


@functools.cache
def relatives(word: str) -> dict[str, bool]:
    """Return the canonical names of whom *word* may name, each with whether it is a mere guess.

    «маша» gives «мария» for sure and «маруся» as a guess; «мария» gives «маша» for sure.
    """
    found = dict.fromkeys((*_pet_names(word), *_forms_of(word)), False)
    if not is_given(word):
        for full in _forms_of(word):
            for form in _pet_names(full):
                found.setdefault(form, True)
    found.pop(word, None)
    return found


@functools.cache
def _by_sound(first: str) -> dict[str, tuple[str, ...]]:
    """Sound → names; all names that begin with the sound *first* are among them."""
    table: dict[str, tuple[str, ...]] = {}
    letters = letters_of(first)
    for word in dict.fromkeys(_table().replace(":", "").split()):
        if word[0] in letters:
            for sound in sounds(word):
                table[sound] = (*table.get(sound, ()), word)
    return table


def sounding(sound: str) -> tuple[str, ...]:
    """Return the given names, full or short, that sound so: «маша» for ``maSa``."""
    return _by_sound(sound[:1]).get(sound, ())


@functools.cache
def _surnames() -> str:
    from cardcli.search.surnames import SURNAMES

    return " " + _plain(SURNAMES).replace("\n", " ") + " "


def _is_surname(man: str) -> bool:
    return man.isalpha() and f" {man} " in _surnames()


def is_given(word: str) -> bool:
    """Tell whether a canonical word is a full given name."""
    return word.isalpha() and f"\n {word} :" in _table()


def is_given_form(word: str) -> bool:
    """Tell whether a canonical word is a given name, full or short."""
    return is_given(word) or bool(_full_names(word))


def is_name(word: str) -> bool:
    """Tell whether a canonical word is itself a usual name, and so hardly another one mistyped."""
    if is_given_form(word):
        return True
    if word.endswith("ая"):
        return _is_surname(word[:-2] + "ии") or _is_surname(word[:-2] + "ыи")
    return _is_surname(word) or (word.endswith("а") and _is_surname(word[:-1]))


# How a daughter's patronymic ends → how her father's name does.
_DAUGHTERS = {
    "ьевна": ("ии", "ь"), "евна": ("и", "ь", "еи"), "овна": ("",), "инична": ("а", "я"), "ична": ("а",),
}  # fmt: skip


def is_of_daughter(word: str) -> bool:
    """Tell whether a canonical word is a woman's patronymic: «ивановна»."""
    return any(
        word.endswith(ending) and any(is_given(word.removesuffix(ending) + end) for end in ends)
        for ending, ends in _DAUGHTERS.items()
    )


_SURNAME_ENDINGS = ("ов", "ев", "ин", "ын")


def is_man_of(man: str, woman: str) -> bool:
    """Tell whether two words are one name, of a man and of a woman: «петров» and «петрова»."""
    return woman == man + "а" and (man.endswith(_SURNAME_ENDINGS) or is_given(man))
