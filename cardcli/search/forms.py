"""The dictionary forms that an inflected Russian name may come from: «Ивановой» from Иванова.

Endings are replaced by rule and the results are looked up among the words that exist, so a rule may
propose forms that nobody bears. All words here are canonical: no ё and no й.
"""

from __future__ import annotations

import functools

from cardcli.search.names import is_given, is_given_form

# Ending → what the dictionary form may end in instead.
_ENDINGS: dict[str, tuple[str, ...]] = {
    # genitive, dative, accusative, instrumental, prepositional of nouns
    "а": ("",), "я": ("и", "ь"), "у": ("", "а"), "ю": ("и", "ь", "я"), "е": ("", "а", "я", "и", "ь"),
    "ы": ("а", ""), "и": ("а", "я", "ь", ""), "ои": ("а", "ая"), "ою": ("а", "ая"),
    "еи": ("а", "я", "яя"), "ею": ("а", "я"), "ью": ("ь", "еи"), "ом": ("", "ыи", "ои", "ии"),
    "ем": ("", "и", "ь", "ии"), "ым": ("", "ыи", "ои"), "им": ("ии", "ыи", "ои"),
    # Соловей, Воробей
    "ья": ("еи",), "ье": ("еи",), "ьем": ("еи",),
    # adjectives
    "ого": ("ыи", "ии", "ои"), "его": ("ии",), "ому": ("ыи", "ии", "ои"), "ему": ("ии",),
    "ую": ("ая",), "юю": ("яя",),
    # a whole family
    "ых": ("", "а", "ыи", "ая"), "их": ("ии", "ая"), "ые": ("ыи", "ая"), "ие": ("ии", "ая"),
    "ыми": ("", "а"), "ими": ("ии", "ая"), "ам": ("а", ""), "ами": ("а", ""), "ах": ("а",),
    # patronymics as they are spoken: Иваныч, Сергеич, Иванна, Сергевна
    "ыч": ("ович",), "ич": ("евич", "ович", "ьевич"), "нна": ("новна",), "на": ("овна", "евна"),
    "евна": ("еевна",), "авна": ("аевна",), "вна": ("евна", "иевна"), "аич": ("аевич",),
    "еич": ("еевич",),
}  # fmt: skip
_LONGEST = max(map(len, _ENDINGS))
_SHORTEST_STEM = 2
_VOWELS = frozenset("аеиоуыэюя")
_FLEETING = frozenset({"", "ь"})
_MASCULINE = frozenset({"а", "у", "ом", "е", "ем", "я", "ю"})
_SPOKEN = {
    "саныч": "александрович", "саннч": "александрович", "алексаныч": "александрович",
    "санна": "александровна", "алексанна": "александровна", "сановна": "александровна",
    "палыч": "павлович", "пална": "павловна", "михалыч": "михаилович", "михална": "михаиловна",
    "михаловна": "михаиловна", "василич": "васильевич", "васильна": "васильевна",
    "василна": "васильевна", "васильич": "васильевич", "ильинишна": "ильинична",
    "никитишна": "никитична", "кузьминишна": "кузьминична", "дмитрич": "дмитриевич",
    "митрич": "дмитриевич", "митревна": "дмитриевна", "юрич": "юрьевич", "юрьич": "юрьевич",
    "георгич": "георгиевич", "анатолич": "анатольевич", "григорич": "григорьевич",
    "евгенич": "евгеньевич", "валерич": "валерьевич", "геннадич": "геннадьевич",
    "виталич": "витальевич", "данилыч": "данилович", "егорыч": "егорович", "льва": "лев",
    "льву": "лев", "львом": "лев", "льве": "лев", "павла": "павел", "павлу": "павел",
    "павлом": "павел", "павле": "павел",
}  # fmt: skip
_WOMAN = ("ова", "ева", "ина", "ына", "ая", "яя")
# A surname of the other gender: (woman's ending, man's endings).
_GENDERS = (("ая", ("ии", "ыи", "ои")), ("яя", ("ии",)))


@functools.lru_cache(maxsize=10_000)
def lemmas(word: str) -> dict[str, bool]:
    """Return the forms that *word* may come from, each with whether that is mere guessing.

    «ивановои» gives «иванова» for sure; «иванова» gives «иванов» as a guess, for it is more likely
    the name of a woman.
    """
    found: dict[str, bool] = {}
    guess = word.endswith(_WOMAN) or is_given(word)
    for size in range(1, min(_LONGEST, len(word) - _SHORTEST_STEM) + 1):
        ending = word[len(word) - size :]
        stem = word[: len(word) - size]
        for replacement in _ENDINGS.get(ending, ()):
            if not replacement and stem[-1] in _VOWELS:
                continue  # «павлоа» is no form of Павло
            found.setdefault(stem + replacement, guess)
            if ending in _MASCULINE and replacement in _FLEETING:
                for form in _with_vowel(stem, replacement):
                    found.setdefault(form, True)
    if word in _SPOKEN:
        found[_SPOKEN[word]] = False
    found |= dict.fromkeys(filter(is_given_form, _called(word)), False)
    for other in _other_gender(word):
        found.setdefault(other, True)
    found.pop(word, None)
    return found


def _with_vowel(stem: str, ending: str) -> tuple[str, ...]:
    """Return the stem with the vowel that other cases drop: «павл» of Павел, «заиц» of Заяц."""
    if stem.endswith("иц"):
        return (stem[:-2] + "яц",)
    before, last = stem[:-1], stem[-1]
    if last == "в":
        return ()
    return (before.removesuffix("ь") + "е" + last + ending, before + "о" + last + ending)


def _called(word: str) -> tuple[str, ...]:
    """Return the short names of somebody called «Маш» or «Оль»."""
    return (word + "а", word.removesuffix("ь") + "я")


def _other_gender(word: str) -> tuple[str, ...]:
    for woman, men in _GENDERS:
        if word.endswith(woman):
            return tuple(word[: -len(woman)] + man for man in men)
        for man in men:
            if word.endswith(man):
                return (word[: -len(man)] + woman,)
    return ()


# What must follow a preposition: «у Петрова», «к Ивановой», «с Машей».
_AFTER = {
    "у": ("а", "я", "ы", "и", "го", "ых", "их"), "от": ("а", "я", "ы", "и", "го", "ых", "их"),
    "из": ("а", "я", "ы", "и", "го"),
    "для": ("а", "я", "ы", "и", "го", "ых", "их"), "без": ("а", "я", "ы", "и", "го"),
    "к": ("у", "ю", "е", "и"), "ко": ("у", "ю", "е", "и"), "по": ("у", "ю", "е", "и"),
    "с": ("ом", "ем", "ым", "им", "ои", "еи", "ью", "ыми", "ими"),
    "со": ("ом", "ем", "ым", "им", "ои", "еи", "ью", "ыми", "ими"),
    "про": ("у", "ю", "а", "я", "го"), "на": ("у", "ю", "а", "я", "е", "и", "го"),
    "о": ("е", "и", "ом", "ем"), "об": ("е", "и", "ом", "ем"),
}  # fmt: skip
PREPOSITIONS = frozenset(_AFTER)


def governs(preposition: str, word: str) -> bool:
    """Tell whether *word* stands in the case that the preposition asks for."""
    return word.endswith(_AFTER.get(preposition, ()))
