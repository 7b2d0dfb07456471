"""Searching by ear and past what is said beside a client: only when nobody else is meant, never for sure."""

from __future__ import annotations

import pytest

from cardcli.search import Directory, Exactness, Person, search
from cardcli.search.asides import without_asides
from cardcli.search.given_names import GIVEN
from cardcli.search.guesses import heard
from cardcli.search.letters import canonical, sounds
from cardcli.search.names import _plain, is_of_daughter
from cardcli.search.pinyin import palladius
from cardcli.search.surnames import SURNAMES


def person(number: int, name: str) -> Person:
    return Person(f"a0000{number}", f"К-{number}", (name,), (f"+7900000001{number}",))


TYUTCHEVA = person(1, "Тютчева Варвара Ильинична")
MULLER = person(2, "Müller Hanna")
CHEN = person(3, "Чэнь Сяолун")
OLENA = person(4, "Шевчук Євген Миколайович")
SEVINJ = person(5, "Гусейнова Севиндж Эльдар кызы")
GAYANE = person(6, "Хачатурян Гаянушка")
ARISTARKHOVA = person(7, "Аристархова Мария Петровна")
SOKOLOVA = person(8, "Соколова Нина Аркадьевна")
BASE = Directory([TYUTCHEVA, MULLER, CHEN, OLENA, SEVINJ, GAYANE, ARISTARKHOVA, SOKOLOVA])


def the_only(query: str, base: Directory = BASE) -> tuple[Person, Exactness]:
    (match,) = search(query, base)
    return match.person, match.exactness


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("тучева", TYUTCHEVA),
        ("тучевой варваре", TYUTCHEVA),
        ("титчева варвара", TYUTCHEVA),
        ("чен сяолун", CHEN),
        ("Chen Xiaolong", CHEN),
        ("шевчука евгения", OLENA),
        ("Евгений Николаевич Шевчук", OLENA),
        ("гусейнова севиндж эльдаровна", SEVINJ),
    ],
)
def test_a_name_is_found_as_it_is_heard(query: str, meant: Person) -> None:
    found, exactness = the_only(query)
    assert found == meant
    assert exactness <= Exactness.FORM


@pytest.mark.parametrize("query", ["мюллер", "Muller", "Мюлер", "Мюллер Ханна", "Mueller"])
def test_an_umlaut_is_found_however_it_is_written(query: str) -> None:
    assert the_only(query)[0] == MULLER


def test_what_is_heard_alike_and_spelled_wholly_otherwise_is_another_name() -> None:
    assert heard(sounds("шагалова")[0]) == heard(sounds("соколова")[0])
    assert search("Шагалова", BASE) == []


@pytest.mark.parametrize("query", ["Аристарховна", "Ивановна", "Аркадьевна Соловьёва"])
def test_a_patronymic_that_nobody_has_is_no_slip_in_a_family_name(query: str) -> None:
    ivanova = person(9, "Иванова Анна Сергеевна")
    assert search(query, Directory([ARISTARKHOVA, ivanova, SOKOLOVA])) == []


@pytest.mark.parametrize(
    "query",
    [
        "Аристархова маникюр завтра", "аристархова (маникюр)", "тётя Маша Аристархова",
        "г-жа Аристархова", "запись Аристархова Мария", "Мария Петровна с собачкой",
        "Аристархова 15:30", "Аристарховой на пятницу", "Аристархова Мария из салона на углу",
        "1. Аристархова", "последние 0017", "номер кончается на 0017", "8 9OO OOO OO I7".replace("I", "1"),
    ],
)  # fmt: skip
def test_what_is_said_beside_a_client_is_passed_over_and_never_for_sure(query: str) -> None:
    assert the_only(query) == (ARISTARKHOVA, Exactness.CORRECTED)


def test_the_reason_says_what_was_passed_over() -> None:
    (match,) = search("Аристархова маникюр завтра", BASE)
    assert "маникюр завтра" in match.reason


def test_a_long_word_that_is_nearly_pinyin_is_refused_at_once() -> None:
    assert palladius("nan" * 90 + "x") == ""


def test_a_client_noted_with_such_a_word_is_found_by_it_for_sure() -> None:
    noted = person(9, "Маша маникюр")
    assert the_only("маша маникюр", Directory([ARISTARKHOVA, noted])) == (noted, Exactness.EXACT)


@pytest.mark.parametrize(
    "query", ["маникюр в пятницу", "мама", "завтра в 12", "на вторник", "скидка 10%", "", "из", "?"]
)
def test_words_without_a_name_leave_nothing_to_look_for(query: str) -> None:
    assert without_asides(query) == ""
    assert search(query, BASE) == []


@pytest.mark.parametrize(
    "query", ["Иванова Инесса", "Соколова Аделаида", "Абрикосова маникюр", "тётя Абрикосова"]
)
def test_a_name_that_nobody_bears_is_not_passed_over(query: str) -> None:
    assert search(query, BASE) == []


@pytest.mark.parametrize(
    ("query", "meant"),
    [("tel:+79000000017", ARISTARKHOVA), ("https://wa.me/79000000018", SOKOLOVA)],
)
def test_a_copied_link_is_a_phone(query: str, meant: Person) -> None:
    assert the_only(query) == (meant, Exactness.EXACT)


def test_a_copied_or_dictated_address_is_an_email() -> None:
    one = Person("a00001", "К-1", ("Ким Дарья",), emails=("dasha.kim@example.com",))
    for query in ("mailto:dasha.kim@example.com", "dasha.kim собака example.com"):
        assert the_only(query, Directory([one])) == (one, Exactness.EXACT)


@pytest.mark.parametrize(
    ("typed", "russian"),
    [
        ("xiaolong", "сяолун"), ("jiang", "цзян"), ("zhang", "чжан"), ("xu", "сюй"), ("wei", "вэй"),
        ("yuan", "юань"), ("si", "сы"), ("qin", "цинь"), ("guoqiang", "гоцян"), ("ivan", ""), ("smith", ""),
    ],
)  # fmt: skip
def test_pinyin_is_spelled_by_palladius(typed: str, russian: str) -> None:
    assert palladius(typed) == russian


def test_the_belarusian_short_u_is_v_and_the_uzbek_one_is_u() -> None:
    assert canonical("Дуброўская") == "дубровская"
    assert canonical("Ўткир") == "уткир"
    assert canonical("Йўлдошев") == "иулдошев"


def test_a_soft_sign_declines_and_a_vowel_does_not() -> None:
    sparrow = person(9, "Воробей Максим")
    for query in ("с Воробьём", "Воробью", "Воробья Максима"):
        assert the_only(query, Directory([sparrow])) == (sparrow, Exactness.FORM)


def test_cyrillic_that_could_be_latin_is_latin_only_where_latin_stands() -> None:
    acme = person(1, "ACME")
    khokhlov = person(2, "Хохлов Рустам")
    assert the_only("АСМЕ", Directory([acme, khokhlov]))[0] == acme
    assert search("Хон", Directory([acme, khokhlov])) == []


def test_a_patronymic_is_known_by_the_father() -> None:
    assert all(map(is_of_daughter, ("ивановна", "сергеевна", "юрьевна", "ильинична", "лукинична")))
    assert not any(map(is_of_daughter, ("леивна", "зайцевна", "мария", "иванова")))


def test_our_tables_of_names_hold_nothing_that_a_plain_reading_misses() -> None:
    for table in (GIVEN, SURNAMES):
        assert _plain(table) == canonical(table)
