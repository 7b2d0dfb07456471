"""Free text: what is markup on paper and what stands as typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardcli.printing import columns, markdown, prose, typography

letters = st.text(st.sampled_from("аб ё1.-+*_#\\>[]()!`\n\t:|~=&<"), max_size=40)


def kinds(text: str) -> list[str]:
    return [node.kind for node in prose.parse(text)]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    "text",
    ["5*2 и 3*2", "a * b", "*", "**", "_слово_", "__init__", "\\*", "1. раз\n3. три", "* звезда", "+ плюс", "-", "---",
     "# тег", "> цитата", "`код`", "<b>&amp;", "[x:: y]", "[a](b)", "a  \nb", "a\\\nb"],
)  # fmt: skip
def test_what_is_no_markup_of_ours_stands_as_typed(text: str) -> None:
    assert squeezed(prose.plain(prose.parse(text))) == squeezed(text)


def test_bold_italic_and_dashes_are_markup() -> None:
    assert kinds("**жирно** и *курсив*\n\n- раз\n- два") == ["paragraph", "list"]
    (paragraph,) = prose.parse("**жирно** и *курсив*")
    assert [node.kind for node in paragraph.children] == ["strong", "text", "emphasis"]


def test_headings_are_markup_in_the_users_own_prose_only() -> None:
    assert kinds("### Волосы") == ["paragraph"]
    assert [node.kind for node in prose.parse("### Волосы", headings=True)] == ["heading"]


def test_line_breaks_are_kept() -> None:
    assert prose.plain(prose.parse("раз\nдва\n\n**три**\nчетыре")) == "раз\nдватри\nчетыре"


def test_pictures_are_taken_out_of_the_text_and_listed() -> None:
    text = "До ![вид сбоку](files/a.jpg) и ![[files/b.png|анфас]] после"
    assert prose.pictures(text) == [
        prose.Picture("files/a.jpg", "вид сбоку"),
        prose.Picture("files/b.png", "анфас"),
    ]
    assert squeezed(prose.plain(prose.parse(text))) == "Доипосле"


@given(letters)
def test_no_character_but_marks_is_ever_lost(text: str) -> None:
    marks = re.compile(r"[*\s-]")
    without_pictures = text
    for picture in ("!",):
        without_pictures = without_pictures.replace(picture, "")
    shown = prose.plain(prose.parse(without_pictures))
    assert marks.sub("", shown) == marks.sub("", without_pictures)


@given(
    st.text(
        st.characters(exclude_characters="*-#![", exclude_categories=["Cc", "Cs", "Zl", "Zp"]),
        max_size=60,
    )
)
def test_the_short_way_for_plain_text_gives_what_the_parser_gives(text: str) -> None:
    (parsed, *rest) = prose.parse(f"{text}x\n\n**y**")
    assert [parsed] == list(prose.parse(f"{text}x"))[:1]
    assert len(rest) == 1


@given(st.text(max_size=80))
def test_typography_changes_no_visible_character(text: str) -> None:
    invisible = re.compile("[ \u00a0\u202f\u200b\u202a-\u202e\u2066-\u2069]")
    assert invisible.sub("", typography.polish(text)) == invisible.sub("", text)


@pytest.mark.parametrize(
    ("text", "polished"),
    [("Щербакова Е. Ю.", "Щербакова\u00a0Е.\u202fЮ."), ("2 мл", "2\u00a0мл"), ("в салоне", "в\u00a0салоне"),
     ("1-я процедура", "1-я процедура"), ("№ 5", "№\u00a05")],
)  # fmt: skip
def test_typography_binds_what_belongs_together(text: str, polished: str) -> None:
    assert typography.polish(text) == polished


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200), st.integers(4, 40))
def test_wrapping_keeps_every_character_and_the_width(text: str, room: int) -> None:
    lines = columns.wrap(text, room)
    assert squeezed("".join(lines)) == squeezed(text)
    assert all(columns.width(line) <= room for line in lines)


@given(st.text(st.sampled_from("аб1.)-+*_#\\>[]()!`:|~=&;< "), min_size=1, max_size=30))
def test_markdown_shows_a_line_as_typed(text: str) -> None:
    import html

    from markdown_it import MarkdownIt

    shown = (
        MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .render(markdown.line(text.strip()))
    )
    assert squeezed(html.unescape(re.sub(r"</?(?:p|br ?/?)>", "", shown))) == squeezed(text)
