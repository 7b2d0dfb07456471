"""A salon's clients with duplicates planted among people who only look like each other.

Ten thousand cards: 500 of them are second cards of somebody, of seven kinds; among the others live
families that share a phone, twins, fathers and sons of one name, namesakes, mothers who gave their own
number for a child, two clients with one mistyped address. Everything depends on the seed alone.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field, replace

from benchmarks.people import SLIPS, Invented, latin, mistyped, people
from cardcli import duplicates
from cardcli.search import Person

_SHOWN = 12
SHARE = 20
"""Of so many cards one is a second one."""
_SHORT = {
    "Анна": "Аня", "Мария": "Маша", "Елена": "Лена", "Ольга": "Оля", "Наталья": "Наташа", "Екатерина": "Катя",
    "Татьяна": "Таня", "Ирина": "Ира", "Светлана": "Света", "Анастасия": "Настя", "Юлия": "Юля", "Дарья": "Даша",
    "Виктория": "Вика", "Александра": "Саша", "Ксения": "Ксюша", "Евгения": "Женя", "Полина": "Поля",
    "Людмила": "Люда", "Галина": "Галя", "Валентина": "Валя", "Надежда": "Надя", "Любовь": "Люба", "София": "Соня",
    "Александр": "Саша", "Дмитрий": "Дима", "Сергей": "Серёжа", "Андрей": "Андрюша", "Алексей": "Лёша",
    "Максим": "Макс", "Евгений": "Женя", "Иван": "Ваня", "Михаил": "Миша", "Николай": "Коля", "Владимир": "Вова",
    "Павел": "Паша", "Илья": "Илюша", "Роман": "Рома", "Константин": "Костя", "Антон": "Антоша",
}  # fmt: skip
_SCHEMES = ("icao", "bgn", "everyday", "juja")


@dataclass
class Base:
    """The clients, and which two are one person: kind of duplicate by the pair of ids."""

    people: list[Person]
    planted: dict[frozenset[str], str] = field(default_factory=dict)
    alike: Counter[str] = field(default_factory=Counter)


def base(count: int, seed: int) -> Base:
    """Return *count* clients, one in twenty of them a second card of another."""
    rng = random.Random(f"{seed}:duplicates")
    planted = count // SHARE
    own = [_client(each, rng) for each in people(count - planted, seed)]
    made = Base([])
    _families(own, rng, made)
    for place, person in enumerate(rng.sample(_told_apart(own), planted)):
        kind = list(KINDS)[place % len(KINDS)]
        second = KINDS[kind](person, rng)
        card = _person(second, f"z{place:05}")
        made.people.append(card)
        made.planted[frozenset({person.id, card.id})] = kind
    made.people += [_person(each, each.id) for each in own]
    made.alike["namesakes"] = _namesakes(own)
    rng.shuffle(made.people)
    return made


@dataclass(frozen=True)
class _Client:
    """An invented person, what is known of them, and their former name."""

    id: str
    family: str
    given: str
    patronymic: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    birthday: str
    former: str = ""
    written: str = ""

    @property
    def name(self) -> str:
        parts = (self.family, self.given, self.patronymic)
        return self.written or " ".join(part for part in parts if part)


def _client(each: Invented, rng: random.Random) -> _Client:
    """Return a client as salons know them: not everybody tells everything."""
    return _Client(
        each.id + each.number[-5:],
        each.family,
        each.given,
        each.patronymic if rng.random() < 0.75 else "",
        (each.phone,) if rng.random() < 0.97 else (),
        (each.email,) if rng.random() < 0.4 else (),
        each.birthday
        if rng.random() < 0.7
        else f"-{each.birthday[4:]}"
        if rng.random() < 0.2
        else "",
    )


def _person(each: _Client, card_id: str) -> Person:
    names = (each.name, *([each.former] if each.former else []))
    return Person(card_id, "", names, each.phones, each.emails, each.birthday)


def _told_apart(own: list[_Client]) -> list[_Client]:
    """Return those with a phone who share not both name and phone with another.

    Of others nobody could say whose a second card is.
    """
    known = Counter((each.family, each.given, phone) for each in own for phone in each.phones)
    return [
        each
        for each in own
        if each.phones and all(known[each.family, each.given, phone] == 1 for phone in each.phones)
    ]


def _namesakes(own: list[_Client]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(each.name for each in own).values())


# --- who only look like each other ------------------------------------------------------------------


def _families(own: list[_Client], rng: random.Random, made: Base) -> None:
    """Make one in six clients the relative of another who is in the base."""
    relations = list(_RELATIONS)
    for place in range(0, len(own) - 1, 12):
        kind = relations[(place // 12) % len(relations)]
        own[place + 1] = _RELATIONS[kind](own[place], own[place + 1], rng)
        made.alike[kind] += 1


def _spouse(one: _Client, two: _Client, _rng: random.Random) -> _Client:
    """Give the same phone, and the family name of the other sex."""
    return replace(two, family=_other_sex(one.family, two), phones=one.phones, emails=one.emails)


def _child(one: _Client, two: _Client, rng: random.Random) -> _Client:
    birthday = f"{rng.randint(2008, 2019)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return replace(
        two, family=_other_sex(one.family, two), phones=one.phones, emails=(), birthday=birthday
    )


def _twin(one: _Client, two: _Client, _rng: random.Random) -> _Client:
    given = two.given if two.given != one.given else "Инна" if _woman(two) else "Лев"
    return replace(
        two, family=_other_sex(one.family, two), given=given, patronymic=_father_of(one, two),
        phones=one.phones, emails=(), birthday=one.birthday,
    )  # fmt: skip


def _junior(one: _Client, two: _Client, rng: random.Random) -> _Client:
    """Make a parent and a child of one full name, at one phone."""
    if not one.birthday[:4].isdecimal() or one.birthday > "1998":
        return replace(two, phones=one.phones)
    year = int(one.birthday[:4]) + rng.randint(19, 34)
    birthday = f"{min(2018, year)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return replace(one, id=two.id, emails=(), birthday=birthday)


def _namesake(one: _Client, two: _Client, _rng: random.Random) -> _Client:
    """Give the same full name, and nothing else in common."""
    return replace(two, family=one.family, given=one.given, patronymic=one.patronymic)


def _same_day(one: _Client, two: _Client, _rng: random.Random) -> _Client:
    """Give the same family name and birthday, not the given name: cousins, or chance."""
    given = two.given if two.given != one.given else "Зоя" if _woman(two) else "Марк"
    return replace(two, family=_other_sex(one.family, two), given=given, birthday=one.birthday)


def _colleague(one: _Client, two: _Client, _rng: random.Random) -> _Client:
    """Put another person at the same phone and address: a reception desk."""
    return replace(two, phones=one.phones, emails=one.emails)


def _inherited(one: _Client, two: _Client, _rng: random.Random) -> _Client:
    """Give a number that was another's to somebody of the same given name."""
    return replace(two, given=one.given, phones=one.phones, patronymic=two.patronymic or "Львовна") \
        if _woman(one) == _woman(two) else replace(two, phones=one.phones)  # fmt: skip


_RELATIONS = {
    "spouse": _spouse, "child": _child, "twin": _twin, "junior": _junior, "namesake": _namesake,
    "same day": _same_day, "colleague": _colleague, "inherited phone": _inherited,
}  # fmt: skip


def _woman(each: _Client) -> bool:
    return (
        each.given.endswith(("а", "я")) and each.given not in {"Никита", "Илья"}
    ) or each.given == "Любовь"


def _other_sex(family: str, bearer: _Client) -> str:
    """Return a family name as a man or a woman of it bears it."""
    woman = _woman(bearer)
    if family.endswith(("ова", "ева", "ёва", "ина")):
        return family if woman else family[:-1]
    if family.endswith("ая"):
        return family if woman else family[:-2] + "ий"
    if woman and family.endswith(("ов", "ев", "ёв", "ин")):
        return family + "а"
    return family[:-2] + "ая" if woman and family.endswith(("ский", "цкий")) else family


def _father_of(one: _Client, two: _Client) -> str:
    """Return the patronymic of a sister or a brother."""
    father = one.patronymic
    if not father or _woman(one) == _woman(two):
        return father
    return father[:-2] + "на" if _woman(two) else father[:-2] + "ич"


# --- second cards ---------------------------------------------------------------------------------------


def _bare(each: _Client) -> _Client:
    return replace(each, emails=(), birthday="", patronymic="")


def _known_by_phone(each: _Client, rng: random.Random) -> _Client:
    """Return a client with a phone, written down in one way or another."""
    phone = each.phones[0]
    forms = (phone, f"8 ({phone[2:5]}) {phone[5:8]}-{phone[8:10]}-{phone[10:]}", "8" + phone[2:])
    return replace(each, phones=(rng.choice(forms),))


def _typo(each: _Client, rng: random.Random) -> _Client:
    invented = Invented("", "", each.family, each.given, "", "", "", "", "")
    family, given = mistyped(rng, invented, rng.choice(list(SLIPS))).title().split(" ")
    return replace(_bare(_known_by_phone(each, rng)), family=family, given=given)


def _short(each: _Client, rng: random.Random) -> _Client:
    given = _SHORT.get(each.given, each.given)
    return replace(_bare(_known_by_phone(each, rng)), family=each.family, given=given)


def _translit(each: _Client, rng: random.Random) -> _Client:
    scheme = rng.choice(_SCHEMES)
    family, given = (latin(word, scheme).title() for word in (each.family, each.given))
    second = replace(each, family=family, given=given, patronymic="")
    return (
        replace(second, phones=())
        if each.emails
        else replace(_known_by_phone(second, rng), birthday="")
    )


def _married(each: _Client, rng: random.Random) -> _Client:
    """Change the family name at the same phone; half of the women tell the former one, all men do."""
    family = _other_sex(rng.choice(["Кравцов", "Стрельцов", "Заморин", "Белозёров"]), each)
    former = each.name if rng.random() < 0.5 or not _woman(each) else ""
    return replace(_known_by_phone(each, rng), family=family, former=former, emails=())


def _turned(each: _Client, rng: random.Random) -> _Client:
    """Put the given name first, without patronymic; the same birthday, else the phone."""
    second = replace(each, patronymic="", written=f"{each.given} {each.family}")
    if len(each.birthday) == len("1990-04-12"):
        return replace(second, phones=(), emails=())
    return _known_by_phone(second, rng)


def _moved(each: _Client, rng: random.Random) -> _Client:
    """Leave only the name and the day of birth: the phone and the address are new."""
    if len(each.birthday) != len("1990-04-12"):
        return replace(_known_by_phone(each, rng), emails=())
    return replace(each, phones=(), emails=(f"new{rng.randint(1, 10**6)}@example.com",))


def _sparse(each: _Client, rng: random.Random) -> _Client:
    """Write a line as in a phone: a given name or a family name with initials, and the number."""
    second = _bare(_known_by_phone(each, rng))
    initials = f"{each.family} {each.given[0]}."
    if each.patronymic:
        initials += f"{each.patronymic[0]}."
    return replace(second, written=rng.choice([each.given, initials]))


KINDS = {
    "typo": _typo, "short name": _short, "translit": _translit, "married": _married,
    "other order": _turned, "new phone": _moved, "sparse": _sparse,
}  # fmt: skip


# --- measuring ------------------------------------------------------------------------------------------


def measure(count: int, seeds: tuple[int, ...]) -> None:
    """Print how many of the planted duplicates are found and how many found pairs are none."""
    for seed in seeds:
        made = base(count, seed)
        begun = time.process_time()
        found = duplicates.pairs(made.people)
        seconds = time.process_time() - begun
        _report(made, found, seed, seconds)


def _report(made: Base, found: list[duplicates.Pair], seed: int, seconds: float) -> None:
    meant = {frozenset({pair.one.id, pair.two.id}): pair for pair in found}
    right = set(meant) & set(made.planted)
    recall, precision = len(right) / len(made.planted), len(right) / max(1, len(meant))
    print(f"\n{len(made.people)} cards, {len(made.planted)} planted duplicates, seed {seed}")
    print(f"among them: {', '.join(f'{n} {kind}' for kind, n in made.alike.items())}")
    print(f"found {len(found)} pairs in {seconds:.2f} s CPU at {duplicates.LIKELY} %")
    print(f"recall {recall:.1%}, precision {precision:.1%}")
    kinds = Counter(made.planted.values())
    hits = Counter(made.planted[each] for each in right)
    for kind, all_ in kinds.items():
        print(f"  {kind:14}{hits[kind]:4} of {all_}")
    known = {each.id: each for each in made.people}
    for title, few in (("wrong", set(meant) - right), ("missed", set(made.planted) - right)):
        for each in sorted(few, key=sorted)[:_SHOWN]:
            one, two = (known[person] for person in sorted(each))
            print(f"  {title}: {_told(one)} | {_told(two)}")


def _told(person: Person) -> str:
    return "; ".join([*person.names, *person.phones, *person.emails, person.birthday])
