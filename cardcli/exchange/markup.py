"""Tables of web pages in: what many programs call an Excel file is HTML, or the XML of Excel 2003.

Both are tables of rows of cells, whatever their marks are called; all else on the page is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from cardcli.exchange import decoding
from cardcli.exchange.incoming import Options, Told
from cardcli.exchange.spans import Merged, spread
from cardcli.exchange.tables import of_several, read_rows

_TABLES = frozenset({"table"})
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "p", "div", "li"})
_HAS_CELLS = re.compile(r"<(?:\w+:)?(?:td|th|cell)\b", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_MOST_COLUMNS = 500


class Markup:
    """The codec of HTML and of the XML that Excel 2003 wrote."""

    name = "html"

    def recognises(self, data: bytes, name: str) -> bool:  # noqa: ARG002 - the content says all
        """Tell whether this is marked up and has cells of a table in it."""
        start = decoding.decode(data[:4096]).text.lstrip("\ufeff \t\r\n")
        return start.startswith("<") and bool(_HAS_CELLS.search(decoding.decode(data).text))

    def read(self, data: bytes, name: str, options: Options) -> Iterator[Told]:
        """Yield the clients of all tables of the page."""
        reading = _Tables()
        reading.feed(decoding.without_controls(decoding.decode(data, options.encoding).text))
        reading.close()
        found = [each for each in reading.tables if any(map(any, each.rows))]
        places = [name if len(found) == 1 else f"{name}:{n}" for n in range(1, len(found) + 1)]
        yield from of_several(
            (place, read_rows(spread(each.rows, each.merged), place, options))
            for place, each in zip(places, found, strict=True)
        )


CODEC = Markup()


@dataclass(slots=True)
class _Table:
    """A table as it is read; ``text`` is that of the open cell at ``place``, None where none is open.

    ``reach`` is the last row to which a cell at a place goes down: the rows below have none there.
    """

    rows: list[list[str]] = field(default_factory=list)
    merged: Merged = field(default_factory=dict)
    reach: dict[int, int] = field(default_factory=dict)
    text: str | None = None
    open_row: bool = False
    place: int = -1

    def begin_row(self) -> None:
        self.end_row()
        self.rows.append([])
        self.open_row = True

    def end_row(self) -> None:
        self.end_cell()
        self.open_row = False

    def begin_cell(self, said: Mapping[str, str | None]) -> None:
        """Begin a cell, at its own place where the XML of Excel leaves out empty ones."""
        self.end_cell()
        if not self.open_row:
            self.begin_row()
        row, number = self.rows[-1], len(self.rows)
        place = _number(said.get("ss:index")) - 1
        row += [""] * (min(place, _MOST_COLUMNS) - len(row))
        while self.reach.get(len(row), 0) >= number:
            row.append("")
        over = max(_number(said.get("rowspan")) - 1, _number(said.get("ss:mergedown")))
        if over > 0:
            self.merged.setdefault(number, []).append((len(row), number + over))
            self.reach[len(row)] = number + over
        beside = max(_number(said.get("colspan")) - 1, _number(said.get("ss:mergeacross")))
        self.place, self.text = len(row), ""
        row += [""] * min(beside + 1, _MOST_COLUMNS)

    def end_cell(self) -> None:
        if self.text is not None:
            lines = (_BLANKS.sub(" ", line).strip() for line in self.text.split("\n"))
            self.rows[-1][self.place] = "\n".join(line for line in lines if line)
            self.text = None


class _Tables(HTMLParser):
    """Collects the tables of a page; one within a cell of another is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._keeps_lines = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = tag.rpartition(":")[2]
        if name in _TABLES or (not self._open and name in _ROWS | _CELLS):
            self.tables.append(_Table())
            self._open.append(self.tables[-1])
        if not self._open:
            return
        if name in _ROWS:
            self._open[-1].begin_row()
        elif name in _CELLS:
            self._open[-1].begin_cell(dict(attrs))
        elif name in _BREAKS and self._open[-1].text:
            self._open[-1].text += "\n"
        self._keeps_lines = name == "data"  # the XML of Excel has its line ends as they are meant

    def handle_endtag(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if not self._open:
            return
        if name in _CELLS:
            self._open[-1].end_cell()
        elif name in _ROWS | _TABLES:
            self._open[-1].end_row()
        if name in _TABLES:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].text is not None:
            self._open[-1].text += data if self._keeps_lines else " ".join(re.split(r"\s+", data))

    def close(self) -> None:
        """End what a file that is cut off leaves open."""
        super().close()
        for each in self._open:
            each.end_row()


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
