"""Finding words in entries, prose and fields; completion; choosing at the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cardcli import card as cards
from cardcli.fulltext import Passage, passages, stem, wanted
from tests.conftest import Cli

TEXT = """---
id: k7f3qd
number: К-00001
name: Иванова Мария
allergies: [лидокаин]
---

# Иванова Мария

Любит зелёный чай.

## Услуги

- 2026-05-14 Окрашивание [price:: 5200] [staff:: Инна] ^e2x9qt
  Тон 7.1, выдержка 35 минут.
  Попросила не укорачивать чёлку.
- 2026-06-01 Стрижка [staff:: Ольга] ^e7f3qd

## Рекомендации

- 2026-06-01 Маска для окрашенных волос [every:: 1w] ^r0c4tt
"""


def found(typed: str, since: str = "", heading: str = "") -> list[Passage]:
    headings = [heading] if heading else []
    return list(passages(cards.parse(TEXT), wanted(typed, since, headings)))


@pytest.mark.parametrize(
    "forms",
    [
        "окрашивание окрашивания окрашиванием окрашиванию",
        "чёлка чёлку чёлки",
        "стрижка стрижке стрижек",
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    stems = {stem(word.replace("ё", "е")) for word in forms.split()[:3]}
    assert len({each[:5] for each in stems}) == 1


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("окрашиванию", [14]), ("окраш", [14, 21]), ("челка", [16]), ("ЧЁЛКУ укорачивать", [16]),
        ("лидокаина", [5]), ("зеленым чай", [10]), ("инна", [14]), ("инна чай", []),
        ('"зелёный чай"', [10]), ('"чай зелёный"', []), ("волосы маска", [21]), ("мария", [4, 8]),
    ],
)  # fmt: skip
def test_words_are_found_in_any_inflection_where_they_stand(typed: str, lines: list[int]) -> None:
    assert [each.line for each in found(typed)] == lines


def test_a_day_or_a_kind_leaves_only_entries() -> None:
    assert [each.entry for each in found("окраш", since="2026-06-01")] == ["r0c4tt"]
    assert [each.entry for each in found("окраш", heading="Услуги")] == ["e2x9qt"]
    assert found("чай", heading="услуги") == []


def test_passages_are_printed_with_file_and_line(salon: Path, cli: Cli) -> None:
    (salon / "cards" / "maria.md").write_text(TEXT, encoding="utf-8")
    result = cli("find", "--text", "окрашиванием")
    where, card_id, name, date, text = result.out.strip().split("\t")
    assert (where, card_id, name) == ("cards/maria.md:14", "k7f3qd", "Иванова Мария")
    assert (date, text) == ("2026-05-14", "Окрашивание · 5200 · Инна")
    (row,) = json.loads(cli("find", "--text", "стрижку", "--kind", "Услуги", "--json").out)
    assert (row["line"], row["entry"], row["kind"]) == (17, "e7f3qd", "visit")
    assert cli("find", "--text", "педикюр").code == 1
    assert cli("find", "--text", "—").code == 2
    assert cli("find", "--kind", "visit", "иванова").code == 2


def test_words_are_found_among_the_clients_that_are_meant(salon: Path, cli: Cli) -> None:
    (salon / "cards" / "maria.md").write_text(TEXT, encoding="utf-8")
    other = TEXT.replace("k7f3qd", "k7f3qe").replace("Иванова Мария", "Петрова Анна")
    (salon / "cards" / "anna.md").write_text(other, encoding="utf-8")
    assert len(cli("find", "--text", "лидокаин").out.splitlines()) == 2
    assert cli("find", "петрова", "--text", "лидокаин").out.split("\t")[1] == "k7f3qe"


def test_the_id_alone_is_printed_of_one_client_only(salon: Path, maria: str, cli: Cli) -> None:
    assert salon.is_dir()
    assert cli("find", "--id", "иванова").out == f"{maria}\n"
    cli("new", "Иванова Анна")
    assert cli("find", "--id", "иванова").code == 4
    assert cli("find", "--id").code == 2


def completed(cli: Cli, monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    words = f"cardcli {line}"
    monkeypatch.setenv("_CARDCLI_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
    return cli().out.split("\n")[:-1]


def test_clients_tags_services_and_staff_are_completed(
    salon: Path, maria: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert salon.is_dir()
    cli("set", maria, "tags+=постоянный клиент")
    cli("visit", maria, "Стрижка женская", "--staff", "Ольга")
    name = f"Иванова_Мария_Петровна_{maria}"
    for command in ("show", "check", "dupes", f"dupes {maria}"):
        assert completed(cli, monkeypatch, f"{command} Ива") == [name]
    assert completed(cli, monkeypatch, "show иванова_м") == ["иванова_м" + name[9:]]
    assert completed(cli, monkeypatch, f"show {maria[:3]}") == [maria]
    assert completed(cli, monkeypatch, "new x --tag пост") == ["постоянный\\ клиент"]
    assert completed(cli, monkeypatch, f"visit {maria} стр") == ["стрижка\\ женская"]
    assert completed(cli, monkeypatch, "visit x y --staff О") == ["Ольга"]
    monkeypatch.delenv("_CARDCLI_COMPLETE")
    assert cli("show", name).code == 0
