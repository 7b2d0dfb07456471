"""The orders of lists on paper: by the alphabet with its letters, by card number."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cardcli.printing.blocks import View

_NO_LETTER = "#"
_PLAIN = str.maketrans("ёЁ", "еЕ")
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Letter:
    """The clients whose names begin with one letter, in order."""

    letter: str
    views: tuple[View, ...]


def alphabet(views: Iterable[View]) -> tuple[Letter, ...]:
    """Return clients by the letters of their names; ё is filed with е, digits and signs come last.

    The alphabet of the paper's language comes first.
    """
    ordered = sorted(views, key=_filed)
    return tuple(
        Letter(letter, tuple(group)) for letter, group in itertools.groupby(ordered, key=_letter)
    )


def _letter(view: View) -> str:
    first = view.name.lstrip("«»„“\"' (")[:1].upper().translate(_PLAIN)
    return first if first.isalpha() else _NO_LETTER


def _filed(view: View) -> tuple[int, str, str, str]:
    letter = _letter(view)
    cyrillic = "Ѐ" <= letter <= "ӿ"
    group = 2 if letter == _NO_LETTER else int(cyrillic != (view.language == "ru"))
    name = view.name.lstrip("«»„“\"' (").lower()
    return group, name.translate(_PLAIN), name, view.id


def by_number(views: Iterable[View]) -> list[View]:
    """Return clients by card number, as a person counts; those without one come last."""
    return sorted(views, key=_counted)


def _counted(view: View) -> tuple[bool, list[tuple[int, str]], str]:
    parts = _DIGITS.split(view.number.lower())
    number = [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
    return not view.number, number, _filed(view)[1]
