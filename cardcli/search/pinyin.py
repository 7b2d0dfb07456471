"""Chinese names: the Russian spelling (Palladius) of what is written in pinyin.

Source: the table of Archimandrite Palladius as Russian reference works give it, without tones.
"""

from __future__ import annotations

import re

_INITIALS = {
    "zh": "чж", "ch": "ч", "sh": "ш", "b": "б", "p": "п", "m": "м", "f": "ф", "d": "д", "t": "т", "n": "н",
    "l": "л", "g": "г", "k": "к", "h": "х", "j": "цз", "q": "ц", "x": "с", "r": "ж", "z": "цз", "c": "ц",
    "s": "с", "": "",
}  # fmt: skip
_FINALS = {
    "iang": "ян", "iong": "юн", "uang": "уан", "ang": "ан", "eng": "эн", "ong": "ун", "ing": "ин", "iao": "яо",
    "ian": "янь", "uai": "уай", "uan": "уань", "uo": "о", "ua": "уа", "ui": "уй", "un": "унь", "ia": "я",
    "ie": "е", "iu": "ю", "in": "инь", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань",
    "en": "энь", "ue": "юэ", "er": "эр", "a": "а", "o": "о", "e": "э", "i": "и", "u": "у",
}  # fmt: skip
_WITHOUT_INITIAL = {
    "yang": "ян", "ying": "ин", "yong": "юн", "yuan": "юань", "wang": "ван", "weng": "вэн", "yao": "яо",
    "you": "ю", "yan": "янь", "yin": "инь", "yue": "юэ", "yun": "юнь", "wai": "вай", "wei": "вэй",
    "wan": "вань", "wen": "вэнь", "ya": "я", "ye": "е", "yi": "и", "yu": "юй", "wa": "ва", "wo": "во", "wu": "у",
}  # fmt: skip
# after these a written «u» is ü
_SOFT_FINALS = {"u": "юй", "un": "юнь", "uan": "юань", "ue": "юэ"}
_SOFT = frozenset("jqx")
_LONGEST = 14  # two syllables; longer words can be cut in too many ways
_HARD_I = {"z": "ы", "c": "ы", "s": "ы"}


def palladius(word: str) -> str:
    """Return the Russian spelling of a word of pinyin, empty when it cannot be one."""
    if len(word) > _LONGEST:
        return ""
    initials, finals, bare = (
        "|".join(sorted(table, key=len, reverse=True))
        for table in (_INITIALS, _FINALS, _WITHOUT_INITIAL)
    )
    syllable = rf"(?:({bare})|({initials})({finals}))(?![aeiou])"
    if not re.fullmatch(rf"(?:{syllable})+", word):
        return ""
    return "".join(_russian(*match.groups("")) for match in re.finditer(syllable, word))


def _russian(bare: str, initial: str, final: str) -> str:
    if bare:
        return _WITHOUT_INITIAL[bare]
    if initial in _SOFT and final in _SOFT_FINALS:
        return _INITIALS[initial] + _SOFT_FINALS[final]
    if final == "i" and initial in _HARD_I:
        return _INITIALS[initial] + _HARD_I[initial]
    return _INITIALS[initial] + _FINALS[final]
