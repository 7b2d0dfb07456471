"""CSV that cardcli writes: safe in a spreadsheet, and read again it gives the same table."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardcli import card as cards
from cardcli.card import Card
from cardcli.exchange import csvfile
from cardcli.yamlpatch import Value
from tests.conftest import Cli

_WORDS = st.text(st.sampled_from("абв AB:;,\\'\"=+-@\t\nё|{}[]#№ 7"), min_size=1, max_size=12)


@given(
    st.lists(st.tuples(st.sampled_from(["", "work", "раб: тел", "a;b", "\\"]), _WORDS), max_size=4)
)
def test_items_and_labels_of_a_cell_are_read_as_they_were_written(
    pairs: list[tuple[str, str]],
) -> None:
    value: list[Value] = [{label: text} if label else text for label, text in pairs]
    card = Card("", {"phones": value})
    assert csvfile.items(csvfile.as_was(csvfile.safe(csvfile.cell(card, "phones")))) == pairs


@given(st.text(st.sampled_from("'=+-@\t\r7 aб"), max_size=6))
def test_what_is_made_safe_comes_back_and_starts_no_formula(text: str) -> None:
    safe = csvfile.safe(text)
    assert csvfile.as_was(safe) == text
    assert safe[:1] not in "=-@\t\r" or not safe


def test_a_phone_stays_as_it_is() -> None:
    assert csvfile.safe("+79000000127") == "+79000000127"
    assert csvfile.safe("+7 (900) 000-01-27") == "+7 (900) 000-01-27"
    assert csvfile.safe("+79000000127; work: +79000000128") == "+79000000127; work: +79000000128"
    assert csvfile.safe("+1; cmd(1)") == "'+1; cmd(1)"
    assert csvfile.safe("+7+cmd|' /C calc'!A0").startswith("'")


def exported(root: Path, *, excel: bool = False) -> bytes:
    found = [cards.parse(path.read_text("utf-8")) for path in sorted((root / "cards").glob("*.md"))]
    found.sort(key=lambda card: card.id)
    keys = csvfile.columns(found, found[0].kinds.profile)
    return b"".join(csvfile.write(found, keys, excel=excel))


def fill(root: Path, cli: Cli) -> None:
    assert cli("new", "Иванова Мария Петровна", "--phone", "8 900 000-01-27", "--birthday", "12.04.1990",
               "--email", "maria@example.com", "--allergy", "лидокаин; сильно", "--tag", "vip").code == 0  # fmt: skip
    assert (
        cli(
            "set",
            "иванова",
            "phones+=work: +7 900 000-01-28",
            "addresses+=ул. Новая; дом 5: вход 2",
        ).code
        == 0
    )
    assert cli("set", "иванова", "comment==1+1\nи так далее", "мастер=Ольга: только она").code == 0
    assert cli("new", "ООО «Лён»", "--company", "--phone", "12-34").code == 0
    assert cli("new", "Котова Анна", "--set", "comment=нет", "--set", "preferences=-").code == 0
    (path,) = (root / "cards").glob("kotova*.md")
    text = path.read_text("utf-8")
    own = 'дети:\n  - Лиза\n  - Пётр\nразмеры:\n  нога: "37"\ncomment:'
    path.write_text(text.replace("comment:", own), "utf-8")


@pytest.mark.parametrize("excel", [False, True])
def test_export_import_export_is_identical(
    tmp_path: Path, salon: Path, cli: Cli, excel: bool
) -> None:
    fill(salon, cli)
    first = exported(salon, excel=excel)
    file = tmp_path / "clients.csv"
    file.write_bytes(first)
    other = tmp_path / "other"
    cli("init", str(other), "--language", "ru")
    result = cli("import", str(file), "--yes", "--store", str(other))
    assert result.code == 0, result.err
    assert exported(other, excel=excel) == first
    again = cli("import", str(file), "--yes", "--json")
    assert json.loads(again.out)["counts"]["same"] == 3
    assert json.loads(again.out)["applied"] is False


def test_excel_gets_a_mark_and_semicolons() -> None:
    card = cards.parse('---\nid: k7f3qd\nname: Котова Анна\nphones:\n  - "+79000000201"\n---\n')
    data = b"".join(csvfile.write([card], ["id", "name", "phones"], excel=True))
    assert data.decode("utf-8-sig") == "id;name;phones\r\nk7f3qd;Котова Анна;+79000000201\r\n"
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == ["k7f3qd", "Котова Анна", "+79000000201"]
