"""The invented people of :mod:`benchmarks.people` as a store of cards, and as other programs keep them.

The first thousand of ten thousand cards are the thousand: card *i* depends on the seed and *i* alone.
One person and one word are planted, so that every size has an exact answer. Standard library only.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from benchmarks.people import SEED, Invented, latin, people

PLANTED = ("Кржижановская", "Ольга", "Дмитриевна")
RARE = "дарсонвализация"
_SHARE_OF_RARE = 2000
_SERVICES = (
    ("Стрижка женская", 2500), ("Стрижка мужская", 1800), ("Окрашивание", 5400), ("Укладка", 1600),
    ("Чистка лица", 3500), ("Массаж спины", 2800), ("Маникюр с покрытием", 2200), ("Педикюр", 2600),
    ("Пилинг миндальный", 3200), ("Уход для волос", 2100), ("Коррекция бровей", 900), ("Шугаринг", 1800),
)  # fmt: skip
_STAFF = ("Ольга", "Тимур", "Инна", "Екатерина")
_REMARKS = (
    "", "", "", "перенесла хорошо", "лёгкое покраснение", "опоздание 10 минут", "просит тише музыку",
    "кожа суховата", "повторить через месяц", "довольна результатом", "взять пробник крема",
)  # fmt: skip
_ADVICE = (
    "SPF 50 каждое утро", "крем с мочевиной на ночь", "маска для волос", "не загорать 14 дней",
    "увлажняющая сыворотка", "контрольный визит через 4 недели",
)  # fmt: skip
_NOTES = (
    "Предпочитает запись после шести вечера.", "Работает посменно, звонить после обеда.",
    "Любит зелёный чай, не любит громкую музыку.", "Приходит вместе с сестрой, записывать подряд.",
)  # fmt: skip
_TAGS = ("постоянный клиент", "новый", "абонемент", "чувствительная кожа", "vip", "утро", "вечер")


class Client(NamedTuple):
    """A person with what happened: visits are (date, service, price, staff, remark)."""

    person: Invented
    tags: tuple[str, ...]
    visits: tuple[tuple[str, str, int, str, str], ...]
    advice: tuple[tuple[str, str], ...]
    note: str


def clients(count: int, seed: int = SEED) -> Iterator[Client]:
    """Yield *count* clients; one bears the planted name, every two-thousandth had the rare service."""
    taken: set[str] = set()
    for place, person in enumerate(people(count, seed)):
        rng = random.Random(f"{seed}:card:{place}")
        card_id = person.id
        while card_id in taken:
            card_id = card_id[:-1] + rng.choice("0123456789abcdefghjkmnpqrstvwxyz")
        taken.add(card_id)
        known = replace(person, id=card_id)
        if place == count * 637 // 1000:
            family, given, father = PLANTED
            known = replace(known, family=family, given=given, patronymic=father)
        yield _client(known, place, rng)


def _client(person: Invented, place: int, rng: random.Random) -> Client:
    days = sorted(_day(rng) for _ in range(min(40, max(3, int(rng.lognormvariate(2.4, 0.6))))))
    visits = []
    for day in days:
        service, price = rng.choice(_SERVICES)
        visits.append((day, service, price, rng.choice(_STAFF), rng.choice(_REMARKS)))
    if place % _SHARE_OF_RARE == _SHARE_OF_RARE // 3:
        visits[-1] = (days[-1], RARE.capitalize(), 1900, "Екатерина", "")
    advice = tuple((_day(rng), rng.choice(_ADVICE)) for _ in range(rng.randint(0, 3)))
    tags = tuple(dict.fromkeys(rng.choices(_TAGS, k=rng.randint(0, 2))))
    return Client(person, tags, tuple(visits), advice, rng.choice(_NOTES))


def _day(rng: random.Random) -> str:
    return f"{rng.randint(2019, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def card(client: Client) -> str:
    """Return the text of a client's card."""
    person = client.person
    tags = "".join(f"  - {tag}\n" for tag in client.tags)
    lines = [
        "---", f"id: {person.id}", f"number: {person.number}", f"name: {person.name}", "phones:",
        f'  - "{person.phone}"', "emails:", f"  - {person.email}", f"birthday: {person.birthday}",
        *(["tags:", tags.rstrip("\n")] if tags else []), "created: 2019-01-10", "---", "",
        f"# {person.name}", "", "## Услуги", "",
    ]  # fmt: skip
    for number, (day, service, price, staff, remark) in enumerate(client.visits):
        mark = _entry_id(person, number)
        lines.append(f"- {day} {service} [price:: {price}] [staff:: {staff}] ^{mark}")
        lines += [f"  {remark}"] if remark else []
    if client.advice:
        lines += ["", "## Рекомендации", ""]
    for number, (day, text) in enumerate(client.advice, len(client.visits)):
        lines.append(f"- {day} {text} [every:: 1w] ^{_entry_id(person, number)}")
    lines += ["", "## Заметки", "", client.note, ""]
    return "\n".join(lines)


def _entry_id(person: Invented, number: int) -> str:
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    return person.id[0] + person.id[2:5] + alphabet[number // 32] + alphabet[number % 32]


def file_name(person: Invented) -> str:
    """Return the name of a card's file."""
    words = "".join(char if char.isalnum() else "-" for char in latin(person.name))
    return f"{words}-{person.id}.md"


SETTINGS = (
    "business: Лавр и мята\nlanguage: ru\ncurrency: RUB\nregion: RU\nprefix: К\ngit: {git}\n"
    "layout: {layout}\nstaff: [Ольга, Тимур, Инна, Екатерина]\nservices:\n"
    + "".join(f"  {service}: {price}\n" for service, price in _SERVICES)
)


def write_store(root: Path, count: int, *, sharded: bool = False, git: bool = False) -> None:
    """Write a store of *count* cards into the folder *root*."""
    (root / "cards").mkdir(parents=True)
    settings = SETTINGS.format(git="yes" if git else "no", layout="sharded" if sharded else "flat")
    (root / "cardcli.yaml").write_text(settings, encoding="utf-8")
    for client in clients(count):
        folder = root / "cards" / client.person.id[-1] if sharded else root / "cards"
        folder.mkdir(exist_ok=True)
        (folder / file_name(client.person)).write_text(card(client), encoding="utf-8")


def write_vcards(folder: Path, count: int) -> None:
    """Write a vCard 3.0 (RFC 2426) a file, as khard keeps them; what happened is in NOTE."""
    folder.mkdir(parents=True)
    for client in clients(count):
        person = client.person
        note = "\\n".join(f"{visit[0]} {visit[1]} {visit[2]} {visit[4]}" for visit in client.visits)
        lines = [
            "BEGIN:VCARD", "VERSION:3.0", f"UID:{person.id}", f"FN:{person.name}",
            f"N:{person.family};{person.given};{person.patronymic};;",
            f"TEL;TYPE=CELL:{person.phone}", f"EMAIL;TYPE=HOME:{person.email}",
            f"BDAY:{person.birthday}", f"NOTE:{note}", "END:VCARD", "",
        ]  # fmt: skip
        (folder / f"{person.id}.vcf").write_text("\r\n".join(lines), encoding="utf-8")


def write_papis(folder: Path, count: int) -> None:
    """Write a folder with an ``info.yaml`` a person, as papis keeps its documents."""
    for client in clients(count):
        person = client.person
        own = folder / person.id
        own.mkdir(parents=True)
        services = "; ".join(visit[1] for visit in client.visits)
        lines = [
            f"papis_id: {person.id}", f"ref: {person.id}", f"author: {person.name}",
            f"title: {person.name}", f"tags: {json.dumps(client.tags, ensure_ascii=False)}",
            f"abstract: {services}", "files: []", "type: misc", "",
        ]  # fmt: skip
        (own / "info.yaml").write_text("\n".join(lines), encoding="utf-8")


def write_text(path: Path, count: int) -> None:
    """Write one line a person, for programs that filter lines."""
    rows = [f"{each.person.name}\t{each.person.id}\t{each.person.phone}" for each in clients(count)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def write_database(path: Path, count: int) -> None:
    """Write an SQLite database with a full-text table of the cards, as one would by hand."""
    import sqlite3

    base = sqlite3.connect(path)
    base.execute("CREATE VIRTUAL TABLE cards USING fts5(id UNINDEXED, name, body)")
    rows = ((each.person.id, each.person.name, card(each)) for each in clients(count))
    base.executemany("INSERT INTO cards VALUES (?, ?, ?)", rows)
    base.commit()
    base.close()
