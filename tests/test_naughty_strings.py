"""The Big List of Naughty Strings as name, service, tag and note: printed as typed, or told by name.

What no font has is printed as a box, and the character and its field are named in a warning.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cardcli import card as cards
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.printing import Printed, PrintSettings, render
from cardcli.printing.glyphs import BOX
from cardcli.printing.prose import parse, plain
from cardcli.text import clean_line, clean_text
from tests.test_printing import TODAY, needs_pdftotext, no_photos, text_of

OURS = (
    "{{ 7*7 }}", "{% for i in range(10**9) %}x{% endfor %}", "{{ ''.__class__.__mro__ }}", '#read("/etc/passwd")',
    '#import "@preview/x:1.0.0": *', "#panic()", "#V.at(0);", "]#panic()[", '"; #panic() //', "*/ #panic() /*", "$ #panic() $",
    "```#panic()```", "<cardcli-last-page>", "@end-0", "\\u{23}panic()", "</style><script>alert(1)</script>", "--></p>",
    "שלום עולם", "مرحبا بالعالم", "客户卡片 一二三", "カルテ", "한국어", "👩🏽‍🦰💇", "Ḽơᶉëᶆ ȋṕšᶙṁ", "а́е́и́", "x" * 300, "Ё" * 300,
)  # fmt: skip
STRINGS = tuple(
    dict.fromkeys(
        line
        for text in (
            *json.loads((Path(__file__).parent / "data/naughty_strings.json").read_text("utf-8")),
            *OURS,
        )
        if (line := clean_line(text))
    )
)
SETTINGS = PrintSettings("en", "Laurel & Mint")
ALLOWED = {
    "tags": {
        "html", "head", "meta", "title", "style", "body", "article", "div", "b", "i", "p", "h1", "h2", "h3", "small", "dl", "dt",
        "dd", "svg", "path", "section", "table", "thead", "tbody", "tr", "th", "td", "em", "strong", "ul", "li", "br", "span",
    },
    "attributes": {
        "lang", "class", "charset", "name", "content", "viewbox", "xmlns", "stroke", "d", "colspan", "aria-hidden",
    },
}  # fmt: skip


def naughty_card() -> Card:
    text = cards.new({"id": "k7f3qd", "name": "Иванова Мария", "tags": [*STRINGS]})
    card = cards.parse(text)
    for heading, kind in (("Услуги", "visit"), ("Заметки", "note")):
        lines = [
            line
            for number, string in enumerate(STRINGS)
            for line in _written(Entry("", "2025-05-14", f"{kind}{number} {string}", text=clean_text(string)))
        ]  # fmt: skip
        card = cards.parse(card.text + f"\n## {heading}\n\n" + "\n".join(lines) + "\n")
    return card


def _written(entry: Entry) -> list[str]:
    from cardcli.entry import write

    return list(write(entry))


def named_cards() -> list[Card]:
    return [cards.parse(cards.new({"id": "k7f3qd", "name": string})) for string in STRINGS]


@functools.cache
def printed(output: str) -> Printed:
    return render([naughty_card()], output, SETTINGS, TODAY, photos=no_photos)


def bare(text: str) -> str:
    """Leave out what a page may break a line with, and marks over letters, whose order is free."""
    letters = (char for char in unicodedata.normalize("NFKD", text) if not char.isspace())
    return "".join(
        char
        for char in letters
        if char not in "-\u2010\u00ad\u200b"
        and unicodedata.category(char) not in {"Mn", "Me", "Cf"}
    )


def as_printed(text: str, missing: set[str]) -> str:
    """Return what stands on paper for *text* where no font has the characters *missing*."""
    boxed = "".join(
        BOX if char in missing else "" if unicodedata.category(char) in {"Cf", "Cc"} else char
        for char in text
    )
    return bare(boxed)


def named_missing(found: Printed) -> set[str]:
    """Return the characters that the warnings name."""
    return {
        chr(int(code, 16))
        for line in found.warnings
        for code in re.findall(r"U\+([0-9A-F]{4,6})", line)
    }


def test_the_list_is_whole() -> None:
    assert len(STRINGS) > 480


@needs_pdftotext
def test_in_a_pdf_every_string_is_printed_as_typed_or_named_in_a_warning() -> None:
    found = printed("pdf")
    page, missing = bare(text_of(found.content, "pdf")), named_missing(found)
    wrong = [
        string
        for number, string in enumerate(STRINGS)
        for text in (f"visit{number} {string}", f"note{number} {string}", plain(parse(clean_text(string))), string)
        if not _there(text, page, missing)
    ]  # fmt: skip
    assert not wrong
    assert {"客", "👩", "ש", "م", "カ", "한"} <= missing
    assert any(line.startswith("k7f3qd, Tags: no font has") for line in found.warnings)
    assert any(line.startswith("k7f3qd, Notes, ") for line in found.warnings)
    assert any(line.startswith("k7f3qd, Service history, ") for line in found.warnings)


def _there(text: str, page: str, missing: set[str]) -> bool:
    """Find a text on the page; pdftotext doubles a letter that bears several marks."""
    if as_printed(text, missing) in page:
        return True
    marked = sum(unicodedata.combining(char) > 0 for char in text) > 5
    once = _once(page)
    return marked and all(_once(as_printed(word, missing)) in once for word in text.split())


@functools.cache
def _once(text: str) -> str:
    return re.sub(r"(.)\1+", r"\1", text)


@needs_pdftotext
def test_as_a_name_every_string_heads_its_card() -> None:
    for start in range(0, len(STRINGS), 50):
        some = named_cards()[start : start + 50]
        found = render(some, "pdf", SETTINGS, TODAY, photos=no_photos)
        page, missing = bare(text_of(found.content, "pdf")), named_missing(found)
        wrong = [card.name for card in some if not _heads(card.name, page, missing)]
        assert not wrong
        assert len(found.pages) == len(some)


def _heads(name: str, page: str, missing: set[str]) -> bool:
    """A name of several words stands on two lines: all of its words are there."""
    return all(_there(word, page, missing) for word in name.split())


class Markup(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("named", [False, True])
def test_in_html_no_string_becomes_an_element_or_an_attribute(named: bool) -> None:
    all_cards = named_cards() if named else [naughty_card()]
    content = render(all_cards, "html", SETTINGS, TODAY, photos=no_photos).content.decode()
    page = Markup()
    page.feed(content)
    assert page.tags <= ALLOWED["tags"]
    assert page.attributes <= ALLOWED["attributes"]
    assert content.count("<script") == 0
    found = bare(page.text)
    wrong = [
        string for string in STRINGS
        if not (_heads(string, found, set()) if named else as_printed(string, set()) in found)
    ]  # fmt: skip
    assert not wrong


@pytest.mark.parametrize("output", ["text", "md"])
def test_in_text_every_string_is_there_too(output: str) -> None:
    page = bare(text_of(printed(output).content, output))
    wrong = [
        string
        for number, string in enumerate(STRINGS)
        for word in f"note{number} {string}".split()
        if as_printed(word, set()) not in page
    ]
    assert not wrong
