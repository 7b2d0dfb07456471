"""Words of free text compared by their stems: «лидокаин» is found in «с лидокаином».

A light stemmer: Russian inflexions and the English plural are cut off, and a longer word counts as
the same when only a short derivation follows («воск», «восковой»). It is made for names of
substances, conditions and services, where a false alarm costs a question and a miss costs health.
"""

from __future__ import annotations

import functools
import re

from cardcli.text import fold

_WORD = re.compile(r"[^\W_]+")
# the patterns are compiled when they are first needed: start-up time
_ENDING = (
    "(?<=..)(?:ами|ями|ого|его|ому|ему|ыми|ими|иям|иях|ием|ая|яя|ое|ее|ые|ие|ый|ий|ой|ей|ом|ем|ам|ям"
    "|ах|ях|ую|юю|ью|ия|ию|ии|а|я|о|е|ы|и|у|ю|ь|й)$"
)
_ADJECTIVES = ("ов", "ев", "ян")
_LONGEST_TAIL = 4
_EMPTY = frozenset(
    _WORD.findall(
        "на не для при от по из со без или но как его все это есть нет да нельзя можно избегать "
        "аллергия аллергии непереносимость реакция противопоказан противопоказана противопоказано "
        "the and for with not any all none allergy allergic to of in on no is an or"
    )
)


@functools.lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return a word without its inflexion, in lower case."""
    word = fold(word)
    if word.isascii():
        return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] != "s" else word
    return re.sub(_ENDING, "", word)


def stems(text: str) -> list[str]:
    """Return the stems of the words that mean something; numbers and single letters do not."""
    words = (word for word in _WORD.findall(fold(text)) if len(word) > 1 and not word.isdecimal())
    return [stem(word) for word in words if word not in _EMPTY]


def alike(one: str, other: str) -> bool:
    """Tell whether two stems are forms of one word."""
    short, long = sorted((one, other), key=len)
    if not long.startswith(short):
        return False
    tail = long[len(short) :]
    return (
        not tail
        or (len(short) == 3 and tail in _ADJECTIVES)
        or 3 < len(short) >= len(tail) <= _LONGEST_TAIL
    )


def mentions(text: str, phrase: str) -> bool:
    """Tell whether *text* names every word of *phrase*, in whichever form and order."""
    there = stems(text)
    wanted = stems(phrase)
    return bool(wanted) and all(any(alike(each, word) for word in there) for each in wanted)
