"""A store opens as an Obsidian vault: fields are read by Dataview's own rules, ids are block ids."""

from __future__ import annotations

import re

import yaml
from hypothesis import given

from cardcli import card as cards
from cardcli.entry import Entry, write
from cardcli.text import clean_line, unescape
from tests.test_card import CARD
from tests.test_text import AWKWARD


def dataview_fields(line: str) -> list[tuple[str, str]]:
    """Read inline fields as Dataview does (its ``inline-field.ts``, MIT licence, restated)."""
    found = []
    start = line.find("[")
    while start >= 0:
        field = _field_at(line, start)
        if field:
            found.append(field[:2])
            start = line.find("[", field[2])
        else:
            start = line.find("[", start + 1)
    return found


def _field_at(line: str, start: int) -> tuple[str, str, int] | None:
    colons = line.find("::", start + 1)
    key = line[start + 1 : colons].strip() if colons >= 0 else "["
    if any(char in key for char in "[]()"):
        return None
    nesting, escaped = 0, False
    for position in range(colons + 2, len(line)):
        char = line[position]
        if char == "\\":
            escaped = not escaped
            continue
        if not escaped:
            nesting += {"[": 1, "]": -1}.get(char, 0)
            if nesting < 0:
                return key, line[colons + 2 : position].strip(), position + 1
        escaped = False
    return None


BLOCK_ID = re.compile(r"(?:^|\s)\^([a-zA-Z0-9-]+)$")


@given(AWKWARD, AWKWARD, AWKWARD)
def test_dataview_and_obsidian_read_what_was_written(title: str, price: str, staff: str) -> None:
    line = write(Entry("e7f3qd", "2026-05-14", title, "09:30", {"price": price, "staff": staff}))[0]
    assert [key for key, _value in dataview_fields(line)] == ["price", "staff"]
    assert [unescape(value) for _key, value in dataview_fields(line)] == [
        clean_line(price),
        clean_line(staff),
    ]
    assert (found := BLOCK_ID.search(line))
    assert found[1] == "e7f3qd"
    assert line.count("\n") == 0
    assert line.startswith("- ")


def test_the_properties_of_a_card_are_plain_yaml() -> None:
    card = cards.parse(CARD)
    source = CARD.split("---\n")[1]
    assert yaml.safe_load(source).keys() == card.metadata.keys()
