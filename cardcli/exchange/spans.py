"""Cells that go over several rows of a table: what stands in them is said of each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cardcli.exchange.delimited import Row

Merged = dict[int, list[tuple[int, int]]]
"""Cells that go over several rows: by the first row, their places from 0 and the last row."""


def spread(rows: Iterable[list[str]], merged: Merged) -> Iterator[Row]:
    """Yield the rows, counted from 1; a cell over several of them stands in each that has anything else."""
    above: dict[int, tuple[int, str]] = {}
    for number, texts in enumerate(rows, 1):
        above = {place: each for place, each in above.items() if each[0] >= number}
        continued = {place: text for place, (_last, text) in above.items()} if any(texts) else {}
        width = max([len(texts), *(place + 1 for place in continued)])
        cells = [
            continued[place] if place in continued else (texts[place] if place < len(texts) else "")
            for place in range(width)
        ]
        yield Row(number, cells, continued=frozenset(continued))
        for place, last in merged.get(number, ()):
            if place < width and cells[place]:
                above[place] = (last, cells[place])
