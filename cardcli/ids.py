"""Identifiers of cards and entries: short, random, readable aloud.

Crockford's base32 in lower case (https://www.crockford.com/base32.html): no i, l, o, u. The first
character is a letter, so that YAML and spreadsheets never take an id for a number.
"""

from __future__ import annotations

import os
import re
from collections.abc import Container

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
LETTERS = "abcdefghjkmnpqrstvwxyz"
LENGTH = 6
PATTERN = r"[a-hjkmnp-tv-z][0-9a-hjkmnp-tv-z]{5}"
_ID = re.compile(PATTERN)


def is_id(value: str) -> bool:
    """Tell whether *value* has the form of an id."""
    return _ID.fullmatch(value) is not None


def new_id(taken: Container[str] = ()) -> str:
    """Return a random id that is not in *taken*."""
    while True:
        candidate = _encode(int.from_bytes(os.urandom(8), "big"))
        if candidate not in taken:
            return candidate


def derived_id(*parts: str) -> str:
    """Return the id that the *parts* always give, on every machine."""
    import hashlib

    return _encode(int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest(), "big"))


def _encode(number: int) -> str:
    number, first = divmod(number, len(LETTERS))
    characters = [LETTERS[first]]
    for _position in range(LENGTH - 1):
        number, digit = divmod(number, len(DIGITS))
        characters.append(DIGITS[digit])
    return "".join(characters)
