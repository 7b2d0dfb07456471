"""Which words a term may mean when nobody is found otherwise: names written as they are heard.

Everything here is a guess (``CORRECTED``): it is shown to whoever asks and never acted on unasked. It
looks at every name of the base, which only a query that failed pays for.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterator, Mapping

from cardcli.search import names
from cardcli.search.forms import lemmas
from cardcli.search.hits import Exactness, Hit, Hits, How
from cardcli.search.letters import canonical, cyrillic, sounds
from cardcli.search.people import Kind, Vocabulary
from cardcli.search.query import Reading, Term, Typed

_COST, _COST_OF_SHORT = 1.0, 1.5
_QUALITY = 0.6
_MOST_SOUNDS = 6
_SHORTEST_ALONE, _SHORTEST, _SHORT = 5, 2, 4
_FURTHEST_ALONE, _FURTHEST = 2, 3
_SHORTEST_STEM = 3
_SHORTEST_USUAL = 4
_OTHERS_OF_PATRONYMIC = 2
_MOST_OF_PATRONYMIC, _LONG_PATRONYMIC = 2, 10
_ROUGH = str.maketrans("oibdgzvJhC", "aeptksfSkS")
# What melts in speech, after _ROUGH and in this order: «тц» and «дж», тю as ту, вья as ва, лестница.
_MELTING = (
    ("ts", "S"), ("tS", "S"), ("sS", "S"), ("S", "s"), ("stn", "sn"), ("tka", "ta"), ("tke", "te"), ("tku", "tu"),
    ("ae", "e"), ("ea", "a"), ("eu", "u"), ("ee", "e"), *((letter * 2, letter) for letter in "aesutkpflmnr"),
)  # fmt: skip
_FATHER = r"(?:ов|ев)(?:на|ич)$|(?:ичн|инишн)а$"
_PATRONYMIC_ENDS = ("вна", "чна", "вич", "ьич")
Ears = Mapping[str, Collection[str]]
"""What is heard → the sounds of names that are heard so."""


def guesser(words: Vocabulary) -> Callable[[Term, Vocabulary, int], Hits]:
    """Return what guesses, for the terms of one query: it listens to every name once."""
    return functools.partial(_guessed, functools.cache(lambda: _listen(words)))


def _listen(words: Vocabulary) -> Ears:
    known = list(words.sounds())
    ears: dict[str, list[str]] = {}
    for sound, ear in zip(known, heard("\n".join(known)).split("\n"), strict=True):
        ears.setdefault(ear, []).append(sound)
    return ears


def _guessed(ears: Callable[[], Ears], term: Term, words: Vocabulary, company: int) -> Hits:
    """Return what *term* may mean beside *company* other words of the query."""
    found = Hits()
    if term.digits or term.days or term.email or term.initial:
        return found
    for reading in term.readings:
        if reading.how is Typed.WHOLLY_ALIKE:
            continue
        text = canonical(reading.text)
        _hear(reading, text, words, company, ears, found)
        if reading.latin:
            _read_pinyin(reading, text, words, found)
        elif company:
            _find_tender(reading, text, words, found)
            _find_namesakes(reading, text, words, found)
        if term.patronymic and company >= _OTHERS_OF_PATRONYMIC:
            _find_fathers(reading, text, words, found)
    return found


def _put(found: Hits, texts: Collection[str], how: How, cost: float, reading: Reading) -> None:
    quality = reading.how.value * _QUALITY
    found.put(Kind.NAME, texts, Hit(Exactness.CORRECTED, how, quality, cost, reading))


def heard(sound: str) -> str:
    """Return what is left of a sound, or of one a line, for somebody who hears it on the telephone.

    Voiced and voiceless are one, so are unstressed vowels, hushing and hissing, and soft and hard.
    """
    rough = sound.translate(_ROUGH)
    for together, melted in _MELTING:
        rough = rough.replace(together, melted)
    return rough


def _hear(
    reading: Reading,
    text: str,
    words: Vocabulary,
    company: int,
    ears: Callable[[], Ears],
    found: Hits,
) -> None:
    """Look up the names that are heard as the same: Тютчева of «тучева», Müller of «мюлер»."""
    if names.is_name(text) and (not company or len(text) < _SHORTEST_USUAL):
        return
    from rapidfuzz.distance import OSA

    forms = [form for form, guess in lemmas(text).items() if not guess]
    shortest, furthest = (_SHORTEST, _FURTHEST) if company else (_SHORTEST_ALONE, _FURTHEST_ALONE)
    for sound in (*sounds(reading.text)[:_MOST_SOUNDS], *(sounds(form)[0] for form in forms)):
        ear = heard(sound)
        if len(ear) < shortest:
            continue
        cost = _COST if len(ear) >= _SHORT else _COST_OF_SHORT
        for known in ears().get(ear, ()):
            if OSA.distance(sound, known) <= furthest:
                _put(found, list(words.sounding(known, whole=True)), How.ALIKE, cost, reading)


def _find_namesakes(reading: Reading, text: str, words: Vocabulary, found: Hits) -> None:
    """Look up the same given name in another language: Євген of «Евгения», Stanisław of «Стасик»."""
    forms = [text, *(form for form in lemmas(text) if names.is_given_form(form))]
    same = {other for form in forms for other, guess in names.relatives(form).items() if not guess}
    for name in (*forms, *same):
        _put(found, list(words.sounding(sounds(name)[0], whole=True)), How.SHORT, _COST, reading)


def _read_pinyin(reading: Reading, text: str, words: Vocabulary, found: Hits) -> None:
    """Look up Chinese names: «Чэнь Сяолун» of ``Chen Xiaolong``."""
    from cardcli.search.pinyin import palladius

    if russian := palladius(text):
        known = words.sounding(sounds(canonical(russian))[0], whole=True)
        _put(found, list(known), How.SOUNDS, _COST / 2, reading)


def _find_tender(reading: Reading, text: str, words: Vocabulary, found: Hits) -> None:
    """Look up the names that a tender form of no known name may come from: Гаянэ of «Гаянушка»."""
    for stem in dict.fromkeys(_stems(text)):
        _put(found, list(words.starting(Kind.NAME, stem)), How.SHORT, _COST, reading)


def _stems(text: str) -> Iterator[str]:
    for form in (text, *(form for form, guess in lemmas(text).items() if not guess)):
        for stem in names.untender(form):
            if len(stem) >= _SHORTEST_STEM:
                yield stem


def _find_fathers(reading: Reading, text: str, words: Vocabulary, found: Hits) -> None:
    """Look up patronymics of other languages: Миколаївна and Эльдар кызы of «Николаевна», «Эльдаровна»."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if reading.latin:
        text = cyrillic(sounds(text)[0])
    known = [word for word in words.names() if word.endswith(_PATRONYMIC_ENDS)]
    most = _MOST_OF_PATRONYMIC + (len(text) >= _LONG_PATRONYMIC)
    near = process.extract(text, known, scorer=OSA.distance, score_cutoff=most, limit=None)
    _put(found, [word for word, _edits, _place in near], How.ALIKE, _COST, reading)
    father = re.sub(_FATHER, "", text)
    if father != text:
        fathers = words.equal(Kind.NAME, [father, father + "и", father + "а"])
        _put(found, list(fathers), How.CALLED, _COST, reading)
