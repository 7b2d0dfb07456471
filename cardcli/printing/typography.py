"""Spaces that may not break, and places where a word too long for its column may.

Only blanks become other blanks and invisible break points are added: no visible character changes.
"""

from __future__ import annotations

import re

_NBSP, _THIN, BREAK = "\u00a0", "\u202f", "\u200b"
_LONG = 40
_PIECE = 32
_BLANKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(№|§|[Сс]тр\.|\bд\.|\bкв\.|\bул\.|\bг\.|\bNo\.) +"), rf"\1{_NBSP}"),
    (re.compile(r"(?<=\b[А-ЯЁA-Z]\.) +(?=[А-ЯЁA-Z]\.)"), _THIN),  # Е. Ю.
    (re.compile(r"(?<=\w) +(?=[А-ЯЁA-Z]\.(?:\s|$|[,;)]))"), _NBSP),  # Щербакова Е.
    (
        re.compile(r"(?<=\d) +(?=(?:мл|мг|г|мм|см|нм|мин|ч|ст|сут|Дж|шт|ml|mg|mm|nm|min)\b|%)"),
        _NBSP,
    ),
    (re.compile(r"(?<![\w-])([А-Яа-яЁё]{1,2}) +(?=[\w«])"), rf"\1{_NBSP}"),  # short prepositions
    (re.compile(r" +(?=[—–] )"), _NBSP),
)
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")  # would turn round whatever follows
_LONG_WORD = re.compile(rf"\S{{{_LONG},}}")
_JOINT = re.compile(r"(?<=[@./_\\,;:?&=+)-])(?=\w)")
_ANYWHERE = re.compile(r"(?<=.)(?=[\w!-~\u25a1])")  # never before a combining mark
_SOLID = re.compile(rf"[^\u200b]{{{_PIECE},}}")


def polish(text: str) -> str:
    """Return *text* with the spaces a typesetter would use and break points in long words."""
    if " " in text:
        for pattern, blank in _BLANKS:
            text = pattern.sub(blank, text)
    return _LONG_WORD.sub(_breakable, _OVERRIDES.sub("", text))


def _breakable(match: re.Match[str]) -> str:
    jointed = _JOINT.sub(BREAK, match[0])
    return _SOLID.sub(lambda piece: _ANYWHERE.sub(BREAK, piece[0]), jointed)
