"""What lies in the printer: papers, and sheets of labels as they are sold; measures in millimetres.

The measures are those the makers print on their data sheets (Avery, Avery Zweckform); the template
files of gLabels (avery-iso, avery-us and zweckform-iso-templates.xml) have the same to a few tenths.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paper:
    """A plain sheet."""

    width: float
    height: float


PLAIN = {
    "a4": Paper(210, 297),
    "a5": Paper(148, 210),
    "a6": Paper(105, 148),
    "3x5": Paper(127, 76.2),  # the index card of 3 × 5 inches
}
_A4, _LETTER = (210.0, 297.0), (215.9, 279.4)


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """A sheet of equal labels.

    ``left`` and ``top`` are the margins up to the first label, ``across`` and ``down`` the pitch:
    from the edge of a label to the same edge of the next one. ``also`` are names of products cut
    alike.
    """

    name: str
    page: tuple[float, float]
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    across: float
    down: float
    also: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Return how many labels a sheet has."""
        return self.columns * self.rows


_TABLE = (
    #          name     page    cols rows  width  height  left   top    across  down   also
    LabelSheet("L7160", _A4,     3,  7,    63.5,  38.1,   7.2,   15.15, 66.04,  38.1,  ("7160", "J8160")),
    LabelSheet("L7159", _A4,     3,  8,    63.5,  33.9,   7.2,   12.9,  66.04,  33.9,  ("7159", "J8159")),
    LabelSheet("L7161", _A4,     3,  6,    63.5,  46.6,   7.2,   8.7,   66.04,  46.6,  ("7161", "J8161")),
    LabelSheet("L7162", _A4,     2,  8,    99.1,  33.9,   4.65,  12.9,  101.6,  33.9,  ("7162", "J8162")),
    LabelSheet("L7163", _A4,     2,  7,    99.1,  38.1,   4.65,  15.15, 101.6,  38.1,  ("7163", "J8163")),
    LabelSheet("L7165", _A4,     2,  4,    99.1,  67.7,   4.65,  13.1,  101.6,  67.7,  ("7165", "J8165")),
    LabelSheet("L7651", _A4,     5, 13,    38.1,  21.2,   4.75,  10.7,  40.6,   21.2,  ("8651", "L8651", "J8651")),
    LabelSheet("3474",  _A4,     3,  8,    70.0,  37.0,   0.0,   0.5,   70.0,   37.0),
    LabelSheet("3490",  _A4,     3,  8,    70.0,  36.0,   0.0,   4.5,   70.0,   36.0,  ("3475",)),
    LabelSheet("3666",  _A4,     5, 13,    38.0,  21.2,   5.0,   10.7,  40.5,   21.2),
    LabelSheet("3669",  _A4,     3,  5,    70.0,  50.8,   0.0,   21.5,  70.0,   50.8),
    LabelSheet("4737",  _A4,     3,  9,    63.5,  29.6,   7.2,   15.3,  66.04,  29.6,  ("L4737",)),
    LabelSheet("5160",  _LETTER, 3, 10,    66.68, 25.4,   4.76,  12.7,  69.85,  25.4,  ("8160",)),
    LabelSheet("5163",  _LETTER, 2,  5,    101.6, 50.8,   3.97,  12.7,  106.36,  50.8,  ("8163",)),
)  # fmt: skip

LABELS = {sheet.name: sheet for sheet in _TABLE}
STANDARD = "L7160"


PAPERS = (*PLAIN, *(name.lower() for name in LABELS))
_LETTERS = str.maketrans("аАхХ×", "aaxxx")


def typed(text: str) -> str:
    """Return the name of a paper as it was typed, also in Cyrillic letters that look the same."""
    paper = text.strip().translate(_LETTERS).lower()
    sheet = labels(paper)
    return sheet.name.lower() if sheet else paper


def labels(name: str) -> LabelSheet | None:
    """Return the sheet of a product, whatever the case of its letters, or None."""
    return _BY_NAME.get(name.upper())


_BY_NAME = {alias: sheet for sheet in _TABLE for alias in (sheet.name, *sheet.also)}
