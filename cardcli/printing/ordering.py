"""The orders of lists on paper: by the alphabet with its letters, by card number."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cardcli.printing.blocks import View
from cardcli.printing.spooling import Views

_NO_LETTER = "#"
_PLAIN = str.maketrans("ёЁ", "еЕ")
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Letter:
    """The clients whose names begin with one letter, in order."""

    letter: str
    views: Sequence[View]


def alphabet(views: Iterable[View]) -> tuple[Letter, ...]:
    """Return clients by the letters of their names; ё is filed with е, digits and signs come last.

    The alphabet of the paper's language comes first.
    """
    return tuple(_groups(_sorted(views, _filed)))


def _groups(ordered: Sequence[View]) -> Iterator[Letter]:
    begun = 0
    for name, same in itertools.groupby(map(letter, ordered)):
        count = len(list(same))
        yield Letter(name, ordered[begun : begun + count])
        begun += count


def _sorted(views: Iterable[View], key: Callable[[View], Any]) -> Sequence[View]:
    """Return clients in order; those that are not in memory stay where they are."""
    if isinstance(views, Views):
        return views.ordered([key(view) for view in views])
    return sorted(views, key=key)


def letter(view: View) -> str:
    """Return the letter a client is filed under, or a sign for who has none."""
    first = view.name.lstrip("«»„“\"' (")[:1].upper().translate(_PLAIN)
    return first if first.isalpha() else _NO_LETTER


def _filed(view: View) -> tuple[int, str, str, str]:
    under = letter(view)
    cyrillic = "Ѐ" <= under <= "ӿ"
    group = 2 if under == _NO_LETTER else int(cyrillic != (view.language == "ru"))
    name = view.name.lstrip("«»„“\"' (").lower()
    return group, name.translate(_PLAIN), name, view.id


def by_number(views: Iterable[View]) -> Sequence[View]:
    """Return clients by card number, as a person counts; those without one come last."""
    return _sorted(views, _counted)


def _counted(view: View) -> tuple[bool, list[tuple[int, str]], str]:
    parts = _DIGITS.split(view.number.lower())
    number = [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
    return not view.number, number, _filed(view)[1]


ORDERS: Mapping[str, Callable[[View], Any]] = {"alphabet": _filed, "number": _counted}
"""By what clients are sorted in each order that a template can ask for."""
