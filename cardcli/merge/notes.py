"""What a merge could not decide, and how it stands in the card for a person to settle."""

from __future__ import annotations

from dataclasses import dataclass, field

from cardcli import ids
from cardcli.entry import Entry
from cardcli.kinds import Kinds
from cardcli.language import N_, translator

KIND = "difference"
TITLE = N_("difference after a merge")
PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two values of one thing: ``kept`` stands in the card, ``other`` stands under “To check”.

    ``entry`` is the id of the entry, "" for the front matter and the user's own text; ``field`` is
    the stored key, ``prose`` for own text, of the section ``section``.
    """

    entry: str
    field: str
    kept: str
    other: str
    section: str = ""

    @property
    def id(self) -> str:
        """Return the id of the line in the card; every clone derives the same."""
        return ids.derived_id(KIND, self.entry, self.field, self.section, self.other)

    def as_entry(self, date: str, heading: str, language: str) -> Entry:
        """Return the entry that stands in the card, dated *date*, in the section *heading*."""
        many = "\n" in self.other
        fields = {"field": self.field}
        if not many:
            fields["other"] = self.other
        if self.entry:
            fields["of"] = self.entry
        if self.section:
            fields["in"] = self.section
        title = translator(language).gettext(TITLE)
        return Entry(
            self.id, date, title, "", fields, self.other if many else "", KIND, section=heading
        )


@dataclass
class Notes:
    """Collects on the way what the merge decided."""

    differences: list[Difference] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    """New id -> the id that both sides had given to different entries."""

    def differ(self, entry: str, key: str, one: str, two: str, section: str = "") -> str:
        """Return the winner of two values, the same on every side, and note the other."""
        other, winner = sorted((one, two))
        self.differences.append(Difference(entry, key, winner, other, section))
        return winner

    def keep(self, what: str) -> None:
        """Note that *what* stays: one side took it out, the other changed it."""
        self.kept.append(what)


def heading_of(kinds: Kinds, language: str) -> str:
    """Return the heading of the section of differences."""
    return kinds.named(KIND).heading(language)
