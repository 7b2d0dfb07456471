"""How often the search finds the one who is meant, by kind of mistake; and how often nobody is found."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.people import Invented, people, queries
from cardcli.search import Directory, Person, search

DATA = Path(__file__).parents[1] / "tests" / "data"
_CROWD = 2000  # more would have the card numbers of those who are meant


def measure(count: int) -> None:
    """Print how often the one who is meant comes first, and among the first three."""
    known = typed_people()
    phones = {phone for person in known for phone in person.phones}
    invented = [each for each in people(count) if each.phone not in phones]
    crowd = Directory([*known, *map(as_person, invented[:_CROWD])])
    typed = [(kind, query, {meant}) for kind, query, meant in rows("recall.tsv")]
    print_recall(f"typed queries among {len(crowd)} clients", typed, crowd)
    base = Directory([*known, *map(as_person, invented)])
    by_name: dict[str, set[str]] = defaultdict(set)
    for each in invented:
        by_name[each.name].add(each.id)
        by_name[f"{each.family} {each.given}"].add(each.id)
    made = [
        (kind, query, by_name[meant] | by_name[" ".join(meant.split(" ")[:2])])
        for kind, query, meant in queries(20, invented)
    ]
    print_recall("mistakes made by rule", made, base)
    nobody = [row[0] for row in rows("nobody.txt")]
    found = [query for query in nobody if search(query, base)]
    print(f"\nqueries that mean nobody: {len(nobody)}, answered all the same: {len(found)}")
    print(textwrap.indent("\n".join(found), "  "))


def print_recall(title: str, asked: Sequence[tuple[str, str, set[str]]], base: Directory) -> None:
    """Print one table by kind of mistake; all who bear the name that is meant are right answers."""
    places: dict[str, list[int]] = defaultdict(list)
    for kind, query, meant in asked:
        ids = [match.person.id for match in search(query, base, 3)]
        places[kind].append(next((i for i, each in enumerate(ids) if each in meant), 3))
    print(f"\n{title}\n{'kind':20}{'queries':>8}{'first':>8}{'in three':>10}")
    for kind, found in places.items():
        first, three = found.count(0) / len(found), sum(place < 3 for place in found) / len(found)
        print(f"{kind:20}{len(found):8}{first:8.0%}{three:10.0%}")


def rows(name: str) -> list[list[str]]:
    """Return the rows of a file of the test data."""
    lines = (DATA / name).read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("# ")]


def typed_people() -> list[Person]:
    """Return the people whom the typed queries mean; the phone ends like the card number."""
    return [
        Person(
            card_id, number, tuple(names.split("; ")), ("+7900000" + number[-4:],),
            tuple(emails.split()), birthday,
        )
        for card_id, number, names, birthday, emails in rows("recall_people.tsv")
    ]  # fmt: skip


def as_person(each: Invented) -> Person:
    """Return an invented client as the search sees them."""
    return Person(
        each.id, each.number, (each.name,), (each.phone,), (each.email,), each.birthday, each.last_visit
    )  # fmt: skip
