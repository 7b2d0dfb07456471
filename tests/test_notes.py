"""Markdown notes of people: what the front matter says, what is kept of the text, what is no person."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardcli.exchange.incoming import Incoming, Options, Skipped, Told
from cardcli.exchange.notes import CODEC
from cardcli.exchange.reading import Client, read
from cardcli.kinds import Kinds

OPTIONS = Options(Kinds(), dt.date(2026, 6, 15))
NOTE = """---
type: person
aliases: [Верочка]
Телефон: 8 900 000-05-01
email:
  - kim@example.com
birthday: 1990-04-12
company: "[[ООО Вереск|Вереск]]"
tags: [people, vip]
рост: 170
cssclass: wide
created: 2026-01-10
---
# Ким Вера

Познакомились на выставке.

## Услуги

- 2026-05-14 Стрижка [price:: 2500]

## Встречи

- пили чай
"""


def told(text: str, name: str = "people/Ким Вера.md") -> Told:
    (found,) = CODEC.read(text.encode(), name, OPTIONS)
    return found


def test_a_note_of_obsidian_comes_in_whole() -> None:
    found = told(NOTE)
    assert isinstance(found, Incoming)
    client = read(found, OPTIONS)
    assert isinstance(client, Client)
    assert client.values == {
        "name": "Ким Вера",
        "phones": ["+79000000501"],
        "emails": ["kim@example.com"],
        "birthday": "1990-04-12",
        "workplace": "Вереск",
        "tags": ["vip"],
        "created": "2026-01-10",
    }
    assert found.unknown == {"aliases": ["Верочка"], "рост": ["170"]}
    visit, note = client.entries
    assert (visit.kind, visit.title, visit.fields) == ("visit", "Стрижка", {"price": "2500"})
    assert (note.kind, note.date, note.title) == ("note", "2026-01-10", "From the note “Ким Вера”")
    assert note.text == "Познакомились на выставке.\n\nВстречи:\n- пили чай"


def test_dated_lines_under_headings_of_others_stay_in_the_text() -> None:
    found = told(
        "---\nphone: 89000000503\ncreated: 2026-01-10\n---\nПришла от Анны.\n\n## Визиты\n"
        "- 2024-01-05 маникюр 1500\n  гель\n- просила тишины\n\n## Ещё\nодно\n\n## Ещё\nдругое\n"
    )
    assert isinstance(found, Incoming)
    (note,) = found.entries
    assert note.text == (
        "Пришла от Анны.\n\nВизиты:\n- 2024-01-05 маникюр 1500\n  гель\n- просила тишины"
        "\n\nЕщё:\nодно\n\nЕщё:\nдругое"
    )


def test_a_card_of_ours_is_taken_as_it_stands() -> None:
    for path in sorted((Path(__file__).parents[1] / "cards").glob("*.md")):
        text = path.read_bytes().decode()
        found = told(text, path.name)
        assert isinstance(found, Incoming)
        assert found.text == text


def test_a_note_without_a_heading_is_named_after_its_file() -> None:
    found = told("---\nphone: 89000000502\n---\n", "people/Ким Вера.md")
    assert isinstance(found, Incoming)
    assert found.values["name"] == [("", "Ким Вера")]


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("# Дневник\n\nБыло солнечно.\n", "a.md:1", "does not begin with front matter"),
        ("", "a.md:1", "does not begin with front matter"),
        ("---\nname: А\n", "a.md:1", "the front matter is not closed"),
        ("---\nname: [А\n---\n", "a.md:", ""),
        ("---\nname: А\nname: Б\n---\n", "a.md:3", "given twice"),
        ("---\na: &a [*a]\n---\n", "a.md:", ""),
        ("---\ntags: [diary]\ndate: 2026-01-01\n---\nтекст\n", "a.md:1", "tells of a person"),
        ("---\n---\n", "a.md:1", "tells of a person"),
        ("---\nname: А\n---\n<<<<<<< HEAD\n", "a.md:4", "git conflict markers"),
        ("---\n- а\n---\n", "a.md:", ""),
    ],
)
def test_a_note_that_is_no_person_is_told_with_its_line(text: str, place: str, reason: str) -> None:
    found = told(text, "a.md")
    assert isinstance(found, Skipped)
    assert found.place.startswith(place)
    assert reason in found.reason


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    for whole in (text, f"---\n{text}\n---\n", f"---\nname: А\n{text}\n---\n{text}"):
        for found in CODEC.read(whole.encode("utf-8", "replace"), "a.md", OPTIONS):
            if isinstance(found, Incoming):
                read(found, OPTIONS)
