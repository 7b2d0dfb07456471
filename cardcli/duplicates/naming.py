"""Which word of a name is the family name, the given name, the patronymic; and whether two are one.

Names come in any order, in Cyrillic or Latin letters, with initials, short forms and misspellings.
"""

from __future__ import annotations

import functools
import re

from cardcli.duplicates.evidence import How
from cardcli.search import names
from cardcli.search.forms import lemmas
from cardcli.search.letters import canonical, has_latin, sounds
from cardcli.search.people import LEGAL, Person
from cardcli.tuples import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_PATRONYMIC = re.compile(r".+(?:вич|вна|ична|инична|ьич|ыч|iC|viC|vna|iCna)")
_OF_DAUGHTER = ("на", "кызы", "кизи", "na")
_CHILD_OF = frozenset({"оглы", "кызы", "уулу", "угли", "кизи", "улы", "ogly", "kyzy", "oglu"})
_OF_WOMAN = ("ова", "ева", "ина", "ына", "ая", "яя")
_ONE_SLIP, _TWO_SLIPS = 4, 8
"""Letters that a word must have for one wrong letter, or two, to be a misspelling of it."""


class Name(NamedTuple):
    """A name in its parts, each canonical and "" where it is not told.

    ``either`` tells that family and given name may be the other way round.
    """

    family: str
    given: str
    patronymic: str
    either: bool = False
    company: bool = False

    @property
    def turned(self) -> Name:
        """Return the name read in the other order."""
        return self._replace(family=self.given, given=self.family)

    @property
    def of_woman(self) -> bool:
        """Tell whether it is surely the name of a woman."""
        return self.patronymic.endswith(_OF_DAUGHTER) or self.family.endswith(_OF_WOMAN)


@functools.lru_cache(maxsize=50_000)
def read(name: str) -> Name:
    """Return the parts of a name written in any order."""
    words = [canonical(word.replace("-", "")) for word in _WORD.findall(name)]
    plain = [word for word in words if word not in LEGAL]
    if len(plain) < len(words) or not plain or all(word.isdigit() for word in plain):
        return Name(" ".join(sorted(plain or words)), "", "", company=True)
    if plain[-1] in _CHILD_OF and len(plain) > 2:
        plain[-2:] = [plain[-2] + plain[-1]]
        return _with_patronymic(plain, len(plain) - 1)
    place = next((n for n in range(len(plain) - 1, 0, -1) if _is_patronymic(plain[n])), 0)
    if place:
        return _with_patronymic(plain, place)
    initials = [word for word in plain if len(word) == 1]
    if initials and len(initials) < len(plain):
        family = next(word for word in plain if len(word) > 1)
        return Name(family, initials[0], initials[1] if len(initials) > 1 else "")
    return _without_patronymic(plain)


def _is_patronymic(word: str) -> bool:
    if _PATRONYMIC.fullmatch(word):
        return True
    return has_latin(word) and any(_PATRONYMIC.fullmatch(sound) for sound in sounds(word))


def _with_patronymic(words: list[str], place: int) -> Name:
    """Return a name whose patronymic is known: the given name stands before it."""
    rest = [*words[: place - 1], *words[place + 1 :]]
    return Name("".join(rest), words[place - 1], words[place])


def _without_patronymic(words: list[str]) -> Name:
    known = [bool(_full_names(word)) for word in words]
    if len(words) == 1:
        return Name("", words[0], "") if known[0] else Name(words[0], "", "")
    family, given, *more = words
    if known[0] and not known[1]:
        return Name("".join([given, *more]), family, "")
    either = known[0] == known[1] and not more
    return Name(family, given, more[0] if more else "", either)


@functools.lru_cache(maxsize=50_000)
def _full_names(word: str) -> frozenset[str]:
    """Return the full given names that a word is or stands for."""
    if has_latin(word):
        forms = {form for sound in sounds(word) for form in names.sounding(sound)}
    else:
        forms = {word}
    found = {form for form in forms if names.is_given(form)}
    for form in forms - found:
        found |= {
            full
            for full, guess in names.relatives(form).items()
            if not guess and names.is_given(full)
        }
    return frozenset(found)


def tells_sex(word: str) -> bool:
    """Tell whether a given name is that of men only or of women only, as full names are."""
    return bool(_full_names(word)) and (has_latin(word) or names.is_given(word))


def roots(word: str) -> frozenset[str]:
    """Return what a given name is looked up by: its full names, else its sound."""
    return _full_names(word) or frozenset(sounds(word)[:1])


def one_company(one: str, two: str) -> bool:
    """Tell whether two names of companies are one, legal forms and order left aside."""
    return one == two or (len(one) >= _TWO_SLIPS and _slips(one, two, 1) is not None)


# --- two words -----------------------------------------------------------------------------------


@functools.lru_cache(maxsize=200_000)
def given(one: str, two: str) -> How:
    """Compare two given names."""
    if how := _plainly(one, two):
        return how
    mine, yours = _full_names(one), _full_names(two)
    if mine & yours:
        return How.SHORT
    if any(other in names.relatives(name) for name in mine for other in yours):
        return How.VARIANT
    if mine and yours:
        return How.DIFFERENT  # both are names: one is not the other misspelled
    return How.MISTYPED if _mistyped(one, two) else How.DIFFERENT


@functools.lru_cache(maxsize=200_000)
def family(one: str, two: str) -> How:
    """Compare two family names."""
    if how := _plainly(one, two):
        return how
    if names.is_man_of(one, two) or names.is_man_of(two, one) or _other_sex(one, two):
        return How.OTHER_SEX
    if min(len(one), len(two)) >= _ONE_SLIP and (one in two or two in one):
        return How.PART
    if names.is_name(one) and names.is_name(two):
        return How.DIFFERENT
    return How.MISTYPED if _mistyped(one, two) else How.DIFFERENT


def _other_sex(one: str, two: str) -> bool:
    """Tell whether two family names are one, of a man and of a woman: «Заболоцкий», «Заболоцкая»."""
    woman, man = (one, two) if one.endswith("ая") else (two, one)
    return woman.endswith("ая") and man.endswith(("ии", "ыи", "ои")) and woman[:-2] == man[:-2]


@functools.lru_cache(maxsize=200_000)
def patronymic(one: str, two: str) -> How:
    """Compare two patronymics."""
    if how := _plainly(one, two):
        return how
    if one in lemmas(two) or two in lemmas(one):
        return How.SHORT
    if one.endswith(_OF_DAUGHTER) != two.endswith(_OF_DAUGHTER):
        return How.DIFFERENT
    return How.MISTYPED if _mistyped(one, two) else How.DIFFERENT


def _plainly(one: str, two: str) -> How | None:
    """Return what needs no knowledge of names, or None."""
    if not one or not two:
        return How.ABSENT
    if one == two:
        return How.SAME
    if len(one) == 1 or len(two) == 1:
        return How.INITIAL if _begin_alike(one, two) else How.DIFFERENT
    if has_latin(one) != has_latin(two) or has_latin(one):
        return How.SOUNDS if {*sounds(one)} & {*sounds(two)} else None
    return How.SOUNDS if sounds(one)[0] == sounds(two)[0] else None


def _begin_alike(one: str, two: str) -> bool:
    return one[0] == two[0] or any(
        mine[:1] == yours[:1] for mine in sounds(one) for yours in sounds(two)
    )


def _mistyped(one: str, two: str) -> bool:
    if has_latin(one) or has_latin(two):
        pairs = ((mine, yours) for mine in sounds(one)[:4] for yours in sounds(two)[:4])
        return any(_slips(mine, yours, 1) is not None for mine, yours in pairs)
    shorter = min(len(one), len(two))
    return _slips(one, two, 2 if shorter >= _TWO_SLIPS else 1) is not None


def _slips(one: str, two: str, most: int) -> int | None:
    """Return how many letters are wrong, missing, extra or swapped; None when more than *most*."""
    if abs(len(one) - len(two)) > most or min(len(one), len(two)) < _ONE_SLIP:
        return None
    from rapidfuzz.distance import OSA

    edits = OSA.distance(one, two, score_cutoff=most)
    return edits if edits <= most else None


def mistyped_text(one: str, two: str) -> bool:
    """Tell whether two texts (an address, a phone) differ by a single slip of the finger."""
    return _slips(one, two, 1) is not None


def names_of(person: Person) -> tuple[Name, ...]:
    """Return the names of a client in parts: the present one, then others."""
    found = tuple(read(name) for name in person.names)
    if len(person.names) > 1 and person.names[0] == person.names[1]:  # a company has no other name
        return (
            found[0]._replace(
                family=person.names[0].casefold(),
                given="",
                patronymic="",
                either=False,
                company=True,
            ),
        )
    return found or (Name("", "", ""),)


def forms(word: str) -> frozenset[str]:
    """Return the other shapes that a given name has in cards: full names, short and pet forms."""
    full = _full_names(word)
    return full.union(*(names.relatives(each) for each in full)) if full else frozenset()
