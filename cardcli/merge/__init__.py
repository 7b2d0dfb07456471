"""Three-way merge of cards: three texts in, one text and its differences out.

``card(base, one, two) == card(base, two, one)``. What one side changed is taken byte for byte; two
values of one thing leave a winner in its place and the other under “To check”. A card that cannot
be understood is merged by lines, and every line of both sides stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cardcli import card as cards
from cardcli.card import BOM
from cardcli.errors import BadCardError
from cardcli.kinds import Kinds
from cardcli.language import LANGUAGES, N_, translator
from cardcli.merge import audit, body, mapping, sequences
from cardcli.merge.notes import KIND, Difference, Notes, heading_of
from cardcli.yamlpatch import BadYamlError

__all__ = ["KIND", "Difference", "Merged", "card", "settings", "with_differences"]
_STANDARD = Kinds()
OTHER_VALUE = N_("another value after a merge")
_NO_DATE = "1970-01-01"


@dataclass(frozen=True, slots=True)
class Merged:
    """The result of a merge.

    ``differences`` stand in the text to be settled; ``kept`` names what one side took out and the
    other changed, so that it stays; ``by_lines`` says that the card could not be understood;
    ``renamed`` are (new, old) ids of entries that both sides had made with the same one.
    """

    text: str
    differences: tuple[Difference, ...] = ()
    kept: tuple[str, ...] = ()
    by_lines: bool = False
    renamed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Form:
    """How a text is written down, apart from what it says."""

    bom: bool
    crlf: bool
    end: bool
    lines: list[str] = field(default_factory=list, compare=False)

    def __str__(self) -> str:
        text = "\n".join(self.lines) + ("\n" if self.end and self.lines else "")
        return (BOM if self.bom else "") + (text.replace("\n", "\r\n") if self.crlf else text)


def _form(text: str) -> _Form:
    bare = text.removeprefix(BOM)
    crlf = "\n" in bare and bare.count("\n") == bare.count("\r\n")
    if crlf:
        bare = bare.replace("\r\n", "\n")
    end = bare.endswith("\n")
    return _Form(text.startswith(BOM), crlf, end, bare.removesuffix("\n").split("\n"))


def _one_form(forms: Sequence[_Form], lines: list[str]) -> _Form:
    def pick(name: str) -> bool:
        was, mine, yours = (bool(getattr(form, name)) for form in forms)
        return yours if mine == was else mine

    return _Form(pick("bom"), pick("crlf"), pick("end"), lines)


def card(base: str, one: str, two: str, kinds: Kinds = _STANDARD, language: str = "en") -> Merged:
    """Merge two versions of a card that began as *base* ("" when they did not begin together).

    *language* is that of the store, for the heading of the differences.
    """
    if one in (two, base):
        return Merged(two)
    if two == base:
        return Merged(one)
    try:
        merged = _by_meaning(base, one, two, kinds, language)
    except (BadCardError, BadYamlError):
        return _by_lines(base, one, two)
    return merged or _by_lines(base, one, two)


def _by_lines(base: str, one: str, two: str) -> Merged:
    forms = [_form(text) for text in (base, one, two)]
    kept: list[str] = []
    versions = [form.lines for form in forms]
    lines = sequences.merge(versions, choose=sequences.keep_both, kept=kept.extend)
    if {*versions[1]} & {*versions[2]} - {*lines}:
        lines = sequences.union(*sorted(versions[1:]))
    return Merged(str(_one_form(forms, lines)), kept=tuple(kept), by_lines=True)


def _by_meaning(base: str, one: str, two: str, kinds: Kinds, language: str) -> Merged | None:
    """Return the merge by keys, entries and sections, or None when that would lose something."""
    forms = [_form(text) for text in (base, one, two)]
    plain = ["\n".join(form.lines) for form in forms]
    sides = [audit.parse(text, kinds) for text in plain[1:]]
    notes = Notes()
    heads = ["".join(f"{line}\n" for line in _front(form.lines)) for form in forms]
    front, metadata = mapping.merge(heads, notes)
    named = cards.Card("", metadata, kinds)
    bodies = [_following(text, named) for text in plain]
    lines = ["---", *front.removesuffix("\n").split("\n"), "---"] if front else ["---", "---"]
    lines += body.merge(bodies, kinds, notes)
    text = str(_one_form(forms, lines))
    text = with_differences(text, sides, notes.differences, language)
    if audit.lost(plain, text, kinds, notes.renamed):
        return None
    return Merged(
        text, tuple(notes.differences), tuple(notes.kept), renamed=tuple(notes.renamed.items())
    )


def _front(lines: list[str]) -> list[str]:
    """Return the lines of the front matter, without its ``---``."""
    if lines[0].rstrip() != "---":
        return []
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    return lines[1:end] if end else []


def _following(text: str, merged: cards.Card) -> cards.Card:
    """Return a version of the card whose heading follows the merged name, to compare its lines."""
    try:
        old = audit.parse(text, merged.kinds)
    except BadCardError:
        return cards.Card(text, {}, merged.kinds)
    if old.name == merged.name:
        return old
    followed = cards.with_heading(old, cards.Card(text, merged.metadata, merged.kinds))
    return cards.Card(followed, merged.metadata, merged.kinds)


def with_differences(
    text: str, sides: Sequence[cards.Card], differences: Iterable[Difference], language: str
) -> str:
    """Add a line under “To check” for every difference that does not stand there already.

    *sides* are the cards that differ; *language* is that of the heading where they have none yet.
    Raises :class:`BadCardError` for a text that no line can be added to.
    """
    kinds = sides[0].kinds
    for each in sorted(differences, key=lambda each: (each.entry, each.field, each.other)):
        merged = audit.parse(text, kinds)
        if any(entry.id == each.id for entry in merged.entries):
            continue
        spoken = _spoken(merged, language)
        heading = heading_of(kinds, spoken)
        entry = each.as_entry(_date(merged, sides, each.entry), heading, spoken)
        text = cards.append(merged, entry, heading)
    return text


def _spoken(card: cards.Card, language: str) -> str:
    """Return the language of the headings that a card has already, else that of the store."""
    there = {section.heading for section in card.sections if section.heading}
    used = [
        code
        for code in LANGUAGES
        if there & {kind.headings[code] for kind in card.kinds.all if code in kind.headings}
    ]
    return used[0] if len(used) == 1 else language


def _date(merged: cards.Card, sides: Sequence[cards.Card], entry_id: str) -> str:
    """Return the day of the entry in question, else of the last one, else of the card."""
    own = [entry.date for entry in merged.entries if entry.id == entry_id and entry_id]
    known = [entry.date for side in sides for entry in side.entries if entry.kind != KIND]
    created = [side.value("created") for side in sides if len(side.value("created")) == 10]
    return max(own or known or created, default=_NO_DATE)


def settings(base: str, one: str, two: str, language: str = "en") -> Merged:
    """Merge two versions of ``cardcli.yaml`` by key; a value that lost stands as a comment above."""
    if one in (two, base):
        return Merged(two)
    if two == base:
        return Merged(one)
    forms = [_form(text) for text in (base, one, two)]
    notes = Notes()
    try:
        text, _values = mapping.merge(["\n".join(form.lines) + "\n" for form in forms], notes)
    except BadYamlError:
        return _by_lines(base, one, two)
    text = mapping.with_comments(text, notes, translator(language).gettext(OTHER_VALUE))
    merged = _one_form(forms, text.removesuffix("\n").split("\n"))
    return Merged(str(merged), tuple(notes.differences), tuple(notes.kept))
