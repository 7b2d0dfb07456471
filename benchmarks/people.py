"""Invented people, the same ones each time, and the mistakes that are made in typing their names.

Person *i* depends on the seed and *i* alone, so the first thousand of ten thousand are the thousand.
The tables of keys and spellings here are written apart from those of ``cardcli.search``, so that a
mistake in one does not hide in the other. Standard library only.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from dataclasses import dataclass

SEED = 20260601

_SURNAMES = """
Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев Лебедев Семёнов
Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов Яковлев Григорьев
Романов Воробьёв Сергеев Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв Ильин Максимов Поляков Сорокин
Виноградов Ковалёв Белов Медведев Антонов Тарасов Жуков Баранов Филиппов Комаров Давыдов Беляев Герасимов Богданов
Осипов Сидоров Матвеев Титов Марков Миронов Крылов Куликов Карпов Власов Мельников Денисов Гаврилов Тихонов Казаков
Афанасьев Данилов Савельев Тимофеев Фомин Чернов Абрамов Мартынов Ефимов Федотов Щербаков Назаров Калинин Исаев Чернышёв
Быков Маслов Родионов Коновалов Лазарев Воронин Климов Филатов Пономарёв Голубев Кудрявцев Прохоров Наумов Потапов
Журавлёв Овчинников Трофимов Леонов Соболев Ермаков Колесников Гончаров Емельянов Никифоров Грачёв Котов Гришин Ефремов
Архипов Громов Кириллов Малышев Панов Моисеев Румянцев Акимов Кондратьев Бирюков Горбунов Анисимов Ерёмин Тихомиров
Галкин Лукьянов Михеев Скворцов Юдин Белоусов Нестеров Симонов Прокофьев Харитонов Князев Цветков Левин Митрофанов Воронов
Аксёнов Софронов Мальцев Логинов Горшков Савин Краснов Майоров Демидов Елисеев Рыбаков Сафонов Плотников Дёмин Хохлов
Фадеев Молчанов Игнатов Литвинов Ершов Ушаков Дементьев Рябов Мухин Калашников Леонтьев Лобанов Кузин Корнеев Евдокимов
Бородин Платонов Некрасов Балашов Бобров Жданов Блинов Игнатьев Коротков Муравьёв Крюков Беляков Богомолов Дроздов Лавров
Зуев Петухов Ларин Никулин Серов Терентьев Зотов Устинов Фокин Самойлов Константинов Сахаров Шишкин Самсонов Черкасов
Чистяков Носов Спиридонов Карасёв Авдеев Воронцов Зверев Владимиров Селезнёв Нечаев Кудряшов Седов Фирсов Андрианов
Панфилов Головин Терехов Ульянов Шестаков Агеев Никонов Селиванов Баженов Гордеев Кожевников Пахомов Зимин Костин Широков
Филимонов Ларионов Овсянников Сазонов Суворов Нефёдов Корнилов Любимов Львов Горбачёв Копылов Лукин Токарев Кулешов Шилов
Большаков Панкратов Родин Шаповалов Покровский Вишневский Жуковский Островский Раевский Сикорский Заболоцкий Левицкий
Каминский Яблонский Шевченко Бондаренко Коваленко Ткаченко Кравченко Петренко Лысенко Руденко Тимошенко Мельник Гончар
Мороз Савчук Полищук Бойчук Черных Седых Долгих Ким Пак Цой Юн Гайдай Коваль Журавель Заяц Лисица Ахметов Сафин
Хабибуллин Гарифуллин Мухаметзянов Абдуллаев Гасанов Магомедов Алиев Мкртчян Саркисян Петросян Григорян Гогоберидзе
Джапаридзе Лордкипанидзе Чиковани Шварц Миллер Вебер Рабинович Гуревич Кацнельсон Эйдельман Щедрин Чижов Цыганков Ёлкин
Ежов Эрлих Южаков Юшкевич Яшин Жаров Хрущёв Щукин Подъячев Дзержинский Свистунов Растопчин Хворостовский
"""
_WOMEN = """
Анна Мария Елена Ольга Наталья Екатерина Татьяна Ирина Светлана Анастасия Юлия Дарья Виктория Александра Ксения Евгения
Марина Полина Людмила Галина Валентина Надежда Любовь Вера София Алина Кристина Вероника Оксана Лариса Алёна Яна Диана
Маргарита Жанна Инна Елизавета Варвара Арина Тамара Нина Зоя Лидия Антонина Раиса Алла Ульяна Василиса Милана Ева Кира
Таисия Майя Эльвира Гульнара Алсу Лилия Олеся Валерия Анжелика Регина Снежана Эмма Фаина Зинаида Злата
"""
_MEN = """
Александр Дмитрий Сергей Андрей Алексей Максим Евгений Иван Михаил Артём Николай Владимир Денис Павел Илья Роман Кирилл
Константин Антон Игорь Никита Юрий Олег Виктор Егор Вячеслав Руслан Станислав Матвей Тимур Даниил Вадим Владислав Пётр
Григорий Анатолий Степан Борис Георгий Глеб Фёдор Семён Лев Виталий Геннадий Валерий Леонид Эдуард Марк Филипп Тимофей
Ярослав Василий Яков Захар Арсений Марат Ильдар Рустам Ринат Артур Платон
"""
_FATHERS = """
Александрович Сергеевич Владимирович Николаевич Алексеевич Андреевич Викторович Михайлович Иванович Дмитриевич Юрьевич
Евгеньевич Анатольевич Васильевич Петрович Игоревич Олегович Валерьевич Павлович Борисович Константинович Леонидович
Геннадьевич Вячеславович Григорьевич Романович Максимович Денисович Станиславович Артёмович Ильич Фёдорович Семёнович
Львович Эдуардович Маратович Рустамович Кириллович Антонович Никитич Яковлевич Степанович Егорович Захарович
"""
_MAIL = "abcdefghjkmnpqrstvwxyz"
_SHARE_OF_WOMEN = 0.7


@dataclass(frozen=True, slots=True)
class Invented:
    """A client who does not exist."""

    id: str
    number: str
    family: str
    given: str
    patronymic: str
    phone: str
    email: str
    birthday: str
    last_visit: str

    @property
    def name(self) -> str:
        """Return the full name, family name first."""
        return f"{self.family} {self.given} {self.patronymic}"


def people(count: int, seed: int = SEED) -> list[Invented]:
    """Return the first *count* people of a seed."""
    return [_person(place, seed) for place in range(count)]


def _person(place: int, seed: int) -> Invented:
    rng = random.Random(f"{seed}:{place}")
    woman = rng.random() < _SHARE_OF_WOMEN
    family = _some(rng, _SURNAMES, 90)
    given = _some(rng, _WOMEN if woman else _MEN, 18)
    father = _some(rng, _FATHERS, 14)
    if rng.random() < 0.1:
        family = rng.choice(_list(_SURNAMES))
    family, father = (_of_woman(family), _of_daughter(father)) if woman else (family, father)
    day = f"{rng.randint(1950, 2008)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    visit = f"2026-{rng.randint(1, 6):02}-{rng.randint(1, 28):02}"
    code = "".join(rng.choice(_MAIL + "0123456789") for _ in range(5))
    return Invented(
        id=rng.choice(_MAIL) + code,
        number=f"К-{place + 1:05}",
        family=family,
        given=given,
        patronymic=father,
        phone=f"+7900000{(place * 7919 + 13) % 10_000:04}",
        email=f"{latin(family)}.{latin(given)[0]}{place}@example.com",
        birthday=day,
        last_visit=visit,
    )


@functools.cache
def _list(names: str) -> list[str]:
    return names.split()


def _some(rng: random.Random, table: str, spread: int) -> str:
    """Return one of the names of *table*; *spread* tells how many of the first are the usual ones."""
    names = _list(table)
    return names[min(int(rng.expovariate(1 / spread)), len(names) - 1)]


def _of_woman(family: str) -> str:
    if family.endswith(("ов", "ев", "ёв", "ин")):
        return family + "а"
    return family[:-2] + "ая" if family.endswith(("ский", "цкий")) else family


def _of_daughter(father: str) -> str:
    special = {"Ильич": "Ильинична", "Никитич": "Никитична", "Львович": "Львовна"}
    return special.get(father) or father[:-2] + "на"


# ---- mistakes --------------------------------------------------------------------------------

_ALPHABET = "абвгдежзийклмнопрстуфхцчшщыьэюя"
_KEYBOARD = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_LATIN_KEYBOARD = ("qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,.")
# how each scheme writes the letters that schemes differ in
_DIFFERENT = "ё ж й х ц ч ш щ ъ ы ь э ю я"
_SCHEMES = {
    "icao": "e zh i kh ts ch sh shch ie y - e iu ia",
    "bgn": "yo zh y kh ts ch sh shch - y - e yu ya",
    "gost": "yo zh j x cz ch sh shh - y' ' e' yu ya",
    "iso9": "ë ž j h c č š ŝ - y - è û â",
    "everyday": "e zh y h c ch sh sch - y - e yu ya",
    "juja": "jo zh j h ts ch sh sch - y - e ju ja",
}
_PLAIN = dict(zip("абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf", strict=True))


def latin(word: str, scheme: str = "everyday") -> str:
    """Return *word* in Latin letters by one of the schemes."""
    letters = zip(_DIFFERENT.split(), _SCHEMES[scheme].replace("-", "").split(" "), strict=True)
    table = _PLAIN | dict(letters)
    return "".join(table.get(letter, letter) for letter in word.lower())


def other_layout(text: str) -> str:
    """Return the keys of Russian *text* in the English layout."""
    pairs = zip("".join(_KEYBOARD) + "ё", "".join(_LATIN_KEYBOARD) + "`", strict=True)
    keys = dict(pairs)
    return "".join(keys.get(letter, letter) for letter in text.lower())


def _missing(rng: random.Random, word: str) -> str:
    at = rng.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def _extra(rng: random.Random, word: str) -> str:
    at = rng.randrange(1, len(word) + 1)
    return word[:at] + rng.choice(_ALPHABET) + word[at:]


def _doubled(rng: random.Random, word: str) -> str:
    at = rng.randrange(len(word))
    return word[:at] + word[at] + word[at:]


def _swapped(rng: random.Random, word: str) -> str:
    places = [at for at in range(len(word) - 1) if word[at] != word[at + 1]]
    at = rng.choice(places)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _wrong(rng: random.Random, word: str) -> str:
    at = rng.randrange(len(word))
    row = next((row for row in _KEYBOARD if word[at] in row), _KEYBOARD[0])
    place = row.find(word[at])
    near = [row[i] for i in (place - 1, place + 1) if 0 <= i < len(row)]
    letter = rng.choice([*near, rng.choice(_ALPHABET)])
    return word[:at] + (letter if letter != word[at] else "ц") + word[at + 1 :]


SLIPS: dict[str, Callable[[random.Random, str], str]] = {
    "missing": _missing,
    "extra": _extra,
    "doubled": _doubled,
    "swapped": _swapped,
    "wrong": _wrong,
}
_SHORTEST_SLIP = 4


def mistyped(rng: random.Random, person: Invented, slip: str) -> str:
    """Return family and given name with one slip in a word long enough for it."""
    words = [person.family.lower(), person.given.lower()]
    place = rng.choice([i for i, word in enumerate(words) if len(word) > _SHORTEST_SLIP] or [0])
    words[place] = SLIPS[slip](rng, words[place])
    return " ".join(words)


def queries(count: int, everybody: list[Invented], seed: int = SEED) -> list[tuple[str, str, str]]:
    """Return (kind of mistake, query, name that was meant), *count* of each kind."""
    rng = random.Random(seed)
    found: list[tuple[str, str, str]] = []
    for _turn in range(count):
        person = rng.choice(everybody)
        family, given = person.family, person.given
        made = {slip: mistyped(rng, person, slip) for slip in SLIPS} | {
            f"translit {scheme}": f"{latin(family, scheme)} {latin(given, scheme)}"
            for scheme in _SCHEMES
        }
        made |= {
            "layout": other_layout(f"{family} {given}"),
            "layout, half": f"{family} {other_layout(given)}",
            "order": f"{given} {person.patronymic} {family}",
            "initials": f"{family} {given[0]}.{person.patronymic[0]}.",
            "initials, glued": f"{given[0]}{person.patronymic[0]} {family}".lower(),
            "prefix": f"{family[:4]} {given}",
            "phone": f"8 ({person.phone[2:5]}) {person.phone[5:8]}-{person.phone[8:10]}-{person.phone[10:]}",
            "phone tail": person.phone[-4:],
        }
        found += [(kind, query, person.name) for kind, query in made.items()]
    return found
