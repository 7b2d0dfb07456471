"""Clients who may be one person: how pairs are weighed, the command dupes, the question before new."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import duplicates as planted
from cardcli import card as cards
from cardcli import duplicates
from cardcli.duplicates import LIKELY, POSSIBLE, Pair
from cardcli.duplicates.naming import read
from cardcli.search import Directory, Person
from tests.conftest import Cli
from tests.test_terminal import at_terminal

PHONE, OTHER_PHONE = "+79000000127", "+79000000555"
BIRTHDAY = "1990-04-12"
_CROWD = [each for each in planted.base(2000, 99).people if not each.id.startswith("z")]
"""Names are only rare or usual among many."""


def person(id_: str, names: str, *contacts: str, birthday: str = "") -> Person:
    phones = tuple(each for each in contacts if "@" not in each)
    emails = tuple(each for each in contacts if "@" in each)
    return Person(id_, "", tuple(names.split("; ")), phones, emails, birthday)


def judged(one: Person, two: Person) -> Pair:
    return duplicates.judged(one, two, Directory([*_CROWD, one, two]))


MARIA = person("a11111", "Иванова Мария Петровна", PHONE, "maria@example.com", birthday=BIRTHDAY)


@pytest.mark.parametrize(
    "other",
    [
        person("b", "Иванова Мария Петровна", PHONE),
        person("b", "Ивонова Мария", "8 (900) 000-01-27"),
        person("b", "Иванова Мраия", PHONE),
        person("b", "Маша Иванова", PHONE),
        person("b", "Ivanova Mariya", "MARIA@example.com"),
        person("b", "Мария Петровна Иванова", OTHER_PHONE, birthday=BIRTHDAY),
        person("b", "Мария Иванова", OTHER_PHONE, birthday=BIRTHDAY),
        person("b", "Смирнова Мария Петровна", PHONE),
        person("b", "Смирнова Мария Петровна; Иванова Мария Петровна", PHONE),
        person("b", "Иванова М. П.", PHONE),
        person("b", "Мария", PHONE),
        person("b", "Иванова Мария Петровна", PHONE, birthday="--04-12"),
        person("b", "Иванова Мария Петровна", PHONE, birthday="1990-12-04"),
    ],
    ids=lambda each: " ".join(each.names),
)
def test_one_person_is_recognized(other: Person) -> None:
    assert judged(MARIA, other).score >= LIKELY, judged(MARIA, other)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (MARIA, person("b", "Иванов Пётр Сергеевич", PHONE, birthday="1988-01-05")),
        (MARIA, person("b", "Иванов Пётр", PHONE)),
        (MARIA, person("b", "Иванова Анна Петровна", PHONE, birthday=BIRTHDAY)),
        (MARIA, person("b", "Иванова Марина Петровна", PHONE, birthday=BIRTHDAY)),
        (MARIA, person("b", "Иванова Мария Петровна", PHONE, birthday="2015-07-01")),
        (MARIA, person("b", "Иванова Мария Сергеевна", PHONE)),
        (MARIA, person("b", "Иванова Мария Петровна", OTHER_PHONE, birthday="1961-08-30")),
        (MARIA, person("b", "Иванова Мария Петровна", OTHER_PHONE)),
        (MARIA, person("b", "Кузнецова Ольга", PHONE, "maria@example.com")),
        (
            person("a", "ООО Тихий берег", PHONE),
            person("b", "Осипова Наталья; ООО Тихий берег", PHONE),
        ),
        (person("a", "Орлов Александр", PHONE), person("b", "Орлова Александра", PHONE)),
    ],
    ids=lambda each: " ".join(each.names),
)
def test_two_people_are_told_apart(one: Person, two: Person) -> None:
    assert judged(one, two).score < LIKELY, judged(one, two)


def test_one_company_is_recognized_without_its_legal_form() -> None:
    one, two = person("a", "ООО «Тихий берег»", PHONE), person("b", "Тихий Берег ООО", PHONE)
    assert judged(one, two).score >= LIKELY


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Иванова Мария Петровна", ("иванова", "мария", "петровна")),
        ("Мария Петровна Иванова", ("иванова", "мария", "петровна")),
        ("Маша Иванова", ("иванова", "маша", "")),
        ("М. П. Иванова", ("иванова", "м", "п")),
        ("Абрамович Роман Аркадьевич", ("абрамович", "роман", "аркадьевич")),
        ("Рахман-заде Лейла Фарид кызы", ("рахманзаде", "леила", "фаридкызы")),
        ("Мария", ("", "мария", "")),
        ("Иванова", ("иванова", "", "")),
    ],
)
def test_a_name_is_read_in_any_order(written: str, parts: tuple[str, str, str]) -> None:
    assert read(written)[:3] == parts


@pytest.mark.parametrize("seed", [3, 11])
def test_planted_duplicates_are_found_and_hardly_anything_else(seed: int) -> None:
    made = planted.base(4000, seed)
    found = {frozenset({pair.one.id, pair.two.id}) for pair in duplicates.pairs(made.people)}
    right = found & set(made.planted)
    assert len(right) >= 0.95 * len(made.planted)
    assert len(right) >= 0.98 * len(found)


def test_all_pairs_and_a_single_question_say_the_same() -> None:
    made = planted.base(600, 5)
    words = Directory(made.people)
    for pair in duplicates.pairs(made.people):
        found = {match.person.id: match.score for match in duplicates.likely(pair.one, words)}
        assert abs(found[pair.two.id] - pair.score) <= 5


def test_who_is_known_to_be_another_person_is_no_pair() -> None:
    two = person("b22222", "Иванова Мария Петровна", PHONE)
    assert duplicates.pairs([MARIA, two])
    assert not duplicates.pairs([MARIA._replace(apart=("b22222",)), two])
    assert not duplicates.likely(two, Directory([MARIA._replace(apart=("b22222",))]))


# --- the command ------------------------------------------------------------------------------------


@pytest.fixture
def masha(salon: Path, maria: str, cli: Cli) -> str:
    """Add a second card of Maria, and somebody else."""
    assert salon.is_dir()
    assert cli("new", "Петров Пётр Ильич", "--phone", "8 900 000-01-28").code == 0
    assert maria
    return cli("new", "Маша Иванова", "--phone", "8 900 000-01-27", "--anyway").ids()[0]


def test_a_pair_is_shown_with_the_reasons(maria: str, masha: str, cli: Cli) -> None:
    result = cli("dupes")
    assert result.code == 0
    (line,) = result.out.splitlines()
    score, *cells, why = line.split("\t")
    assert int(score) >= LIKELY
    assert set(cells[:2]) == {maria, masha}
    assert why.startswith("same phone; ")
    assert "short form of the given name" in why
    assert "+15.0  same phone" in cli("dupes", "--explain").out
    for client in (maria, masha):
        assert len(cli("dupes", client).out.splitlines()) == 1
    assert "same phone" in cli("dupes", maria, masha).out


def test_json_names_codes_not_words(maria: str, masha: str, cli: Cli) -> None:
    (pair,) = json.loads(cli("dupes", "--json").out)
    assert {pair["one"]["id"], pair["two"]["id"]} == {maria, masha}
    assert {"what": "phone", "how": "same", "bits": 15.0} in pair["evidence"]
    assert pair["not_same"] is False


def test_the_exit_code_is_for_scripts(maria: str, masha: str, cli: Cli) -> None:
    assert cli("dupes", "--exit-code").code == 1
    assert cli("dupes", maria, masha, "--not-same").code == 0
    assert cli("dupes", "--exit-code").code == 0
    assert cli("dupes").out == ""


def test_a_decision_stands_in_both_cards_and_in_one_commit(
    salon: Path, maria: str, masha: str, cli: Cli
) -> None:
    assert cli("dupes", maria, masha, "--not-same").code == 0
    told = {
        card.id: card.values("not_same_as")
        for path in (salon / "cards").glob("*.md")
        if (card := cards.parse(path.read_text("utf-8"))).values("not_same_as")
    }
    assert told == {maria: [masha], masha: [maria]}
    assert json.loads(cli("dupes", maria, masha, "--json").out)[0]["not_same"] is True
    assert cli("undo").code == 0
    assert cli("dupes").out != ""


def test_a_query_and_a_least_score_narrow_the_list(maria: str, masha: str, cli: Cli) -> None:
    assert cli("set", masha, "tags+=vip").code == 0
    assert cli("dupes", "--where", "tag:vip").out != ""
    assert cli("dupes", "--where", "tag:regular").out == ""
    assert len(cli("dupes", "--min", "0", "--limit", "1").out.splitlines()) == 1
    assert maria


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--not-same",), "name both"),
        (("--not-same", "MARIA"), "name both"),
        (("MARIA", "MARIA", "--not-same"), "both are the same client"),
        (("--settle",), "needs a terminal"),
        (("--min", "101"), "101 does not lie between 0 and 99"),
    ],
)
def test_what_makes_no_sense_is_said(
    maria: str, cli: Cli, arguments: tuple[str, ...], sentence: str
) -> None:
    result = cli("dupes", *[maria if word == "MARIA" else word for word in arguments])
    assert (result.code, sentence in result.err) == (2, True), result.err


def test_pairs_are_gone_through_at_a_terminal(
    salon: Path, maria: str, masha: str, cli: Cli
) -> None:
    code, screen = at_terminal(salon, "dupes", "--settle", typed="2\n")
    assert code == 0, screen
    assert "One person?" in screen
    assert cli("dupes").out == ""
    assert cli("dupes", maria, masha, "--same").code == 0
    code, screen = at_terminal(salon, "dupes", "--settle", typed="1\n\ny\n")
    assert code == 0, screen
    assert len(list((salon / "cards").glob("*.md"))) == 2


# --- before a card is made ----------------------------------------------------------------------------


def test_a_client_who_is_here_already_is_not_made_again(salon: Path, maria: str, cli: Cli) -> None:
    refused = cli("new", "Маша Иванова", "--phone", "+7 900 000 01 27")
    assert refused.code == 10
    assert refused.out == ""
    assert maria in refused.err
    assert "same phone" in refused.err
    assert "--anyway" in refused.err
    assert len(list((salon / "cards").glob("*.md"))) == 1
    assert cli("new", "Маша Иванова", "--phone", "+7 900 000 01 27", "--anyway").code == 0


def test_a_namesake_is_made_with_a_warning(maria: str, cli: Cli) -> None:
    made = cli("new", "Иванова Мария Петровна")
    assert made.code == 0
    assert f"perhaps the same client: {maria}" in made.err


@pytest.mark.parametrize("name", ["Иванов Пётр", "Иванова Анна Петровна", "Кузнецова Ольга"])
def test_a_relative_at_the_same_phone_is_made_without_ado(maria: str, cli: Cli, name: str) -> None:
    made = cli("new", name, "--phone", "8 900 000-01-27")
    assert made.code == 0, made.err
    assert maria not in made.err


def test_at_a_terminal_the_user_decides(salon: Path, maria: str) -> None:
    code, screen = at_terminal(
        salon, "new", "Маша Иванова", "--phone", "8 900 000-01-27", typed="n\n"
    )
    assert code == 130, screen
    assert maria in screen
    assert len(list((salon / "cards").glob("*.md"))) == 1
    code, screen = at_terminal(
        salon, "new", "Маша Иванова", "--phone", "8 900 000-01-27", typed="y\n"
    )
    assert code == 0, screen
    assert len(list((salon / "cards").glob("*.md"))) == 2


def test_possible_is_below_likely() -> None:
    assert POSSIBLE < LIKELY
