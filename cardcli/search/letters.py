"""One word in the shapes that people give it: alphabets, keyboards, transliterations.

Three ideas carry the whole search. The *canonical* form of a word drops what never tells two people
apart (case, ё and й, accents, the letters of neighbouring alphabets). A *reading* is what a word may
have been meant to be when the keyboard stood in the other layout or a letter came from the other
alphabet. The *sound* of a word is one Latin spelling into which all schemes of transliteration
collapse: ISO 9, GOST 7.79 B, the passport rules (ICAO Doc 9303), BGN/PCGN and what people make up.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator

_APOSTROPHES = "'’‘`´ʼʹʺ\""
_KIN = str.maketrans(
    {
        "і": "и", "є": "е", "ґ": "г", "ә": "а", "ө": "о", "ү": "у", "ұ": "у", "қ": "к", "ң": "н",
        "ғ": "г", "һ": "х", "җ": "ж", "ҳ": "х", "ҷ": "ч", "ӣ": "и", "ў": "у", "ђ": "д", "ј": "и",
        "љ": "л", "њ": "н", "ı": "i", "ł": "l", "ø": "o", "đ": "d",
    }
    | dict.fromkeys(_APOSTROPHES)
    | dict.fromkeys(map(chr, range(0x300, 0x370))),  # accents
)  # fmt: skip

_KIN_SIGNS = frozenset(map(chr, _KIN))

_CYRILLIC = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўәөүұқңғһҗҳҷӣј")
_LATIN = frozenset(
    "abcdefghijklmnopqrstuvwxyzșț"
    + "".join(chr(code) for code in range(ord("à"), ord("ž") + 1) if code != ord("÷"))
)


def has_cyrillic(text: str) -> bool:
    """Tell whether there is a Cyrillic letter in *text*."""
    return not _CYRILLIC.isdisjoint(text.lower())


def has_latin(text: str) -> bool:
    """Tell whether there is a Latin letter in *text*."""
    return not _LATIN.isdisjoint(text.lower())


@functools.lru_cache(maxsize=100_000)
def canonical(word: str) -> str:
    """Return *word* for comparing: lower case, ё as е, й as и, no accents and apostrophes."""
    text = _with_russian_u(word.casefold()).replace("ё", "е").replace("й", "и")
    if _KIN_SIGNS.isdisjoint(text) and unicodedata.is_normalized("NFKD", text):
        return text  # nearly always, and twice as fast
    return unicodedata.normalize("NFKD", text).translate(_KIN)


def _with_russian_u(text: str) -> str:
    """Return *text* with ў as Russian has it: в after a vowel (Belarusian Лаўроў), у elsewhere (Uzbek)."""
    if "ў" not in text:
        return text
    return re.sub("(?<=[аеёиоуыэюяіїє])ў", "в", text).replace("ў", "у")


_QWERTY = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./"
_JCUKEN = "ёйцукенгшщзхъфывапролджэячсмитьбю."
# the keys of signs that carry letters in the Russian layout
LETTER_KEYS = frozenset("`[];',.~{}:\"<>")
_QWERTY_SHIFT = '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?@#$^&|'
_JCUKEN_SHIFT = 'ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"№;:?/'
_TO_RUSSIAN = str.maketrans(_QWERTY + _QWERTY_SHIFT, _JCUKEN + _JCUKEN_SHIFT)
_TO_ENGLISH = str.maketrans(_JCUKEN + _JCUKEN_SHIFT, _QWERTY + _QWERTY_SHIFT)


def russian_keys(typed: str) -> str:
    """Return what the same keys give in the Russian layout: ``bdfyjdf`` is «иванова»."""
    return typed.translate(_TO_RUSSIAN)


def english_keys(typed: str) -> str:
    """Return what the same keys give in the English layout: «ьфкшф» is ``maria``."""
    return unicodedata.normalize("NFC", typed).translate(_TO_ENGLISH)


_LOOKS_RUSSIAN = str.maketrans(
    {
        "a": "а", "b": "в", "c": "с", "e": "е", "h": "н", "i": "и", "k": "к", "m": "м", "n": "п",
        "o": "о", "p": "р", "r": "г", "t": "т", "u": "и", "x": "х", "y": "у",
        "0": "о", "3": "з", "4": "ч", "6": "б",
    },
)  # fmt: skip
_LOOKS_LATIN = str.maketrans("авсенкмортху", "abcehkmoptxy")


def russian_looks(typed: str) -> str:
    """Return *typed* with the Latin letters and digits that look like Cyrillic ones replaced."""
    return typed.casefold().translate(_LOOKS_RUSSIAN)


def english_looks(typed: str) -> str:
    """Return *typed* with the Cyrillic letters that look like Latin ones replaced."""
    return typed.casefold().translate(_LOOKS_LATIN)


# One letter or group of letters → its sounds, the likely one first. The capitals are sounds of
# their own: J ж, C ч, S ш and щ (which schemes and people mix up).
_SOUNDS: dict[str, tuple[str, ...]] = {
    letter: (sound,) for letter, sound in zip("абвгдежзиклмнопрстуфхчшщыэ", "abvgdeJziklmnoprstufhCSSie", strict=True)
} | {
    "ц": ("ts",), "ъ": ("",), "ь": ("",), "ю": ("iu",), "я": ("ia",),
    "shcho": ("Se", "So"), "scho": ("Se", "So", "sCe"), "sho": ("So", "Se"), "cho": ("Co", "Ce"),
    "zho": ("Jo", "Je"), "schtsch": ("S",), "tsch": ("C",), "shch": ("S",), "sch": ("S", "sC"), "shh": ("S",), "szcz": ("S",),
    "sh": ("S",), "sz": ("S",), "tch": ("C", "tC"), "chr": ("kr", "hr"), "ch": ("C", "h"),
    "cz": ("ts", "C"), "tz": ("ts",), "ts": ("ts",), "tc": ("ts",), "lz": ("lz", "lts"), "nz": ("nz", "nts"), "zh": ("J",), "kh": ("h",),
    "dzh": ("dJ",), "ph": ("f",), "th": ("t",), "ck": ("k", "tsk"), "qu": ("kv",),
    "yo": ("e", "io"), "jo": ("e", "io", "Jo", "dJo"), "io": ("e", "io"), "eu": ("eu", "ev"),
    "lu": ("lu", "liu"), "ue": ("ue", "iu", "u"), "zhang": ("dJan", "Jang"), "ander": ("andr", "ander"), "ou": ("ou", "u"), "eau": ("iu", "o"), "hn": ("n", "hn"), "hl": ("hl", "l"), "hm": ("hm", "m"),
    "c": ("k", "ts", "s"), "j": ("i", "J", "dJ"), "x": ("ks", "h"), "w": ("v", "S"),
    "q": ("k",), "y": ("i",), "4": ("C",), "6": ("S",), "3": ("z",), "0": ("o",),
    # what the strokes of ISO 9 and of the Central European way stand for
    "šč": ("S",), "č": ("C",), "š": ("S",), "ž": ("J",), "ŝ": ("S",), "â": ("ia",), "û": ("iu",), "ë": ("e",),
    "è": ("e",), "ö": ("o", "e"), "ü": ("u", "iu"), "ä": ("a", "e"), "ș": ("S",), "ț": ("ts",),
}  # fmt: skip
_ONE_SOUND = {ord(sign): each[0] for sign, each in _SOUNDS.items() if len(sign) == len(each) == 1}
_BRANCHES = 24


@functools.lru_cache(maxsize=100_000)
def sounds(word: str) -> tuple[str, ...]:
    """Return the Latin spellings into which *word* collapses, the likely one first.

    A Cyrillic word has one; a Latin word may be read in several ways (``c`` is к or ц).
    """
    spelled = _last_v(_spelled(word))
    if not has_latin(spelled):
        return (_collapsed(spelled.translate(_ONE_SOUND)),)
    choices = [_SOUNDS.get(group, (group,)) for group in _groups(spelled)]
    if all(len(choice) == 1 for choice in choices):
        return (_collapsed("".join(choice[0] for choice in choices)),)
    spellings = itertools.islice(itertools.product(*choices), _BRANCHES)
    return tuple(dict.fromkeys(_collapsed("".join(spelling)) for spelling in spellings))


_MELTED = {"e": "ie", "d": "dC"}
"""What sounds may have begun with before :func:`_collapsed`."""


def letters_of(sound: str) -> set[str]:
    """Return all letters that words may begin with that begin to sound like *sound*, one sign."""
    first = tuple(_MELTED.get(sound, sound))
    return {sound} | {
        group[0] for group, each in _SOUNDS.items() if any(one.startswith(first) for one in each)
    }


def _spelled(word: str) -> str:
    """Return *word* in lower case with only the accents that transliterations give a meaning."""
    letters = _with_russian_u(unicodedata.normalize("NFC", word.casefold()))
    if _SOUNDS.keys() >= set(letters):
        return letters
    return "".join(char if char in _SOUNDS else canonical(char) for char in letters)


_LONGEST = max(map(len, _SOUNDS))


def _groups(word: str) -> Iterator[str]:
    """Cut a word into the longest groups of letters that have sounds of their own."""
    place = 0
    while place < len(word):
        size = next((n for n in range(_LONGEST, 1, -1) if word[place : place + n] in _SOUNDS), 1)
        yield word[place : place + size]
        place += size


def _last_v(word: str) -> str:
    """Write the end of Smirnoff and Smirnoffa with the letter it stands for."""
    if word.endswith("ff"):
        return word[:-2] + "v"
    return word[:-3] + "va" if word.endswith("ffa") else word


def _collapsed(sound: str) -> str:
    # «Чжан» is written «Джан» as well: there is no other чж in Russian names
    return _without_runs(_without_runs(sound).replace("ie", "e").replace("CJ", "dJ"))


def _without_runs(sound: str) -> str:
    return sound[:1] + "".join(
        letter for before, letter in itertools.pairwise(sound) if letter != before
    )


_CYRILLIC_OF = {
    "iu": "ю", "ia": "я", "ts": "ц", "C": "ч", "S": "ш", "J": "ж",
} | dict(zip("abvgdeziklmnoprstufh", "абвгдезиклмнопрстуфх", strict=True))  # fmt: skip


def cyrillic(sound: str) -> str:
    """Return the plainest Cyrillic word of a sound: «мариои» of ``marioi``."""
    for pair in ("iu", "ia", "ts"):
        sound = sound.replace(pair, _CYRILLIC_OF[pair])
    return "".join(_CYRILLIC_OF.get(letter, letter) for letter in sound)
