"""Which characters the fonts have: a sheet must never show an empty box without a word about it.

Typst refuses PDF/A when a character is in no font. So the character maps of the font files are read
(table ``cmap``, OpenType specification 1.9, formats 4 and 12), and what is missing is replaced by a
visible box and named.
"""

from __future__ import annotations

import functools
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cardcli.printing import prose
from cardcli.printing.blocks import Alerts, Fact, Facts, Notes, Photos, Table, View

BOX = "\u25a1"
_INVISIBLE = frozenset({"Cf", "Cc", "Zl", "Zp"})
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


@functools.cache
def covered(fonts: tuple[Path, ...]) -> frozenset[int]:
    """Return the code points that at least one of the font files has."""
    return frozenset().union(*(_characters(path.read_bytes()) for path in fonts))


@dataclass(slots=True)
class Boxes:
    """Replaces characters no font has, and remembers them."""

    characters: frozenset[int]
    missing: dict[str, None] = field(default_factory=dict)

    def without(self, text: str) -> Boxes | None:
        """Return boxes that replace more, after *text* could not be drawn; None when there is no more.

        A letter under a mark that its own font does not have cannot be drawn, and only the letter
        is named by Typst: so marks become boxes first, then what was named.
        """
        fewer = {each for each in self.characters if not unicodedata.combining(chr(each))}
        if fewer == self.characters:
            fewer -= {ord(char) for char in text if char != BOX}
        return Boxes(frozenset(fewer)) if fewer != self.characters else None

    def fill(self, text: str) -> str:
        """Return *text* with a box for each character that cannot be printed; invisible ones go."""
        if text.isascii() and text.isprintable():
            return text
        return "".join(map(self._printed, unicodedata.normalize("NFC", text)))

    def _printed(self, char: str) -> str:
        if ord(char) in self.characters or char == "\n":
            return char
        if char == "\t":
            return "    "
        if unicodedata.category(char) in _INVISIBLE or ord(char) in _VARIATION_SELECTORS:
            return ""
        self.missing.setdefault(char)
        return BOX


def located(missing: Iterable[str], view: View) -> dict[str, list[str]]:
    """Return the labels of the fields that have *missing* characters, with these characters."""
    found: dict[str, list[str]] = {}
    for label, text in _texts(view):
        composed = unicodedata.normalize("NFC", text)
        if here := [char for char in missing if char in composed]:
            known = found.setdefault(label, [])
            known += [char for char in here if char not in known]
    return found


def _texts(view: View) -> Iterator[tuple[str, str]]:
    """Every text of a view that comes from the card or the settings, with a name to find it by."""
    yield view.document, f"{view.business} {view.tagline} {view.number} {view.name}"
    for block in view.blocks:
        if isinstance(block, Facts):
            yield from ((fact.label, fact.value) for fact in block.facts)
        elif isinstance(block, Alerts):
            yield from ((fact.label, fact.value) for fact in block.groups)
        elif isinstance(block, Table):
            for row in block.rows:
                yield (
                    f"{block.heading}, {row.cells[0]}",
                    _joined(map(str, row.cells), row.remarks, row.text),
                )
        elif isinstance(block, Notes):
            for note in block.notes:
                yield (
                    f"{block.heading}, {note.date}",
                    _joined((*note.margin, note.title), note.remarks, note.text),
                )
        elif isinstance(block, Photos):
            yield (
                block.heading,
                " ".join(photo.label + photo.caption + photo.missing for photo in block.photos),
            )
        if isinstance(block, Table | Notes):
            yield block.heading, block.heading + prose.plain(block.prose)


def _joined(parts: Iterable[str], remarks: Iterable[Fact], text: Iterable[prose.Node]) -> str:
    return " ".join((*parts, *(fact.label + fact.value for fact in remarks), prose.plain(text)))


def _characters(font: bytes) -> set[int]:
    tables = struct.unpack_from(">H", font, 4)[0]
    for record in range(12, 12 + tables * 16, 16):
        tag, _checksum, offset, _length = struct.unpack_from(">4sLLL", font, record)
        if tag == b"cmap":
            return _cmap(font, offset)
    return set()


def _cmap(font: bytes, start: int) -> set[int]:
    subtables = struct.unpack_from(">H", font, start + 2)[0]
    offsets = {
        start + struct.unpack_from(">L", font, start + 8 + number * 8)[0]
        for number in range(subtables)
    }
    points: set[int] = set()
    for offset in offsets:
        layout = struct.unpack_from(">H", font, offset)[0]
        if layout == 4:
            points.update(*_format_4(font, offset))
        elif layout == 12:
            points.update(*_format_12(font, offset))
    return points


def _format_4(font: bytes, offset: int) -> Iterator[range]:
    doubled = struct.unpack_from(">H", font, offset + 6)[0]
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", font, offset + 14)
    starts = struct.unpack_from(f">{count}H", font, offset + 16 + doubled)
    return (range(first, min(last, 0xFFFE) + 1) for first, last in zip(starts, ends, strict=True))


def _format_12(font: bytes, offset: int) -> Iterator[range]:
    groups = struct.unpack_from(">L", font, offset + 12)[0]
    table = font[offset + 16 : offset + 16 + groups * 12]
    return (range(first, last + 1) for first, last, _glyph in struct.iter_unpack(">LLL", table))
