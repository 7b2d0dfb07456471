"""What may stand next in a query: keys, the values of choices, what ``has:`` can ask."""

from __future__ import annotations

import re

from cardcli.fields import choice_words
from cardcli.language import active
from cardcli.query.keys import Keys, word_of
from cardcli.query.syntax import HAS
from cardcli.text import fold

_LAST = re.compile(r"[^\s()|]*$")
_SIGNS = "-−"


def complete(prefix: str, keys: Keys) -> list[str]:
    """Return ways to go on with *prefix*, a whole query or its beginning.

    A key is proposed in the language it was begun in, and when nothing is typed yet in that of the
    user interface.
    """
    match = _LAST.search(prefix)
    last = match[0] if match else ""
    word = last.lstrip(_SIGNS)
    head = prefix[: len(prefix) - len(word)]
    key, colon, value = word.partition(":")
    found = _values(key, value, keys) if colon else _keys(word, keys)
    return [head + each for each in found]


def complete_keys(prefix: str, keys: Keys) -> list[str]:
    """Return ways to go on with ``name,-spe``, a list of keys."""
    before, comma, last = prefix.rpartition(",")
    word = last.lstrip(_SIGNS)
    head = before + comma + last[: len(last) - len(word)]
    found = (each.removesuffix(":") for each in _keys(word, keys))
    return [head + each for each in found if each not in HAS]


def _keys(word: str, keys: Keys) -> list[str]:
    begun = fold(word)
    found = [f"{each}:" for each in sorted(HAS) if begun and each.startswith(begun)]
    for key in keys.listed:
        usual = key.word(active())
        words = [usual, *key.words] if begun else [usual]
        if first := next((each for each in words if each.startswith(begun)), None):
            found.append(f"{first}:")
    return sorted(dict.fromkeys(found))


def _values(key: str, value: str, keys: Keys) -> list[str]:
    begun = fold(value)
    if word_of(key) in HAS:
        return [
            f"{key}:{each.removesuffix(':')}" for each in _keys(begun, keys) if each[:-1] not in HAS
        ]
    found = keys.find(key)
    words = choice_words(found.choices) if found and found.choices else {}
    stored = [each for each, _label in found.choices] if found else []
    return [
        f"{key}:{each}"
        for each in (words if begun else stored)
        if each.startswith(begun) and " " not in each
    ]
