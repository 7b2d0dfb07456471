"""The pairs of clients that may be one person, and how likely each is.

Pairs are sought among clients who share a phone, an address, a day of birth or both names; all
other pairs are never looked at.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import combinations

from cardcli.duplicates import naming
from cardcli.duplicates.evidence import Evidence, How
from cardcli.duplicates.naming import Name
from cardcli.search.letters import sounds
from cardcli.search.people import Key, Kind, Person, Vocabulary, national
from cardcli.tuples import NamedTuple

LIKELY, POSSIBLE = 75, 30
"""Scores in percent: from the first on two cards are most likely one person's; below the second hardly."""

_MOST = 60
"""A phone, an address or a day that more cards share says nothing: it is a placeholder."""
_MOST_ASKED = 300
_SMALL = 50
_ONE_IN_EIGHT = 3.0  # bits: so many cards have a second one at all

# bits of evidence, for and against
_PHONE, _PHONE_SLIP, _OTHER_PHONE = 15.0, 3.0, -1.5
_EMAIL, _EMAIL_SLIP, _OTHER_EMAIL = 15.0, 6.0, -1.0
_BIRTHDAY, _DAY_ONLY, _TURNED_DAY, _BIRTHDAY_SLIP = 12.0, 7.5, 5.0, 3.0
_OTHER_BIRTHDAY, _OTHER_DAY, _GENERATION = -13.0, -11.0, -30.0
_FIRST_OF_YEAR = 4.0
_YEARS = 15
_LESS = {
    How.SAME: 0.0, How.SOUNDS: 0.0, How.SHORT: 0.5, How.MISTYPED: 2.0, How.VARIANT: 3.0, How.PART: 2.0,
    How.FORMER: 1.0,
}  # fmt: skip
_INITIAL = 1.5
_AGAINST = {
    ("given", How.DIFFERENT): -40.0,  # what families share counts for nothing against it
    ("patronymic", How.DIFFERENT): -14.0,
    ("family", How.DIFFERENT): -8.0, ("family", How.OTHER_SEX): -9.0,
}  # fmt: skip
_MARRIED, _PERHAPS_MARRIED = -3.5, -6.0
_NAMES_ONLY = 1.0
"""So much at most for namesakes whom nothing else makes one: a score of 67."""
_COMPANY, _OTHER_COMPANY, _MIXED = 9.0, -14.0, -20.0
_USUAL = {"family": 0.004, "given": 0.03, "patronymic": 0.03}
"""How many bear a name of that kind, of all people: what is believed before the names are counted."""
_BELIEF = 200


class Pair(NamedTuple):
    """Two clients who may be one person; ``score`` is how likely that is, in percent."""

    one: Person
    two: Person
    score: int
    evidence: tuple[Evidence, ...]

    @property
    def strong(self) -> bool:
        """Tell whether more than names speaks for it: a phone, an address or a day of birth."""
        return self.score >= LIKELY and any(
            each.what in {"phone", "email", "birthday"} and each.how is How.SAME
            for each in self.evidence
        )


class Match(NamedTuple):
    """A known client who may be the one that was asked about."""

    person: Person
    score: int
    evidence: tuple[Evidence, ...]
    strong: bool


class _Base(NamedTuple):
    """What all clients are weighed against: how many they are and how many bear a name."""

    people: int
    bearers: Callable[[str], int]
    sharing: Callable[[Key], int]

    @property
    def prior(self) -> float:
        """Return the bits against any two clients being one person."""
        return -math.log2(max(self.people, _SMALL)) - _ONE_IN_EIGHT

    def rarity(self, part: str, *words: str) -> float:
        """Return the bits that sharing a name is worth: one in a thousand bears it, ten bits."""
        count = max(map(self.bearers, words))
        share = (count + _BELIEF * _USUAL[part]) / (self.people + _BELIEF)
        return -math.log2(share)


# --- weighing one pair --------------------------------------------------------------------------------


def _weighed(one: Person, two: Person, base: _Base) -> Pair:
    """Return a pair with its evidence, the strongest for it first."""
    found = [*_names(one, two, base), *_contacts(one, two, base), *_birthdays(one, two)]
    bits = base.prior + sum(each.bits for each in found)
    if _names_only(one, two, found):
        bits = min(bits, _NAMES_ONLY)
    score = min(99, max(0, round(100 / (1 + 2 ** -max(-60.0, min(60.0, bits))))))
    return Pair(one, two, score, tuple(sorted(found, key=lambda each: -each.bits)))


def _names_only(one: Person, two: Person, found: Sequence[Evidence]) -> bool:
    """Tell whether there is nothing but the name, though more is known of one of them."""
    reached = any(person.phones or person.emails for person in (one, two))
    return reached and not any(each.bits > 0 for each in found if each.what in _BESIDES)


_BESIDES = frozenset({"phone", "email", "birthday"})


def _names(one: Person, two: Person, base: _Base) -> list[Evidence]:
    mine, yours = naming.names_of(one), naming.names_of(two)
    if mine[0].company or yours[0].company:
        return [_companies(mine[0], yours[0])]
    ways = [_parts(mine[0], yours[0], base)]
    if mine[0].either or yours[0].either:
        ways += [_parts(mine[0].turned, yours[0], base), _parts(mine[0], yours[0].turned, base)]
    ways += [
        _as_former(_parts(mine[0]._replace(family=each.family or mine[0].family), yours[0], base))
        for each in mine[1:]
        if each.family
    ]
    ways += [
        _as_former(_parts(mine[0], yours[0]._replace(family=each.family or yours[0].family), base))
        for each in yours[1:]
        if each.family
    ]
    return max(ways, key=lambda way: sum(each.bits for each in way))


def _companies(one: Name, two: Name) -> Evidence:
    if one.company != two.company:
        return Evidence("name", How.KIND, one.family, two.family, _MIXED)
    same = naming.one_company(one.family, two.family)
    how = How.SAME if same else How.DIFFERENT
    return Evidence("name", how, one.family, two.family, _COMPANY if same else _OTHER_COMPANY)


def _parts(one: Name, two: Name, base: _Base) -> list[Evidence]:
    """Weigh the three parts of two names."""
    found = []
    hows = _compared(one, two)
    for part, how in hows.items():
        mine, yours = getattr(one, part), getattr(two, part)
        if how is not How.ABSENT or mine or yours:
            bits = _bits(part, how, (mine, yours), base)
            if part == "family" and how is How.DIFFERENT and (one.of_woman or two.of_woman):
                known = hows["patronymic"] is not How.ABSENT
                bits = _MARRIED if known else _PERHAPS_MARRIED
            found.append(Evidence(part, how, mine, yours, bits))
    return found


def _compared(one: Name, two: Name) -> dict[str, How]:
    """Return how the parts of two names compare."""
    hows = {
        "family": naming.family(one.family, two.family),
        "given": naming.given(one.given, two.given),
        "patronymic": naming.patronymic(one.patronymic, two.patronymic),
    }
    sure = hows["given"] in {How.SAME, How.SOUNDS} and naming.tells_sex(one.given)
    if hows["family"] is How.OTHER_SEX and sure:
        hows["family"] = How.MISTYPED  # «Павлов Татьяна»: a letter is missing
    return hows


def _bits(part: str, how: How, words: tuple[str, str], base: _Base) -> float:
    if how is How.ABSENT:
        return 0.0
    if how is How.INITIAL:
        return _INITIAL
    against = _AGAINST.get((part, how))
    return against if against is not None else base.rarity(part, *words) - _LESS[how]


def _as_former(parts: list[Evidence]) -> list[Evidence]:
    """Mark that the family name is one that somebody bore before."""
    return [
        each._replace(how=How.FORMER, bits=each.bits - _LESS[How.FORMER])
        if each.what == "family" and each.bits > 0
        else each
        for each in parts
    ]


def _contacts(one: Person, two: Person, base: _Base) -> Iterator[Evidence]:
    yield from _shared("phone", (_phones(one), _phones(two)), base)
    yield from _shared("email", (_emails(one), _emails(two)), base)


def _shared(what: str, sides: tuple[dict[str, str], dict[str, str]], base: _Base) -> list[Evidence]:
    """Weigh what two clients can be reached by."""
    mine, yours = sides
    if not mine or not yours:
        return []
    kind, same, slip, other = (
        (Kind.PHONE, _PHONE, _PHONE_SLIP, _OTHER_PHONE)
        if what == "phone"
        else (Kind.EMAIL, _EMAIL, _EMAIL_SLIP, _OTHER_EMAIL)
    )
    common = sorted(set(mine) & set(yours))
    if common:
        cards = min(base.sharing((kind, each)) for each in common)
        bits = max(0.0, same - _ONE_IN_EIGHT * math.log2(max(1.0, (cards - 1) / 2)))
        return [Evidence(what, How.SAME, mine[common[0]], yours[common[0]], bits)]
    for first, shown in mine.items():
        for second in yours:
            if naming.mistyped_text(first, second) and (
                what == "phone" or _letters_differ(first, second)
            ):
                return [Evidence(what, How.MISTYPED, shown, yours[second], slip)]
    return [Evidence(what, How.DIFFERENT, min(mine.values()), min(yours.values()), other)]


def _letters_differ(one: str, two: str) -> bool:
    """Tell whether it is not only a number that two addresses differ in: masha1@ is not masha2@."""
    first, second = ("".join(char for char in each if not char.isdigit()) for each in (one, two))
    return first != second


def _phones(person: Person) -> dict[str, str]:
    """Return the phones as they are looked up, each with what stands in the card."""
    found = {national("".join(filter(str.isdecimal, each)))[::-1]: each for each in person.phones}
    found.pop("", None)
    return found


def _emails(person: Person) -> dict[str, str]:
    return {each.strip().casefold(): each for each in person.emails}


def _birthdays(one: Person, two: Person) -> list[Evidence]:
    mine, yours = one.birthday, two.birthday
    if len(mine) < _SHORTEST_DAY or len(yours) < _SHORTEST_DAY:
        return []
    how, bits = _days(mine, yours)
    if bits > 0 and mine.endswith("-01-01"):
        bits -= _FIRST_OF_YEAR  # what is entered when nobody knows
    return [Evidence("birthday", how, mine, yours, bits)]


_SHORTEST_DAY = len("--04-12")


def _days(mine: str, yours: str) -> tuple[How, float]:
    day, other = mine[-5:], yours[-5:]
    if "--" in {mine[:2], yours[:2]}:
        if day != other:
            return How.DIFFERENT, _OTHER_DAY
        return (How.SAME if mine == yours else How.NO_YEAR), _DAY_ONLY
    if mine == yours:
        return How.SAME, _BIRTHDAY
    if mine[:4] == yours[:4] and day == f"{other[3:]}-{other[:2]}":
        return How.TURNED, _TURNED_DAY
    if naming.mistyped_text(mine.replace("-", ""), yours.replace("-", "")):
        return How.MISTYPED, _BIRTHDAY_SLIP
    years = (
        abs(int(mine[:4]) - int(yours[:4])) if mine[:4].isdecimal() and yours[:4].isdecimal() else 0
    )
    return (How.FAR, _GENERATION) if years >= _YEARS else (How.DIFFERENT, _OTHER_BIRTHDAY)


# --- finding pairs -------------------------------------------------------------------------------------


def pairs(
    people: Iterable[Person], least: int = LIKELY, fresh: Container[str] | None = None
) -> list[Pair]:
    """Return the pairs of clients who are one person by at least *least* percent, the surest first.

    Clients who are known not to be the same (``Person.apart``) make no pair. Where ids are *fresh*,
    only pairs of one of them with somebody else are asked for.
    """
    known = sorted(people, key=lambda person: person.id)
    blocks: dict[Key | tuple[str, ...], list[int]] = defaultdict(list)
    words: Counter[str] = Counter()
    for place, person in enumerate(known):
        words.update(_words(person))
        for key in _keys(person):
            blocks[key].append(place)
    base = _Base(len(known), lambda word: words[word], lambda key: len(blocks.get(key, ())))
    found = [
        pair
        for one, two in _candidates(known, blocks)
        if fresh is None or (known[one].id in fresh) != (known[two].id in fresh)
        if (pair := _weighed(known[one], known[two], base)).score >= least
    ]
    return sorted(found, key=lambda pair: (-pair.score, pair.one.id, pair.two.id))


def judged(one: Person, two: Person, words: Vocabulary) -> Pair:
    """Return one pair, however unlikely."""
    return _weighed(one, two, _base_of(words))


def _words(person: Person) -> set[str]:
    return {part for name in naming.names_of(person)[:1] for part in name[:3] if part}


def _keys(person: Person) -> set[Key | tuple[str, ...]]:
    """Return what a client is put together with others by."""
    keys: set[Key | tuple[str, ...]] = {(Kind.PHONE, phone) for phone in _phones(person)}
    keys |= {(Kind.EMAIL, email) for email in _emails(person)}
    if not person.birthday.startswith("--") and person.birthday:
        keys.add((Kind.BIRTHDAY, person.birthday))
    main, *former = naming.names_of(person)
    if main.company:
        return keys | {("company", main.family)}
    readings = [main, *([main.turned] if main.either else [])]
    readings += [main._replace(family=each.family) for each in former if each.family]
    for name in readings:
        if name.family and len(name.given) > 1:
            keys |= {
                ("name", sound, root)
                for sound in sounds(name.family)[:3]
                for root in naming.roots(name.given)
            }
    if len(person.birthday) >= _SHORTEST_DAY and main.given:
        keys |= {("day", person.birthday[-5:], root) for root in naming.roots(main.given)}
    return keys


def _candidates(
    known: Sequence[Person], blocks: dict[Key | tuple[str, ...], list[int]]
) -> Iterator[tuple[int, int]]:
    """Yield the places of two clients who share something, each two once."""
    seen: set[tuple[int, int]] = set()
    for key, places in blocks.items():
        if len(places) < 2 or (key[0] in _PLACEHOLDERS and len(places) > _MOST):
            continue
        for pair in combinations(places, 2):
            if pair not in seen and _worth(known[pair[0]], known[pair[1]], key):
                seen.add(pair)
                yield pair


_PLACEHOLDERS = frozenset({Kind.PHONE, Kind.EMAIL, Kind.BIRTHDAY})


def _worth(one: Person, two: Person, key: Key | tuple[str, ...]) -> bool:
    """Tell whether a pair may come to something; namesakes are many and most differ plainly."""
    if two.id in one.apart or one.id in two.apart:
        return False
    if key[0] not in {"name", "day"}:
        return True
    mine, yours = naming.names_of(one)[0].patronymic, naming.names_of(two)[0].patronymic
    return not mine or not yours or naming.patronymic(mine, yours) is not How.DIFFERENT


# --- one client among all ----------------------------------------------------------------------------


def likely(person: Person, words: Vocabulary, least: int = POSSIBLE) -> list[Match]:
    """Return the known clients who may be *person*, the likeliest first.

    *words* are those of all clients: an index, or a search.Directory. *person* may have the id of
    one of them, who is then left out. At 10,000 clients this takes a few milliseconds.
    """
    base = _base_of(words)
    found = []
    for other in words.people(sorted(_asked(person, words))[:_MOST_ASKED]):
        if other.id == person.id or other.id in person.apart or person.id in other.apart:
            continue
        pair = _weighed(person, other, base)
        if pair.score >= least:
            found.append(Match(other, pair.score, pair.evidence, pair.strong))
    return sorted(found, key=lambda match: (-match.score, match.person.id))


def _base_of(words: Vocabulary) -> _Base:
    return _Base(
        len(words),
        lambda word: len(words.bearers([(Kind.NAME, word)])),
        lambda key: len(words.bearers([key])),
    )


def _asked(person: Person, words: Vocabulary) -> set[int]:
    """Return the keys of the clients who share something with *person*."""
    keys: set[Key] = {(Kind.PHONE, phone) for phone in _phones(person)}
    keys |= {(Kind.EMAIL, email) for email in _emails(person)}
    if person.birthday and not person.birthday.startswith("--"):
        keys.add((Kind.BIRTHDAY, person.birthday))
    found = words.bearers(keys)
    main, *former = naming.names_of(person)
    for name in (main, *former):
        if name.company:
            found |= _all_named(name.family.split(), words)
        elif name.family and main.given:
            found |= _sounding(name.family, words) & _called(main.given, words)
    return found


def _all_named(names: Sequence[str], words: Vocabulary) -> set[int]:
    bearers = [words.bearers([(Kind.NAME, name)]) for name in names]
    return set.intersection(*bearers) if bearers else set()


def _sounding(word: str, words: Vocabulary) -> set[int]:
    alike = {each for sound in sounds(word)[:3] for each in words.sounding(sound, whole=True)}
    return words.bearers((Kind.NAME, each) for each in {word, *alike})


def _called(word: str, words: Vocabulary) -> set[int]:
    """Return those who bear a given name in any of its forms."""
    return _sounding(word, words) | words.bearers((Kind.NAME, form) for form in naming.forms(word))
