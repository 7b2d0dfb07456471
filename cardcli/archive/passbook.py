"""Where the visits go on the numbered rows of a log, and what is on which sheet of it.

A row has one place on paper, whoever fills it: printer or pen. What was printed is never moved; new
visits go below it, and on a fresh sheet when the started one is full.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cardcli.archive.content import NO_ID, Printed
from cardcli.archive.ledger import Line


@dataclass(frozen=True, slots=True)
class Place:
    """A visit, or a part of one, on a sheet: ``skip`` of its rows stand on the sheet before."""

    visit: int
    sheet: int
    row: int
    rows: int
    skip: int = 0


def plan(heights: Sequence[int], per_sheet: int, sheet: int = 1, row: int = 1) -> list[Place]:
    """Return where visits of these heights (in rows) go, from one row of one sheet on.

    A visit is kept on one sheet unless it is higher than a whole one.
    """
    places = []
    for visit, height in enumerate(heights):
        if row > 1 and row + height - 1 > per_sheet >= height:
            sheet, row = sheet + 1, 1
        done = 0
        while done < height:
            if row > per_sheet:
                sheet, row = sheet + 1, 1
            taken = min(height - done, per_sheet - row + 1)
            places.append(Place(visit, sheet, row, taken, done))
            done, row = done + taken, row + taken
    return places


@dataclass
class Sheet:
    """A sheet of paper of a visit log, with all that was printed on it."""

    lines: list[Line] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Return the id of the line that began the sheet."""
        return self.lines[0].id

    @property
    def number(self) -> int:
        """Return the number of the sheet in its log."""
        return self.lines[0].sheet

    @property
    def begun(self) -> Line:
        """Return the line that began the sheet."""
        return self.lines[0]

    @property
    def used(self) -> int:
        """Return the last row that has something on it."""
        return max(each.rows[1] for each in self.lines)

    @property
    def entries(self) -> list[Printed]:
        """Return what is on the sheet, by rows."""
        found = [each for line in self.lines for each in line.entries]
        return sorted(found, key=lambda each: each.row)

    @property
    def overprinted(self) -> bool:
        """Tell whether two workplaces printed on the same rows."""
        taken: set[int] = set()
        for each in self.lines:
            first, last = each.rows
            rows = set(range(first, last + 1))
            if taken & rows:
                return True
            taken |= rows
        return False


@dataclass
class Log:
    """A visit log: its sheets by number. A sheet that was printed anew takes the place of the old one."""

    id: str
    sheets: dict[int, Sheet] = field(default_factory=dict)

    @property
    def last(self) -> Sheet:
        """Return the sheet with the highest number: the one that is being filled."""
        return self.sheets[max(self.sheets)]

    @property
    def entries(self) -> list[Printed]:
        """Return what is on all sheets; of an entry that runs over two of them, the first part."""
        found: dict[tuple[str, str], Printed] = {}
        for _number, sheet in sorted(self.sheets.items()):
            for each in sheet.entries:
                key = (each.id, each.hash if each.id == NO_ID else "")
                found.setdefault(key, each)
        return list(found.values())


def logs(lines: Iterable[Line]) -> list[Log]:
    """Return the logs of one client, the one that was begun last first."""
    made: dict[str, Log] = {}
    papers: dict[str, Sheet] = {}
    for line in lines:
        log = made.setdefault(line.log, Log(line.log))
        if line.onto == line.id:
            papers[line.id] = log.sheets[line.sheet] = Sheet([line])
    for line in lines:
        if line.onto != line.id and line.onto in papers:
            papers[line.onto].lines.append(line)
    return [log for log in reversed(made.values()) if log.sheets]
