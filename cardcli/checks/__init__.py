"""What is wrong in the cards, line by line: grammar, values, dates, order. Nothing is changed here.

Every problem has a code of the table in :mod:`cardcli.codes`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from cardcli import codes, dates
from cardcli.card import Card
from cardcli.checks import entries, facts
from cardcli.checks.values import Limits
from cardcli.errors import Problem
from cardcli.language import _, active

__all__ = ["Limits", "problems"]


def problems(card: Card, limits: Limits) -> list[Problem]:
    """Return all problems of a card in the order of its lines."""
    found = [
        *card.problems,
        *_invisible(card),
        *facts.problems(card, limits),
        *entries.problems(card, limits),
        *_order(card),
    ]
    return sorted(found, key=lambda problem: problem.line)


_INVISIBLE = frozenset(
    chr(code)
    for first, last in (
        (0, 8),
        (11, 12),
        (14, 31),
        (0x7F, 0x9F),
        (0x202A, 0x202E),
        (0x2066, 0x2069),
    )
    for code in range(first, last + 1)
    if code != 0x85
)
"""Control characters and the overrides of the direction of writing (Unicode TR 36, 2.2)."""


def _invisible(card: Card) -> Iterator[Problem]:
    if _INVISIBLE.isdisjoint(card.text):
        return
    for number, line in enumerate(card.lines, 1):
        if marks := sorted(_INVISIBLE.intersection(line)):
            names = ", ".join(f"U+{ord(mark):04X}" for mark in marks)
            message = _("a character that cannot be seen: {names}").format(names=names)
            yield codes.problem(codes.INVISIBLE, number, message)


def _order(card: Card) -> Iterator[Problem]:
    for section in card.sections:
        spans = section.spans
        for (_first, _end, above), (_next, _last, below) in itertools.pairwise(spans):
            if (above.date, above.time) > (below.date, below.time):
                message = _("the entry of {date} stands below a later one")
                day = dates.show_date(below.date, active())
                yield codes.problem(codes.ORDER, below.line, message.format(date=day))
