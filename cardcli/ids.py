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
_SPACE = len(LETTERS) * len(DIGITS) ** (LENGTH - 1)
_PARTS = 32


def is_id(value: str) -> bool:
    """Tell whether *value* has the form of an id."""
    return _ID.fullmatch(value) is not None


def new_id(taken: Container[str] = (), after: str = "") -> str:
    """Return a random id that is not in *taken*; it sorts behind *after*.

    Ids of one day's entries are drawn from a small part of what is left, so that there is room for
    many; the first is drawn from the lower half.
    """
    low = _decode(after) + 1 if after else 0
    span = max(1, (_SPACE - low) // _PARTS) if after else _SPACE // 2
    while True:
        candidate = _encode(low + int.from_bytes(os.urandom(8), "big") % span)
        if candidate not in taken:
            return candidate
        span = min(span + 1, _SPACE - low)


def derived_id(*parts: str) -> str:
    """Return the id that the *parts* always give, on every machine."""
    import hashlib

    return _encode(int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest(), "big"))


def _encode(number: int) -> str:
    digits = []
    for _position in range(LENGTH - 1):
        number, digit = divmod(number, len(DIGITS))
        digits.append(DIGITS[digit])
    return LETTERS[number % len(LETTERS)] + "".join(reversed(digits))


def _decode(text: str) -> int:
    number = LETTERS.index(text[0])
    for digit in text[1:]:
        number = number * len(DIGITS) + DIGITS.index(digit)
    return number
