from __future__ import annotations

import difflib

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from cardcli.language import activate
from cardcli.yamlpatch import BadYamlError, Plain, Value, patch, read, scalar

CARD = """\
# шапка
id: k7f3qd
name:   'Иванова Мария'   # имя
phones:
  - "+7900"   # основной
  # второй
  - +7901
tags: [vip, "a b"] # теги
empty:
note: |
  строка
  вторая

# комментарий к last
last: x
"""


def changed_lines(old: str, new: str) -> list[str]:
    return [
        line for line in difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
        if line[:1] in "+-" and not line.startswith(("+++", "---"))
    ]  # fmt: skip


def test_every_scalar_is_a_string() -> None:
    text = "phone: 0501234567\nanswer: no\ntime: 12:30\ndate: 2026-01-01\nnothing: ~\nmore:\n"
    assert read(text) == {
        "phone": "0501234567", "answer": "no", "time": "12:30", "date": "2026-01-01", "nothing": "~", "more": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (
            "name",
            "О'Нил: Мария",
            ["-name:   'Иванова Мария'   # имя", "+name:   'О''Нил: Мария'   # имя"],
        ),
        ("phones", ["+7900", "+7902"], ["-  - +7901", '+  - "+7902"']),
        ("phones", ["+7900", "+7901", "+7902"], ['+  - "+7902"']),
        ("phones", ["+7901"], ['-  - "+7900"   # основной']),
        ("tags", ["a b", "x, y"], ['-tags: [vip, "a b"] # теги', '+tags: ["a b", "x, y"] # теги']),
        ("empty", "no", ["-empty:", '+empty: "no"']),
        ("note", "one", ["-note: |", "-  строка", "-  вторая", "+note: one"]),
        ("note", None, ["-note: |", "-  строка", "-  вторая"]),
        ("last", None, ["-last: x"]),
        ("birthday", Plain("1990-04-12"), ["+birthday: 1990-04-12"]),
    ],
)
def test_a_change_touches_only_its_own_lines(
    key: str, value: Value | None, expected: list[str]
) -> None:
    text = patch(CARD, key, value, order=("id", "name", "birthday", "phones"))
    assert changed_lines(CARD, text) == expected
    wanted = {k: v for k, v in read(CARD).items() if k != key}
    assert read(text) == (wanted if value is None else wanted | {key: value})


def test_a_new_key_goes_to_its_place() -> None:
    text = patch(CARD, "birthday", "--04-12", order=("id", "name", "birthday", "phones"))
    lines = text.splitlines()
    assert lines.index('birthday: "--04-12"') == lines.index("phones:") - 1


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(TEXT)
def test_every_yaml_reader_gives_the_same_string_back(value: str) -> None:
    assert yaml.safe_load(f"k: {scalar(value)}\n") == {"k": value}
    assert yaml.safe_load(f"k: [{scalar(value, flow=True)}]\n") == {"k": [value]}


KEYS = st.sampled_from(
    ["id", "name", "phones", "tags", "empty", "note", "last", "новый", "birthday"]
)
VALUES = st.one_of(
    TEXT,
    st.lists(TEXT, max_size=4),
    st.dictionaries(st.sampled_from(["family", "given"]), TEXT, min_size=1),
    st.none(),
)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("tags:  # мои\n  - vip\nb: 2\n", [], "tags: []  # мои\nb: 2\n"),
        ("tags: # c\r\n- vip\r\nb: 2\r\n", [], "tags: [] # c\r\nb: 2\r\n"),
        ("tags: [vip] # c\nb: 2\n", [], "tags: [] # c\nb: 2\n"),
        ("tags: [vip,\n  new] # c\nb: 2\n", ["x"], "tags: # c\n  - x\nb: 2\n"),
        ("tags: vip # c\n", ["a", "b"], "tags: # c\n  - a\n  - b\n"),
        ("tags: # c\nb: 2\n", ["a"], "tags: # c\n  - a\nb: 2\n"),
        ("tags: |\n  vip\n# of b\nb: 2\n", ["a"], "tags:\n  - a\n# of b\nb: 2\n"),
    ],
)
def test_the_comment_on_the_line_of_a_key_outlives_its_value(
    text: str, value: Value, expected: str
) -> None:
    newline = "\r\n" if "\r" in text else "\n"
    assert patch(text, "tags", value, newline=newline) == expected
    assert read(expected)["tags"] == value


@given(st.lists(st.tuples(KEYS, VALUES), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_a_patch_changes_one_key_and_keeps_the_comments(
    changes: list[tuple[str, Value | None]], newline: str
) -> None:
    text = CARD.replace("\n", newline)
    expected = read(text)
    for key, value in changes:
        text = patch(text, key, value, order=("id", "name", "birthday", "phones"), newline=newline)
        if value is None:
            expected.pop(key, None)
        else:
            expected[key] = value
        assert read(text) == expected
        assert "# шапка" in text
        assert "# комментарий к last" in text
    assert newline == "\n" or "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: [b\nc: d", 2, "bracket is not closed"),
        ("a: 1\nb: 2\na: 3", 3, "given twice"),
        ("a: &x [1, 2]\nb: *x", 1, "alias"),
        ("- a\n- b", 1, "key: value"),
        ("a: " + "[" * 5000, 1, "nested"),
        ("? [a, b]\n: c", 1, "one word"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(BadYamlError, match=reason) as caught:
        read(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b: c", "двоеточие внутри значения; возьмите значение в кавычки"),
        ("a: [1, 2", "не закрыта квадратная скобка или не хватает запятой"),
        ("a: {x: 1", "не закрыта фигурная скобка или не хватает запятой"),
        ('a: "x', "кавычка открыта и не закрыта"),
        ("a: *x", "значение не может начинаться с *; возьмите его в кавычки"),
        ("a: @x", "надо взять в кавычки: @, %, ` или табуляция"),
        ('a: "\\q"', "обратная косая черта в двойных кавычках"),
        ('a: "x" y', "здесь нужна строка «ключ: значение»"),
        ("? a\n: - b\nc", "после ключа нет двоеточия"),
        ("a: ]", "нет значения"),
        ("key: |\n\ttext", "табуляция там, где нужны пробелы"),
    ],
)
def test_what_the_parser_says_is_said_in_the_language_of_the_user(text: str, said: str) -> None:
    activate("ru")
    with pytest.raises(BadYamlError) as raised:
        read(text)
    assert said in str(raised.value)


def test_an_alias_bomb_costs_nothing() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    with pytest.raises(BadYamlError, match="alias"):
        read("\n".join(lines))


@given(st.text(max_size=40))
def test_arbitrary_text_is_read_or_refused(text: str) -> None:
    assume("\0" not in text)
    try:
        assert isinstance(read(text), dict)
    except BadYamlError as error:
        assert error.line >= 1  # noqa: PT017 - both ways are right
