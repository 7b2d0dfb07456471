"""What a template can use: plain values, already written in the language of the paper.

A view is a title block and a row of blocks in the order of printing. Each block has a ``shape``
that says how it is drawn; the same shapes serve every kind of entry, also those of the business.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from cardcli.printing.prose import Node

Role = Literal["date", "title", "person", "short", "money", "score", "note"]
_WIDE_NOTE = 90
_TALL = 400
_WIDE_COLUMNS, _NARROW_COLUMNS = 5, 4


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands under it; several values stand on lines of their own."""

    label: str
    values: tuple[str, ...]

    @property
    def value(self) -> str:
        """Return all values as one text."""
        return ", ".join(self.values)


@dataclass(frozen=True, slots=True)
class Score:
    """A mark: as text, and as ``filled`` of ``dots`` dots; ``dots`` is 0 where dots say nothing."""

    text: str
    filled: int = 0
    dots: int = 0

    def __str__(self) -> str:
        """Return the mark as text."""
        return self.text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, and the role that decides its width and alignment."""

    label: str
    role: Role


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in a table: a cell per column, then what is remarked on it.

    ``remarks`` are fields without a column of their own (a label may be empty), ``text`` is what
    was written below the entry.
    """

    cells: tuple[str | Score, ...]
    remarks: tuple[Fact, ...] = ()
    text: tuple[Node, ...] = ()

    @property
    def noted(self) -> int:
        """Return about how many characters the note has; 0 when there is none."""
        return _length(self.remarks, self.text)

    @property
    def length(self) -> int:
        """Return about how many characters the row has."""
        return self.noted + sum(len(str(cell)) for cell in self.cells)


def _length(remarks: tuple[Fact, ...], text: tuple[Node, ...]) -> int:
    labels = sum(len(fact.label) + len(fact.value) + 3 for fact in remarks)
    return labels + sum(node.length for node in text)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the card under one heading; ``name`` is what the order of blocks calls it.

    ``prose`` is the user's own text of that section.
    """

    shape: ClassVar[str]
    name: str
    heading: str = ""
    prose: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Alerts(Block):
    """What the specialist must see first."""

    shape: ClassVar[str] = "alerts"
    groups: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts(Block):
    """Labelled values side by side: the personal data."""

    shape: ClassVar[str] = "facts"
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Table(Block):
    """Dated entries in rows.

    A table with notes has a last column of role ``note`` whose cells are ``row.remarks`` and
    ``row.text``; without that column the notes stand below the title.
    """

    shape: ClassVar[str] = "table"
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    total: Fact | None = None

    @property
    def tall(self) -> tuple[int, ...]:
        """Return the positions of rows that may be higher than a page and so must be able to break."""
        return tuple(place for place, row in enumerate(self.rows) if row.length > _TALL)

    @property
    def wide(self) -> Table:
        """Return this table for a wide sheet: notes that need much room move below the title."""
        long_notes = any(row.noted > _WIDE_NOTE for row in self.rows)
        return self._without("note") if long_notes or len(self.columns) > _WIDE_COLUMNS else self

    @property
    def narrow(self) -> Table:
        """Return this table for a narrow sheet: notes, and if need be persons, below the title."""
        table = self._without("note")
        return _persons_below(table) if len(table.columns) > _NARROW_COLUMNS else table

    def _without(self, role: Role) -> Table:
        return replace(
            self, columns=tuple(column for column in self.columns if column.role != role)
        )


def _persons_below(table: Table) -> Table:
    place = next((n for n, column in enumerate(table.columns) if column.role == "person"), None)
    if place is None:
        return table
    label = table.columns[place].label
    return replace(
        table,
        columns=(*table.columns[:place], *table.columns[place + 1 :]),
        rows=tuple(_person_below(row, place, label) for row in table.rows),
    )


def _person_below(row: Row, place: int, label: str) -> Row:
    person = str(row.cells[place])
    remark = (Fact(label, (person,)),) if person else ()
    return Row((*row.cells[:place], *row.cells[place + 1 :]), remark + row.remarks, row.text)


@dataclass(frozen=True, slots=True)
class Note:
    """A dated note: ``margin`` is what is said about it beside its date."""

    date: str
    margin: tuple[str, ...]
    title: str
    remarks: tuple[Fact, ...] = ()
    text: tuple[Node, ...] = ()

    @property
    def length(self) -> int:
        """Return about how many characters the note has."""
        return len(self.title) + _length(self.remarks, self.text)


@dataclass(frozen=True, slots=True)
class Notes(Block):
    """Dated notes in running text."""

    shape: ClassVar[str] = "notes"
    notes: tuple[Note, ...] = ()

    @property
    def tall(self) -> tuple[int, ...]:
        """Return the positions of notes that may be higher than a page and so must be able to break."""
        return tuple(place for place, note in enumerate(self.notes) if note.length > _TALL)


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture: its path as the card gives it, and what is said of it.

    ``file`` is set when the picture is ready to be printed, ``missing`` says why it is not.
    """

    path: str
    label: str
    date: str = ""
    caption: str = ""
    file: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Photos(Block):
    """Pictures, two in a row."""

    shape: ClassVar[str] = "photos"
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature(Block):
    """Lines to sign on."""

    shape: ClassVar[str] = "signature"
    slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """A service on one line: its day, what it was, by whom, and what was remarked, cut to a line."""

    date: str
    title: str
    staff: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation in force: ``how`` says how often, until when and how many times."""

    date: str
    title: str
    how: str = ""
    staff: str = ""
    text: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """What to know before a visit: the same rows as the command ``brief`` shows, and the last visits."""

    rows: tuple[Fact, ...] = ()
    visits: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """The text to be signed, and the first characters of its SHA-256 to know it by."""

    text: tuple[Node, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """One card as a template sees it.

    ``family`` is the large line of the name and ``given`` the one below it; ``number`` comes with
    its sign (№); ``facts`` stand in the title block; ``qr`` is what the QR code says; ``page_words``
    stand before, between and after the two page numbers; ``updated_on`` is an ISO date, or "".

    Small formats have a line where the card has a table: ``birthday`` and ``phone`` with their
    labels, ``updated`` the day as it is written, ``stamp`` which revision it is, ``warnings`` are all alerts, ``visits`` the services up to today, the latest first,
    ``advice`` the recommendations in force. ``brief`` and ``consent`` are filled for templates that
    say they need them.
    """

    language: str
    business: str
    tagline: str
    document: str
    id: str
    number: str
    revision: str
    name: str
    family: str
    given: str
    facts: tuple[Fact, ...]
    footer: str
    qr: str
    page_words: tuple[str, str, str]
    updated_on: str = ""
    blocks: tuple[Block, ...] = field(default_factory=tuple)
    birthday: Fact = Fact("", ())
    phone: Fact = Fact("", ())
    updated: str = ""
    stamp: str = ""
    warnings: tuple[str, ...] = ()
    visits: tuple[Visit, ...] = ()
    advice: tuple[Advice, ...] = ()
    brief: Brief = Brief()
    consent: Consent = Consent()

    def block(self, name: str) -> Block | None:
        """Return the block called *name*, or None when the card has nothing for it."""
        return next((block for block in self.blocks if block.name == name), None)
