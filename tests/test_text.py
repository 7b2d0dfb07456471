from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cardcli import ids
from cardcli.text import clean_line, clean_text, escape, fold, slug, unescape

AWKWARD = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *"[]:^\\<>br%-#*_`~()'\" \n\t.,1234=",
                "::",
                "<br>",
                " ^k7f3qd",
                "---",
                "- ",
                "%%",
                "\r\n",
            ]
        ),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=25,
).map("".join)


@given(AWKWARD)
@example("[x:: y]")
@example("a\\")
@example("^abc ^def")
@example("<br>")
def test_any_line_is_read_back_as_it_was_given(value: str) -> None:
    assert unescape(escape(clean_line(value))) == clean_line(value)


@given(AWKWARD)
def test_cleaning_twice_changes_nothing(value: str) -> None:
    assert clean_line(clean_line(value)) == clean_line(value)
    assert clean_text(clean_text(value)) == clean_text(value)


@given(AWKWARD)
def test_an_escaped_line_is_one_line_without_markup(value: str) -> None:
    written = escape(clean_line(value))
    assert "\n" not in written
    bare = written.replace("\\\\", "").replace("\\[", "").replace("\\]", "")
    assert "[" not in bare
    assert "]" not in bare


def test_unknown_escapes_stay_as_a_person_wrote_them() -> None:
    assert unescape(r"C:\temp \[ok\]") == r"C:\temp [ok]"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Иванова Мария Петровна", "ivanova-mariya-petrovna"),
        ("Щукин Жан-Поль", "shchukin-zhan-pol"),
        ("Müller, José", "muller-jose"),
        ("../../etc/passwd", "etc-passwd"),
        ("😀", "client"),
        ("CON", "con"),
    ],
)
def test_a_slug_is_safe_on_every_system(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(st.text())
def test_a_slug_is_short_ascii(name: str) -> None:
    assert 0 < len(slug(name)) <= 60
    assert set(slug(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_folding_joins_yo_case_and_blanks() -> None:
    assert fold("  Фёдорова   АЛЁНА ") == "федорова алена"


def test_ids_begin_with_a_letter_and_avoid_taken_ones() -> None:
    made = {ids.new_id() for _number in range(500)}
    assert len(made) == 500
    assert all(ids.is_id(each) for each in made)
    assert ids.derived_id("a", "b") == ids.derived_id("a", "b") != ids.derived_id("ab", "")
