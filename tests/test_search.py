"""Searching people: recall by kind of mistake, no false certainty, and the rules of ranking."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.people import Invented, latin, other_layout, people, queries
from cardcli.search import (
    Directory,
    Exactness,
    Match,
    Person,
    clear,
    nearest,
    rank,
    search,
    suggest,
)

DATA = Path(__file__).parent / "data"
CROWD = 2000


def rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("# ")]


def known_people() -> list[Person]:
    """Return the people that the typed queries mean; the phone ends like the card number."""
    found = []
    for id, number, names, birthday, emails in rows("recall_people.tsv"):
        phone = "+7900000" + number[-4:]
        found.append(
            Person(id, number, tuple(names.split("; ")), (phone,), tuple(emails.split()), birthday)
        )
    return found


def as_person(invented: Invented) -> Person:
    return Person(
        invented.id,
        invented.number,
        (invented.name,),
        (invented.phone,),
        (invented.email,),
        invented.birthday,
        invented.last_visit,
    )


@functools.cache
def crowd() -> Directory:
    """Return the known people among invented ones."""
    known = known_people()
    taken = {phone for person in known for phone in person.phones}
    others = [as_person(one) for one in people(CROWD) if one.phone not in taken]
    return Directory([*known, *others])


def found_places(kind_of_rows: list[list[str]]) -> dict[str, list[int | None]]:
    """Return, for each kind, at which place each query found whom it means."""
    places: dict[str, list[int | None]] = {}
    for kind, query, meant in kind_of_rows:
        ids = [match.person.id for match in search(query, crowd(), limit=3)]
        places.setdefault(kind, []).append(ids.index(meant) if meant in ids else None)
    return places


@functools.cache
def typed_recall() -> dict[str, list[int | None]]:
    return found_places(rows("recall.tsv"))


THRESHOLDS = {
    "order": 0.98, "layout": 0.98, "yo": 0.98, "look-alike": 0.98, "phone": 0.98, "number": 0.98,
    "id": 0.98, "e-mail": 0.98, "birthday": 0.98, "former": 0.98, "company": 0.95,
    "translit": 0.95, "initials": 0.95, "typo": 0.95, "prefix": 0.95, "blanks": 0.95,
    "inflected": 0.85, "short name": 0.85, "extra": 0.85,
}  # fmt: skip


@pytest.mark.parametrize("kind", THRESHOLDS)
def test_a_typed_query_finds_whom_it_means(kind: str) -> None:
    places = typed_recall()[kind]
    in_three = sum(place is not None for place in places) / len(places)
    first = sum(place == 0 for place in places) / len(places)
    assert in_three >= THRESHOLDS[kind]
    assert first >= THRESHOLDS[kind] - 0.05


def test_the_typed_queries_are_many_and_of_every_kind() -> None:
    assert set(typed_recall()) == set(THRESHOLDS)
    assert sum(map(len, typed_recall().values())) >= 1900


def means(kind: str, found: str, meant: str) -> bool:
    """Tell whether a name is as good an answer as the one meant: several may share what was typed."""
    family, given, father = meant.split(" ")
    words = found.split(" ")
    if kind.startswith("initials"):
        return words[0] == family and [word[0] for word in words[1:3]] == [given[0], father[0]]
    if kind == "prefix":
        return words[0].startswith(family[:4]) and words[1] == given
    return (
        found == meant if kind in {"order", "phone", "phone tail"} else words[:2] == [family, given]
    )


def test_made_mistakes_are_forgiven() -> None:
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    invented = people(CROWD)
    base = Directory(map(as_person, invented))
    for kind, query, meant in queries(20, invented):
        kind_of = (
            "typo"
            if " " not in kind and kind in {"missing", "extra", "doubled", "swapped", "wrong"}
            else kind
        )
        asked[kind_of] += 1
        names = [match.person.names[0] for match in search(query, base, limit=3)]
        right[kind_of] += any(means(kind, name, meant) for name in names)
    worst = {kind: right[kind] / asked[kind] for kind in asked}
    assert {kind: rate for kind, rate in worst.items() if rate < 0.95} == {}


def test_a_query_that_means_nobody_finds_nobody() -> None:
    asked = [row[0] for row in rows("nobody.txt")]
    found = [query for query in asked if search(query, crowd())]
    assert len(asked) >= 400
    assert len(found) <= 3 * len(asked) / 100, found


# ---- laws ------------------------------------------------------------------------------------

KNOWN = known_people()
BASE = [
    one
    for one in people(CROWD)
    if one.phone not in {phone for person in KNOWN for phone in person.phones}
]


@settings(max_examples=40)
@given(st.sampled_from(BASE), st.data())
def test_a_full_name_in_any_order_finds_its_bearer_first(
    person: Invented, data: st.DataObject
) -> None:
    words = data.draw(st.permutations(person.name.split(" ")))
    best = search(" ".join(words), crowd())[0]
    assert best.person.names[0] == person.name
    assert best.exactness is Exactness.EXACT


@settings(max_examples=40)
@given(st.sampled_from(KNOWN))
def test_everybody_is_found_first_by_their_own_name_number_and_id(person: Person) -> None:
    for query in (person.names[0], person.number, person.id):
        match = clear(search(query, crowd()))
        assert match
        assert match.person == person
        assert match.sure


@settings(max_examples=40)
@given(st.sampled_from(BASE))
def test_other_keys_and_other_letters_are_as_good_as_the_right_ones(person: Invented) -> None:
    for query in (other_layout(person.name), latin(person.name), person.name.upper()):
        best = search(query, crowd())[0]
        assert latin(best.person.names[0]) == latin(person.name)
        assert best.exactness is Exactness.EXACT


@settings(max_examples=80)
@given(st.text(max_size=40))
def test_any_text_is_a_query(query: str) -> None:
    matches = rank(query, KNOWN)
    assert [match.exactness for match in matches] == sorted(
        (match.exactness for match in matches), reverse=True
    )
    suggest(query, KNOWN)


# ---- ranking ---------------------------------------------------------------------------------

MARIA = Person(
    "aaaaa1",
    "К-00001",
    ("Иванова Мария Петровна",),
    ("+79000000011",),
    ("maria@example.com",),
    "1990-04-12",
)
MARINA = Person(
    "aaaaa2", "К-00002", ("Иванова Марина Павловна", "Котова Марина Павловна"), ("+79000000012",)
)
PETROV = Person("aaaaa3", "К-00003", ("Петров Александр Сергеевич",), ("+79000000013",))
PETROVA = Person("aaaaa4", "К-00004", ("Петрова Александра Игоревна",), ("+79000000014",))
SALON = Person(
    "aaaaa5", "К-00005", ("ООО «Ромашка»",), ("8 (900) 000-00-15",), ("info@romashka.example",)
)
SHORT = Person("aaaaa6", "", ("Кузьмичёв Олег",), (), (), "--04-12")
EVERYBODY = [MARIA, MARINA, PETROV, PETROVA, SALON, SHORT]


def meant(query: str, among: list[Person] | None = None) -> Match | None:
    return clear(rank(query, EVERYBODY if among is None else among))


def names(query: str) -> list[str]:
    return [match.person.names[0].split(" ")[1] for match in rank(query, EVERYBODY)]


def test_two_people_with_equal_evidence_are_never_guessed_between() -> None:
    assert len(rank("Иванова", EVERYBODY)) == 2
    assert meant("Иванова") is None
    assert meant("Иванова М.П.") is None


def test_one_exact_match_wins_over_beginnings() -> None:
    matches = rank("Петров", [PETROV, Person("aaaaa7", "", ("Петровский Иван",))])
    assert [match.exactness for match in matches] == [Exactness.EXACT, Exactness.PREFIX]
    match = clear(matches)
    assert match
    assert match.person == PETROV


def test_a_misspelled_match_is_clear_and_not_sure() -> None:
    match = meant("ивнова мария")
    assert match
    assert match.person == MARIA
    assert match.exactness is Exactness.CORRECTED
    assert not match.sure


@pytest.mark.parametrize(
    "query",
    [
        "bdfyjdf vfhbz",
        "ivanova mariya",
        "Ивaнoвa Маpия",
        "ИВАНОВА МАРИЯ",
        "0011",
        "у Марии Ивановой",
    ],
)
def test_layout_alphabet_and_case_are_no_misspellings(query: str) -> None:
    match = meant(query)
    assert match
    assert match.person == MARIA
    assert match.sure


def test_a_man_does_not_pass_for_a_woman_of_the_same_name() -> None:
    match = meant("Петров Александр", [PETROVA, MARIA])
    assert match is None or not match.sure
    assert meant("Петрова", [PETROV, MARIA]) is None or not rank("Петрова", [PETROV, MARIA])[0].sure


def test_the_preposition_tells_whose_name_is_inflected() -> None:
    assert names("у Петрова")[0] == "Александр"
    assert names("у Петровой") == ["Александра"]
    assert names("Петрова")[0] == "Александра"


def test_the_one_who_came_last_is_first_among_equals() -> None:
    people_ = [
        Person(f"bbbbb{day}", "", (f"Орлова Анна {day}",), last_visit=f"2026-05-0{day}")
        for day in (1, 3, 2)
    ]
    assert [match.person.last_visit[-1] for match in rank("орлова", people_)] == ["3", "2", "1"]
    assert len(rank("орлова", people_, limit=2)) == 2


def test_the_name_that_is_wholly_said_comes_first() -> None:
    more = Person("ccccc1", "", ("Иванова Мария",), last_visit="2020-01-01")
    assert rank("иванова мария", [MARIA, more])[0].person == more


def test_former_names_and_companies_are_found() -> None:
    for query, person in (
        ("котова", MARINA),
        ("ооо ромашка", SALON),
        ("romashka.example", SALON),
        ("ромашку", SALON),
    ):
        match = meant(query)
        assert match
        assert match.person == person


def test_a_card_without_a_patronymic_may_be_meant_and_is_not_sure() -> None:
    match = meant("Кузьмичёв Олег Викторович")
    assert match
    assert match.person == SHORT
    assert not match.sure
    assert meant("Иванова Мария Сергеевна") is None


def test_a_name_is_not_a_misspelling_of_another_name() -> None:
    assert rank("Марина Петрова", EVERYBODY) == []
    assert rank("Карина", EVERYBODY) == []
    assert MARINA in suggest("Карина Иванова", EVERYBODY)


def test_short_words_are_not_corrected() -> None:
    cat = Person("ddddd1", "", ("Ким Лев",))
    assert rank("кит", [cat]) == []
    assert rank("ким лев", [cat])[0].exactness is Exactness.EXACT


def test_a_birthday_without_its_year_is_found_by_its_day() -> None:
    assert [match.person.id for match in rank("12.04", EVERYBODY)] == [MARIA.id, SHORT.id]
    assert rank("12.04.1990", EVERYBODY)[0].person == MARIA
    assert rank("1990", EVERYBODY) == []


def test_every_match_says_why() -> None:
    reason = rank("bdfyjdf VG", EVERYBODY)[0].reason
    assert "иванова" in reason
    assert "Иванова" in reason
    assert all(match.reason for match in rank("иван", EVERYBODY))


def test_did_you_mean_offers_the_rarest_part() -> None:
    assert suggest("Ромашкина Сергеевич", EVERYBODY)[0] in {SALON, PETROV}
    assert nearest("+7 900 000-00-19", Directory(EVERYBODY))[0].phones
    assert suggest("щщщщщ", EVERYBODY) == []


def test_a_number_with_leading_zeros_is_printed_so_or_ends_a_phone() -> None:
    assert meant("00001") == meant("К-1") is None or meant("00001")
    match = meant("К-00002")
    assert match
    assert match.person == MARINA
    tail = meant("0013")
    assert tail
    assert tail.person == PETROV


def test_the_invented_people_are_always_the_same() -> None:
    assert people(50) == people(100)[:50]
    assert len({person.id for person in people(500)}) == 500


def test_a_whole_phone_with_one_digit_wrong_means_the_only_one_who_is_so_near() -> None:
    one = Person("a00001", "К-1", ("Юдашкина Эльвира",), ("+79265550142",))
    other = Person("a00002", "К-2", ("Живаго Юрий",), ("+79161234567",))
    base = Directory([one, other])
    for typed in (
        "9265550143",
        "8 926 555-04-12",
        "8926555014",
        "892655550142",
        "+7 (926) 555-01-24",
    ):
        (match,) = search(typed, base)
        assert (match.person, match.exactness) == (one, Exactness.CORRECTED)
        assert not match.sure
    assert search("9269550143", base) == []
    neighbour = Person("a00003", "К-3", ("Ким Дарья",), ("+79265550144",))
    assert search("9265550143", Directory([one, neighbour])) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dasha.kim@exmaple.com", True), ("dasha.kim@example,com", True), ("dasha.kim@", True),
        ("dasha.kam@example.com", False), ("dasha.kim@mail.ru", False), ("masha.kim@exmaple.com", False),
    ],
)  # fmt: skip
def test_in_an_email_a_mistake_is_forgiven_behind_the_sign_only(typed: str, *, found: bool) -> None:
    person = Person("a00001", "К-1", ("Ким Дарья",), emails=("dasha.kim@example.com",))
    assert bool(search(typed, Directory([person]))) == found
