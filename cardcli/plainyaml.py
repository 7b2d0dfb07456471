"""The YAML that cardcli itself writes, read without a YAML parser.

One key a line, values that cannot be anything but text, lists of them one a line or in brackets: nearly
every card is nothing else. Whatever is outside of that is left to PyYAML: :func:`read` says None and
never guesses. A test holds the two against each other.

Measured where a one-command Typer program takes 160 ms: PyYAML takes 45 ms to be imported and 0.19 ms
for a header, this 0.03 ms.
"""

from __future__ import annotations

import re
from typing import TypeAlias

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
_Line: TypeAlias = "tuple[int, str, str, str]"
"""How far a line is indented, the dash of a list item with its blanks, the key, the value."""

# YAML gives a meaning to ASCII signs only; a class of what is excluded is also the fastest
_FIRST = r"""[^-\s?:,\[\]{}#&*!|>'"%@`<=~]"""
_KEY = rf"{_FIRST}[^:#\n\"'\[\]{{}},]*+(?<! )"
_QUOTED = r""""[^"\\\n]*"|'[^'\n]*'"""
_PLAIN = rf"(?:{_FIRST}|-(?=[^\s-]|-\d))[^:#\n]*+(?::[^\s:#][^:#\n]*+)*+"
_VALUE = rf"{_PLAIN}|{_QUOTED}|\[[^\n]*\]|\{{[^\n]*\}}"
_LINE = re.compile(
    rf"^( *)(?:(- +)?(?:({_KEY}):(?= |$) *)?({_VALUE})? *(?:$|(?<= )#.*$)|#.*$)", re.MULTILINE
)
_ITEM = rf"(?:{_FIRST}[^:#\n\"'\[\]{{}},]*+|(?:{_QUOTED}) *)"
_PAIR = r"[^\W\d_]\w*: +" + _ITEM
_EACH_PAIR = rf"([^\W\d_]\w*): +({_ITEM})"
# between brackets; compiled when they are first needed: start-up time
_LIST = rf"\[ *(?:{_ITEM}(?:, *{_ITEM})*)? *\]"
_MAP = rf"\{{ *(?:{_PAIR}(?:, *{_PAIR})*)? *\}}"
_DEEPEST = 20
_FORMED = frozenset("[{\"'")
"""What a value begins with that is more than its own text."""


class _NotPlainError(Exception):
    """There is something in the text that only a YAML parser should read."""


def read(text: str) -> dict[str, Value] | None:
    """Return the mapping that *text* holds, every scalar as a string, or None when it is not plain."""
    found = _LINE.findall(text)
    if len(found) != text.count("\n") + 1 or not text.replace("\n", "").isprintable():
        return None  # a line is something else, or there are tabs, or what YAML refuses
    lines = [
        (len(indent), dash, key, value)
        for indent, dash, key, value in found
        if dash or key or value
    ]
    if not lines:
        return {}
    try:
        mapping, end = _mapping(lines, 0, 0, 0)
    except _NotPlainError:
        return None
    return mapping if end == len(lines) else None


def _mapping(
    lines: list[_Line], place: int, indent: int, depth: int
) -> tuple[dict[str, Value], int]:
    """Return the keys from the line *place* on that stand at *indent*, and the line after them."""
    if depth > _DEEPEST:
        raise _NotPlainError
    found: dict[str, Value] = {}
    while place < len(lines):
        here, dash, key, value = lines[place]
        if here < indent:
            break
        if here != indent or dash or not key or key in found:
            raise _NotPlainError
        place += 1
        if value:
            found[key] = _inline(value) if value[0] in _FORMED else value.rstrip(" ")
        else:
            found[key], place = _below(lines, place, indent, depth + 1)
    return found, place


def _below(lines: list[_Line], place: int, indent: int, depth: int) -> tuple[Value, int]:
    """Return the value that stands below its key; a list may be indented no further than the key."""
    if place == len(lines):
        return "", place
    here, dash, _key, _value = lines[place]
    if dash and here >= indent:
        return _sequence(lines, place, here, depth)
    return _mapping(lines, place, here, depth) if here > indent else ("", place)


def _sequence(lines: list[_Line], place: int, indent: int, depth: int) -> tuple[list[Value], int]:
    found: list[Value] = []
    while place < len(lines):
        here, dash, key, value = lines[place]
        if here != indent or not dash:
            break
        if key:  # the first of several keys, which stand below it
            inside = indent + len(dash)
            lines[place] = (inside, "", key, value)
            item, place = _mapping(lines, place, inside, depth + 1)
            found.append(item)
        else:
            if not value:
                raise _NotPlainError
            found.append(_inline(value) if value[0] in _FORMED else value.rstrip(" "))
            place += 1
    return found, place


def _inline(text: str) -> Value:
    if text[0] not in "[{":
        return _unquoted(text)
    if text[0] == "[":
        if not re.fullmatch(_LIST, text):
            raise _NotPlainError
        return [_unquoted(item) for item in re.findall(_ITEM, text)]
    if not re.fullmatch(_MAP, text):
        raise _NotPlainError
    pairs = re.findall(_EACH_PAIR, text)
    inner: dict[str, Value] = {key: _unquoted(item) for key, item in pairs}
    if len(inner) != len(pairs):
        raise _NotPlainError
    return inner


def _unquoted(text: str) -> str:
    bare = text.rstrip(" ")
    return bare[1:-1] if bare[0] in "\"'" else bare
