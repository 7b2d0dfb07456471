"""Clients as CSV, and the grammar of the cells: read again, the table gives the same cards' values.

Items of a list stand apart by ``; ``, a label goes before its value as in ``work: +7…``; a backslash
takes the meaning from the next sign. A cell that a spreadsheet would run as a formula begins with an
apostrophe; a phone number is no formula and stays as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from json import dumps

from cardcli import profile
from cardcli.card import Card
from cardcli.profile import Profile
from cardcli.yamlpatch import Value

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_PHONE = re.compile(r"\+\d[\d ()-]*(?:; (?:[^\W\d_]+: )?\+?\d[\d ()-]*)*")
_ITEM_END = re.compile(r"(?<!\\)((?:\\\\)*);\s?")
_LABEL_END = re.compile(r"(?<!\\)((?:\\\\)*): ")
_SPECIAL = re.compile(r"[\\;]|:(?= )|^ | $|\n")
_BYTES_AT_ONCE = 500


def columns(cards: Iterable[Card], table: Profile) -> list[str]:
    """Return the keys that any of the cards has, those of the profile in its order, own ones behind."""
    found: dict[str, None] = {}
    for card in cards:
        found |= dict.fromkeys(key for key, value in card.metadata.items() if value)
    always = [key for key in ("id", "number", "name", "phones") if key not in found]
    keys = [*always, *found]
    return sorted(
        keys, key=lambda key: table.order.index(key) if key in table.order else len(keys) + 99
    )


def write(
    cards: Iterable[Card],
    keys: Sequence[str],
    table: Profile = profile.STANDARD,
    *,
    excel: bool = False,
) -> Iterator[bytes]:
    """Yield the bytes of a table with these columns, one row a card, in UTF-8.

    For *excel* it begins with a byte order mark and has semicolons, as Russian Excel wants it.
    """
    yield from rows_as_csv(
        keys, ([cell(card, key, table) for key in keys] for card in cards), excel=excel
    )


def rows_as_csv(
    keys: Sequence[str], rows: Iterable[Sequence[str]], *, excel: bool = False
) -> Iterator[bytes]:
    """Yield the bytes of a table; its cells are safe from spreadsheets that run formulas."""
    stream = io.StringIO()
    writer = csv.writer(
        stream, delimiter=";" if excel else ",", lineterminator="\r\n" if excel else "\n"
    )
    if excel:
        yield b"\xef\xbb\xbf"
    writer.writerow(keys)
    for number, row in enumerate(rows, 1):
        writer.writerow([safe(text) for text in row])
        if number % _BYTES_AT_ONCE == 0:
            yield stream.getvalue().encode()
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue().encode()


def cell(card: Card, key: str, table: Profile = profile.STANDARD) -> str:
    """Return what a card says under a key of its front matter, as the text of one cell."""
    value = card.metadata.get(key, "")
    if key == "name":
        return card.name if card.metadata.get("name") else ""
    known = table.known(key)
    if isinstance(value, str):
        return value if known and not table.field(key).many else _written(value)
    return "; ".join(_items(value))


def _items(value: Value) -> Iterator[str]:
    if isinstance(value, dict):
        for label, inner in value.items():
            yield f"{_written(label)}: {_written(_text(inner))}"
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield from _items(item)
            else:
                yield _written(_text(item))


def _text(value: Value) -> str:
    return value if isinstance(value, str) else dumps(value, ensure_ascii=False)


def _written(text: str) -> str:
    return _SPECIAL.sub(lambda match: "\\n" if match[0] == "\n" else f"\\{match[0]}", text)


def items(text: str) -> list[tuple[str, str]]:
    """Return the (label, text) pairs of a cell that :func:`cell` wrote for a list or a mapping."""
    found = []
    for item in _split(text):
        label, value = _labelled(item)
        if value:
            found.append((label, value))
    return found


def _split(text: str) -> list[str]:
    parts, position = [], 0
    for match in _ITEM_END.finditer(text):
        parts.append(text[position : match.end(1)])
        position = match.end()
    return [*parts, text[position:]]


def _labelled(item: str) -> tuple[str, str]:
    match = _LABEL_END.search(item)
    if not match:
        return "", _read(item)
    return _read(item[: match.end(1)]), _read(item[match.end() :])


def _read(text: str) -> str:
    return re.sub(
        r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text, flags=re.DOTALL
    )


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if _FORMULA.match(text) and not _PHONE.fullmatch(text) else text


def as_was(text: str) -> str:
    """Return what :func:`safe` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
