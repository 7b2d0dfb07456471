"""The print ledger: one line for each sheet that went through a printer, kept in git with the cards.

The lines stand in ``archive/2026-06.md``, a file a month, and are never changed: what happens to a
sheet later is another line. So two workplaces may print at the same time, and a merge is the union
of their lines. A line is made for people and for programs::

    - 2026-06-15 09:30:05.123 print [card:: k7f3qd] [form:: log] [paper:: a5] [sheet:: 1] [rows:: 1-3]
      [revision:: 9f3c2ab1] [profile:: 0c1d2e3f] [entries:: 1 e7f3qd 3fa2b1c0, 3 e2x9qt 91bc22d0] ^p4x7kd

(on one line). ``revision`` is the beginning of git's name for the card's text, as it stands on the
sheet and in its QR code. Of each entry there are its first row (in a visit log), its id and a hash
of what is printed of it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cardcli import ids
from cardcli.archive.content import Content, Printed

FOLDER = "archive"
PRINT, LOST, DESTROYED, FOUND = "print", "lost", "destroyed", "found"
NOT_FILED = frozenset({"labels", "leaflet", "consent", "brief", "form", "folder", "register"})
"""Templates whose paper is given away, or is no sheet of one client: the ledger has none of it."""
MARKS = (LOST, DESTROYED, FOUND)
_SECONDS = len("2026-06-15 09:30:05")
_FIELD = re.compile(r"\[([a-z]+):: ([^\[\]]*)\]")
_LINE = re.compile(
    r"- (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3})?) (print|lost|destroyed|found)"
    rf"((?: \[[a-z]+:: [^\[\]]*\])+) \^({ids.PATTERN})"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger.

    ``when`` is the local time of the workplace, with thousandths of a second: what happens within
    one second has an order. Of a visit log each line is a sheet: ``log`` is the id of the line that began this log,
    ``onto`` that of the line that began the sheet, when something was added below it. For other
    forms a line is a document of ``pages`` pages. A mark names in ``of`` the line of its sheet.
    ``booked`` is the day of the next visit that was only booked then: on it the paper gets old.
    """

    when: str
    what: str
    fields: Mapping[str, str]
    id: str = ""

    def _get(self, key: str) -> str:
        return self.fields.get(key, "")

    @property
    def time(self) -> str:
        """Return the local time as it is shown: to the second."""
        return self.when[:_SECONDS]

    @property
    def card(self) -> str:
        """Return the id of the client's card."""
        return self._get("card")

    @property
    def form(self) -> str:
        """Return the name of the template."""
        return self._get("form")

    @property
    def paper(self) -> str:
        """Return the name of the paper."""
        return self._get("paper")

    @property
    def revision(self) -> str:
        """Return the revision of the card that was printed."""
        return self._get("revision")

    @property
    def booked(self) -> str:
        """Return the day of the next visit that was only booked."""
        return self._get("booked")

    @property
    def of(self) -> str:
        """Return the id of the line whose sheet is marked."""
        return self._get("of")

    @property
    def log(self) -> str:
        """Return the id of the line that began this visit log."""
        return self._get("log") or self.id

    @property
    def onto(self) -> str:
        """Return the id of the line that began this sheet of paper."""
        return self._get("onto") or self.id

    @property
    def sheet(self) -> int:
        """Return the number of the sheet in a visit log; 0 for other forms."""
        return _number(self._get("sheet"))

    @property
    def pages(self) -> int:
        """Return how many pages were printed, 0 when that is not known."""
        return 1 if self.sheet else _number(self._get("pages"))

    @property
    def rows(self) -> tuple[int, int]:
        """Return the first and the last row that were printed on the sheet."""
        first, _dash, last = self._get("rows").partition("-")
        return _number(first), _number(last)

    @property
    def entries(self) -> tuple[Printed, ...]:
        """Return what is printed of which entries."""
        return tuple(_entries(self._get("entries")))

    @property
    def content(self) -> Content:
        """Return what the sheet says."""
        return Content(self._get("profile"), self._get("text"), self.entries)

    def __str__(self) -> str:
        """Return the line as it is written, without its end."""
        fields = " ".join(f"[{key}:: {value}]" for key, value in self.fields.items() if value)
        return f"- {self.when} {self.what} {fields} ^{self.id}"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() else 0


def _entries(text: str) -> Iterator[Printed]:
    for each in text.split(", ") if text else ():
        words = each.split(" ")
        if len(words) in {2, 3}:
            row = _number(words[0]) if len(words) == 3 else 0
            yield Printed(words[-2], words[-1], row)


def _written(entries: Iterable[Printed]) -> str:
    return ", ".join(
        f"{each.row} {each.id} {each.hash}" if each.row else f"{each.id} {each.hash}"
        for each in entries
    )


def line(when: str, what: str, content: Content | None = None, **fields: str | int) -> Line:
    """Return a new line; its id comes from what it says, so that both sides of a merge agree."""
    said = {key: str(value) for key, value in fields.items() if value}
    if content is not None:
        said |= {"profile": content.profile, "text": content.text}
        said["entries"] = _written(content.entries)
    said = {key: value for key, value in said.items() if value}
    made = Line(when, what, said)
    return replace(made, id=ids.derived_id(str(made)))


def path_of(each: Line) -> str:
    """Return the file a line stands in, relative to the store."""
    return f"{FOLDER}/{each.when[:7]}.md"


def added(text: str, lines: Iterable[Line]) -> str:
    """Return the text of a file of the ledger with more lines, in order; what is there stays."""
    there = text.split("\n")
    there = there[:-1] if there[-1] == "" else there
    return "".join(f"{each}\n" for each in sorted({*there, *map(str, lines)}))


def read(text: str) -> tuple[list[Line], list[int]]:
    """Return the lines of a file of the ledger, and the numbers of those that are none."""
    lines, strange = [], []
    for number, each in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        match = _LINE.fullmatch(each.rstrip("\r"))
        if match:
            lines.append(Line(match[1], match[2], dict(_FIELD.findall(match[3])), match[4]))
        elif each.strip():
            strange.append(number)
    return lines, strange


@dataclass(frozen=True)
class Ledger:
    """All lines, in order of time."""

    lines: tuple[Line, ...] = ()

    @functools.cached_property
    def _by_form(self) -> dict[tuple[str, str], list[Line]]:
        found: dict[tuple[str, str], list[Line]] = {}
        for each in self.lines:
            if each.what == PRINT:
                found.setdefault((each.card, each.form), []).append(each)
        return found

    @functools.cached_property
    def marks(self) -> Mapping[str, str]:
        """Return what became of sheets: id of the line that began each to ``lost`` or ``destroyed``."""
        found = {each.of: each.what for each in self.lines if each.what in MARKS}
        return {of: what for of, what in found.items() if what != FOUND}

    def of(self, card: str, form: str) -> list[Line]:
        """Return what was printed for a client with one template."""
        return self._by_form.get((card, form), [])

    @functools.cached_property
    def _forms(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for card, form in self._by_form:
            found.setdefault(card, []).append(form)
        return found

    @property
    def cards(self) -> Iterable[str]:
        """Return the ids of the clients of whom there is or was paper."""
        return self._forms.keys()

    def forms_of(self, card: str) -> list[str]:
        """Return the templates of which a client has or had paper."""
        return self._forms.get(card, [])


def ledger(lines: Iterable[Line]) -> Ledger:
    """Return a ledger of lines in any order."""
    return Ledger(tuple(sorted(set_of(lines), key=lambda each: (each.when, each.sheet, each.id))))


def set_of(lines: Iterable[Line]) -> list[Line]:
    """Return the lines, each id once: a merge by hand may have left a line in two files."""
    return list({each.id: each for each in lines}.values())
