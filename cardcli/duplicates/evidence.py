"""Pieces of evidence for and against two cards being of one person."""

from __future__ import annotations

from enum import StrEnum

from cardcli.tuples import NamedTuple


class How(StrEnum):
    """How two values compare."""

    SAME = "same"
    SOUNDS = "transliterated"
    SHORT = "short form"
    VARIANT = "variant"
    MISTYPED = "mistyped"
    INITIAL = "initial"
    PART = "part"
    FORMER = "former name"
    TURNED = "other order"
    NO_YEAR = "without the year"
    OTHER_SEX = "other sex"
    KIND = "company and person"
    DIFFERENT = "different"
    FAR = "a generation apart"
    ABSENT = "absent"


class Evidence(NamedTuple):
    """One thing that two clients have in common, or that tells them apart.

    ``what`` is ``phone``, ``email``, ``birthday``, ``family``, ``given``, ``patronymic`` or ``name``
    (of a company); ``bits`` are for one person when positive, against when negative.
    """

    what: str
    how: How
    one: str
    two: str
    bits: float
