"""Text to rows: delimiter, quotes, ``sep=`` line, cells of several lines, and what is broken of it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from cardcli.language import _
from cardcli.tuples import NamedTuple

DELIMITERS = (";", ",", "\t", "|")
_SEP = re.compile(r"\"?sep=(.|\\t)\"?\s*", re.IGNORECASE)
_LONGEST = 1_000_000
"""Characters of a line that can still be a row of a table of clients."""
_MOST_LINES = 500
"""Lines that one cell may hold."""
_LOOKED_AT = 60


_CLOSING = re.compile(r'(?:[^"]|"")*"')
"""A line up to the mark that closes a cell of several lines."""


class Row(NamedTuple):
    """A row with the number of its first line; ``problem`` is what is wrong with it, or "".

    ``continued`` are the places of cells that are one with the cell above them.
    """

    line: int
    cells: list[str]
    problem: str = ""
    lost: bool = False
    continued: frozenset[int] = frozenset()


def rows(text: str, delimiter: str = "") -> Iterator[Row]:
    """Yield the rows of a table; one that cannot be read is ``lost`` and says why.

    Empty lines are left out.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = 0
    while first < len(lines) and not lines[first].strip():
        first += 1
    if first < len(lines) and (match := _SEP.fullmatch(lines[first])):
        delimiter = delimiter or match[1].replace("\\t", "\t")
        first += 1
    csv.field_size_limit(_LONGEST)
    yield from _read(lines, first, delimiter or sniffed(lines[first:]))


def sniffed(lines: Sequence[str]) -> str:
    """Return the delimiter by which most rows have the same number of cells, more than one."""
    sample = [line for line in lines[: 4 * _LOOKED_AT] if line.strip() and len(line) < _LONGEST]
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        found = [row for row in _read(sample[:_LOOKED_AT], 0, delimiter) if not row.lost]
        sizes = Counter(len(row.cells) for row in found)
        if not sizes:
            continue
        size, count = max(sizes.items(), key=lambda each: (each[1], each[0]))
        worth = count / len(found) * min(size, 20) if size > 1 else 0
        if worth > score:
            best, score = delimiter, worth
    return best


def _read(lines: Sequence[str], first: int, delimiter: str) -> Iterator[Row]:
    number = first
    while number < len(lines):
        line = lines[number]
        if not line.strip():
            number += 1
            continue
        if len(line) > _LONGEST:
            sentence = _("the line has {count} characters; no row of a table is that long")
            yield Row(number + 1, [], sentence.format(count=len(line)), lost=True)
            number += 1
            continue
        end = _end(lines, number, delimiter)
        if end:
            record = "\n".join(lines[number:end])
            yield Row(number + 1, _cells(record, delimiter))
        else:
            problem = _(
                "a quotation mark is opened and never closed; the line is read as it stands"
            )
            yield Row(number + 1, _bare(line, delimiter), problem)
            end = number + 1
        number = end


def _end(lines: Sequence[str], number: int, delimiter: str) -> int:
    """Return the number of the line after a record, 0 when its quotation mark is never closed."""
    inside = False
    size = 0
    for place in range(number, min(len(lines), number + _MOST_LINES)):
        line = lines[place]
        size += len(line)
        if inside and (closing := _CLOSING.match(line)):
            behind = line[closing.end() :].strip(" ")
            if behind and not behind.startswith(delimiter):
                return 0  # it is the mark that opens the next cell, and that one has lost its own
        if '"' in line:
            inside = _inside(line, delimiter, inside=inside)
        if not inside:
            return place + 1
        if size > _LONGEST:
            return 0
    return 0


def _inside(line: str, delimiter: str, *, inside: bool) -> bool:
    """Tell whether a quoted cell is open at the end of a line; a mark within a bare cell is a letter."""
    position, start = 0, not inside
    while position < len(line):
        if inside:
            position = line.find('"', position)
            if position < 0:
                return True
            if line[position + 1 : position + 2] == '"':
                position += 2
                continue
            inside, start = False, False
            position += 1
        elif start and line[position] == '"':
            inside = True
            position += 1
        elif start and line[position] == " " and delimiter != " ":
            position += 1
        else:
            position = line.find(delimiter, position)
            if position < 0:
                return False
            position += 1
            start = True
    return inside


def _cells(record: str, delimiter: str) -> list[str]:
    """Return the cells of a record whose quotation marks are in order."""
    if '"' not in record:
        return record.split(delimiter)
    try:
        found = list(
            csv.reader(record.splitlines(keepends=True), delimiter=delimiter, skipinitialspace=True)
        )
    except csv.Error:
        return _bare(record, delimiter)
    return [cell for row in found for cell in row]


def _bare(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line whose quotation marks make no sense."""
    return [cell.strip().strip('"') for cell in line.split(delimiter)]
