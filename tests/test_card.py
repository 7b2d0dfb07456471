from __future__ import annotations

import difflib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cardcli import card as cards
from cardcli.card import NoEntryError
from cardcli.entry import Entry
from cardcli.errors import BadCardError
from cardcli.text import clean_line, clean_text
from cardcli.yamlpatch import Value
from tests.test_text import AWKWARD

CARD = """\
---
# правится руками
id: k7f3qd
number: К-00127
name: Иванова Мария Петровна
phones:
  - '+79000000127'   # мобильный
любимый чай: зелёный
---

# Иванова Мария Петровна

Живёт рядом, приходит пешком.

## Услуги

- 2026-05-14 Стрижка [price:: 2500] [staff:: Ольга] ^e7f3qd
- 2026-06-01 14:30 Окрашивание [price:: 5200] ^e2x9qt
  Тон 7.1, выдержка 35 минут.

  Попросила не укорачивать чёлку.

Слова между записями.

- 2026-06-03 Укладка ^e3x9qt

## Мой раздел

* что-то своё

## Заметки

- 2026-01-02 Любит тишину ^n0c4tt
"""


def diff(old: str, new: str) -> list[str]:
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and not line.startswith(("+++", "---"))]


def visit(date: str, title: str = "Маникюр", **more: object) -> Entry:
    return Entry("mmmmmm", date, title, kind="visit", section="Услуги")._replace(**more)  # type: ignore[arg-type]


def test_a_card_is_read_whole() -> None:
    card = cards.parse(CARD)
    assert (card.id, card.number, card.name) == ("k7f3qd", "К-00127", "Иванова Мария Петровна")
    assert card.values("phones") == ["+79000000127"]
    assert card.value("любимый чай") == "зелёный"
    assert [each.id for each in card.entries] == ["e7f3qd", "e2x9qt", "e3x9qt", "n0c4tt"]
    assert [each.kind for each in card.entries] == ["visit", "visit", "visit", "note"]
    coloured = card.entry("^E2X9QT")
    assert (coloured.time, coloured.line) == ("14:30", 18)
    assert coloured.text == "Тон 7.1, выдержка 35 минут.\n\nПопросила не укорачивать чёлку."
    assert card.prose["Мой раздел"] == "* что-то своё"
    assert card.problems == ()


PIECES = [*"-^[]: \n#`>|=<~\r", "- 2026-05-14 ", " ^k7f3qd", "---\n", "## Услуги\n", "```\n", "  "]


@given(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))
def test_the_lines_of_what_was_read_give_the_same_text(body: str, tail: str) -> None:
    text = "---\nid: k7f3qd\n---\n" + body + tail
    try:
        card = cards.parse(text)
    except BadCardError:
        return
    assert card.problems is not None
    assert "\n".join(card.lines) == text


@given(AWKWARD, AWKWARD, AWKWARD, st.sampled_from(["", "09:05"]), st.sampled_from(["\n", "\r\n"]))
@example("12:30 чай", "^x", "# a\n---\n\t- b\n```", "", "\r\n")
@example("---", "[x:: y]", "\\# a\n\\", "", "\n")
def test_an_append_adds_exactly_one_entry_and_changes_nothing_else(
    title: str,
    value: str,
    text: str,
    time: str,
    newline: str,
) -> None:
    whole = CARD.replace("\n", newline)
    card = cards.parse(whole)
    entry = visit(
        "2026-05-20", title, time=time, text=text, fields={"products": value, "своё": value}
    )
    changed = cards.append(card, entry, "Услуги")
    assert not [line for line in diff(whole, changed) if line.startswith("-")]
    found = cards.parse(changed)
    (made,) = [each for each in found.entries if each.id == "mmmmmm"]
    assert made.title == (clean_line(title) or "—")
    assert made.fields == {"products": clean_line(value), "своё": clean_line(value)}
    assert made.text == clean_text(text)
    assert made.time == time
    assert [each.content for each in found.entries if each.id != "mmmmmm"] == [
        each.content for each in card.entries
    ]
    assert found.metadata == card.metadata
    assert found.prose == card.prose
    assert cards.remove(found, "mmmmmm") == whole


@pytest.mark.parametrize(
    ("date", "above"),
    [
        ("2026-01-01", "## Услуги"),
        ("2026-05-14", "- 2026-05-14 Стрижка [price:: 2500] [staff:: Ольга] ^e7f3qd"),
        ("2026-06-02", "Слова между записями."),
        ("2026-07-01", "- 2026-06-03 Укладка ^e3x9qt"),
    ],
)
def test_an_entry_stands_at_its_place_by_date(date: str, above: str) -> None:
    lines = [
        line for line in cards.append(cards.parse(CARD), visit(date), "Услуги").split("\n") if line
    ]
    assert lines[lines.index(f"- {date} Маникюр ^mmmmmm") - 1] == above


def test_a_missing_section_is_made_at_its_canonical_place() -> None:
    entry = Entry("mmmmmm", "2026-02-02", "Маска", kind="advice", section="Рекомендации")
    text = cards.append(cards.parse(CARD), entry, "Рекомендации")
    assert diff(CARD, text) == ["+## Рекомендации", "+", "+- 2026-02-02 Маска ^mmmmmm", "+"]
    headings = [line for line in text.split("\n") if line.startswith("## ")]
    assert headings == ["## Услуги", "## Мой раздел", "## Рекомендации", "## Заметки"]


def test_a_section_in_the_other_language_is_used() -> None:
    text = CARD.replace("## Услуги", "## Services")
    assert "## Услуги" not in cards.append(cards.parse(text), visit("2026-07-01"), "Услуги")


def test_entries_of_one_day_keep_the_order_they_were_added_in() -> None:
    text = CARD
    for number in range(5):
        card = cards.parse(text)
        entry = visit(
            "2026-06-10", f"Услуга {number}", id=cards.fresh_id(card, "visit", "2026-06-10")
        )
        text = cards.append(card, entry, "Услуги")
    day = [each for each in cards.parse(text).entries if each.date == "2026-06-10"]
    assert [each.title for each in day] == [f"Услуга {number}" for number in range(5)]
    assert day == sorted(day, key=lambda each: each.key)


def test_a_file_without_a_last_line_break_keeps_every_line() -> None:
    text = CARD.rstrip("\n")
    changed = cards.append(
        cards.parse(text), Entry("mmmmmm", "2026-09-09", "Ещё", kind="note"), "Заметки"
    )
    assert changed == text + "\n- 2026-09-09 Ещё ^mmmmmm"


def test_a_bom_and_crlf_stay_as_they_are() -> None:
    text = cards.BOM + CARD.replace("\n", "\r\n")
    card = cards.parse(text)
    assert card.name == "Иванова Мария Петровна"
    changed = cards.append(card, visit("2026-05-20"), "Услуги")
    changed = cards.set_key(cards.parse(changed), "phones", ["+79000000127", "+79000000128"])
    assert diff(text, changed) == ['+  - "+79000000128"\r', "+- 2026-05-20 Маникюр ^mmmmmm\r"]
    assert changed.startswith(cards.BOM)


@pytest.mark.parametrize(
    "written",
    [
        "- 2026-05-14 Стрижка ^e7f3qd\n\n  пустая строка выше",
        "- 2026-05-14 Стрижка\tженская [wish:: без\tлака] ^e7f3qd\n  строка\x0cс переносом листа",
        "- 2026-05-14 [rating:: 5] ^e7f3qd",
    ],
)
def test_what_somebody_wrote_in_an_odd_way_stays_so_when_the_entry_is_amended(written: str) -> None:
    card = cards.parse(f"{CARD.partition('## ')[0]}## Услуги\n\n{written}\n")
    priced = cards.amend(
        card, "e7f3qd", lambda each: each._replace(fields={**each.fields, "price": "7"})
    )
    assert priced == card.text.replace(" ^e7f3qd", " [price:: 7] ^e7f3qd")
    moved = cards.amend(card, "e7f3qd", lambda each: each._replace(date="2026-05-15"))
    assert moved == card.text.replace("- 2026-05-14", "- 2026-05-15")


def test_amending_writes_only_what_differs() -> None:
    card = cards.parse(CARD)
    text = cards.amend(
        card, "e7f3qd", lambda each: each._replace(fields={**each.fields, "price": "2700"})
    )
    assert diff(CARD, text) == [
        "-- 2026-05-14 Стрижка [price:: 2500] [staff:: Ольга] ^e7f3qd",
        "+- 2026-05-14 Стрижка [price:: 2700] [staff:: Ольга] ^e7f3qd",
    ]
    text = cards.amend(
        card, "e7f3qd", lambda each: each._replace(fields={"staff": "Ольга"}, title="Каре")
    )
    assert "- 2026-05-14 Каре [staff:: Ольга] ^e7f3qd" in text


def test_an_unusual_arrangement_of_fields_stays() -> None:
    odd = CARD.replace(
        "Стрижка [price:: 2500] [staff:: Ольга]", "[staff::Ольга] Стрижка  [своё:: да] короткая"
    )
    text = cards.amend(
        cards.parse(odd), "e7f3qd", lambda each: each._replace(fields={**each.fields, "price": "1"})
    )
    assert "- 2026-05-14 [staff::Ольга] Стрижка  [своё:: да] короткая [price:: 1] ^e7f3qd" in text


def test_an_entry_whose_date_changes_moves_with_its_text() -> None:
    card = cards.parse(CARD)
    text = cards.amend(card, "e2x9qt", lambda each: each._replace(date="2026-05-01", time=""))
    assert [each.id for each in cards.parse(text).of_kind("visit")] == [
        "e2x9qt",
        "e7f3qd",
        "e3x9qt",
    ]
    assert cards.parse(text).entry("e2x9qt").text == card.entry("e2x9qt").text


NAMES = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)


@given(
    st.sampled_from(["source", "birthday", "tags", "новое", "phones"]),
    st.one_of(NAMES, st.lists(NAMES, min_size=1), st.none()),
)
def test_setting_a_key_changes_that_key_alone(key: str, value: Value | None) -> None:
    card = cards.parse(CARD)
    changed = cards.parse(cards.set_key(card, key, value))
    expected = {k: v for k, v in card.metadata.items() if k != key}
    assert changed.metadata == (expected if value is None else expected | {key: value})
    body = CARD.split("---\n", 2)[2]
    assert changed.text.endswith(body)
    assert "# правится руками" in changed.text


def test_the_heading_follows_the_name_but_not_a_heading_of_the_users_own() -> None:
    renamed = cards.set_key(cards.parse(CARD), "name", "Петрова Мария Петровна")
    assert "\n# Петрова Мария Петровна\n" in renamed
    own = CARD.replace("# Иванова Мария Петровна", "# Моя любимая клиентка")
    assert "# Моя любимая клиентка" in cards.set_key(cards.parse(own), "name", "Петрова")


def test_a_line_that_breaks_the_grammar_is_kept_and_reported() -> None:
    text = (
        CARD + "- 14.05.2026 Стрижка\n- 2026-02-30 Нет такого дня ^aaaaaa\n- 2026-05-05 Без знака\n"
    )
    card = cards.parse(text)
    assert [(problem.line, problem.message[:18]) for problem in card.problems] == [
        (34, "this looks like an"), (35, "this looks like an"), (36, "the entry has no i"),
    ]  # fmt: skip
    changed = cards.append(card, visit("2026-05-20"), "Услуги")
    assert diff(text, changed) == ["+- 2026-05-20 Маникюр ^mmmmmm"]


def test_lines_in_a_code_block_are_prose() -> None:
    fenced = CARD + "\n```\n- 2026-05-14 Пример ^zzzzzz\n## Услуги\n```\n"
    assert "zzzzzz" not in [each.id for each in cards.parse(fenced).entries]


def test_entries_in_a_comment_are_the_users_text_and_an_open_comment_is_named() -> None:
    hidden = CARD + "\n<!-- старое:\n- 2026-05-14 Пример ^zzzzzz\n## Услуги\n-->\n"
    assert cards.parse(hidden).entries == cards.parse(CARD).entries
    assert cards.parse(CARD + "\n<!-- одна строка -->\n").problems == cards.parse(CARD).problems
    left_open = cards.parse(CARD + "\n<!-- забыли\n- 2026-05-14 Пример ^zzzzzz\n")
    assert "a comment (<!--) is opened and never closed" in left_open.problems[-1].message


def test_an_entry_is_added_above_a_comment_that_follows_the_last_one() -> None:
    text = CARD + "<!-- черновик\n- 2026-06-02 Пример ^zzzzzz\n-->\n"
    note = visit("2026-02-01", "Звонить вечером", kind="note", section="Заметки")
    changed = cards.append(cards.parse(text), note, "Заметки")
    assert diff(text, changed) == ["+- 2026-02-01 Звонить вечером ^mmmmmm"]
    assert [each.id for each in cards.parse(changed).entries][-2:] == ["n0c4tt", "mmmmmm"]


def test_a_doubled_field_and_a_doubled_id_are_reported() -> None:
    text = CARD.replace("[price:: 5200]", "[price:: 5200] [price:: 1]").replace(
        "^e3x9qt", "^e7f3qd"
    )
    card = cards.parse(text)
    assert card.entry("e2x9qt").fields["price"] == "5200"
    assert [problem.line for problem in card.problems] == [18, 25]
    with pytest.raises(BadCardError, match="several entries"):
        cards.remove(card, "e7f3qd")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "does not begin"),
        ("# Иванова\n", 1, "does not begin"),
        ("---\nid: a\n", 1, "not closed"),
        ("---\nid: a\nid: b\n---\n", 3, "given twice"),
        ("---\nid: [a\n---\n", 3, "not closed"),
        (CARD.replace("## Заметки", "<<<<<<< HEAD\n## Заметки"), 31, "conflict"),
    ],
)
def test_a_file_that_is_no_card_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(BadCardError, match=reason) as caught:
        cards.parse(text)
    assert caught.value.line == line


def test_an_unknown_entry_is_named() -> None:
    with pytest.raises(NoEntryError, match="no entry “zzzzzz”"):
        cards.remove(cards.parse(CARD), "zzzzzz")


def test_a_card_with_an_open_code_block_is_not_written_to() -> None:
    text = CARD.replace("Слова между записями.", "```")
    with pytest.raises(BadCardError, match="safely"):
        cards.append(cards.parse(text), Entry("mmmmmm", "2026-09-09", "x", kind="survey"), "Опросы")


def test_the_revision_is_the_name_git_gives_the_file() -> None:
    assert cards.revision("hello\n") == "ce013625"


def test_an_entry_whose_new_day_fits_its_place_stays_above_its_prose() -> None:
    card = cards.parse(CARD)
    changed = cards.amend(card, "e2x9qt", lambda each: each._replace(date="2026-06-02"))
    assert diff(CARD, changed) == [
        "-- 2026-06-01 14:30 Окрашивание [price:: 5200] ^e2x9qt",
        "+- 2026-06-02 14:30 Окрашивание [price:: 5200] ^e2x9qt",
    ]
