"""A whole card: text in, text out.

The text is kept as it is; a card only knows where things stand in it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any, cast

from cardcli import codes, plainyaml, profile, yamlpatch
from cardcli import entry as entries
from cardcli.entry import Entry
from cardcli.errors import BadCardError, CardcliError, ExitCode, Problem
from cardcli.kinds import Kinds
from cardcli.language import _
from cardcli.yamlpatch import Value

BOM = "\ufeff"
FENCE = re.compile(r" {0,3}(`{3,}|~{3,}|<!--)")
"""What opens lines that are the user's own whatever they look like: a code block or an HTML comment."""
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |\r?$)", re.MULTILINE)
_STANDARD = Kinds()


class NoEntryError(CardcliError):
    """The card has no entry with that id."""

    code = ExitCode.NOT_FOUND

    def __init__(self, card: Card, entry_id: str) -> None:
        super().__init__(
            _("The card {card} has no entry “{entry}”. “cardcli show {card}” lists them.").format(
                card=card.id,
                entry=entry_id,
            ),
        )


# no dataclasses here: these two would take longer to be made than most cards to be read
class Section:
    """A part of the body under one ``##`` heading; lines are counted from 0, the end is exclusive."""

    def __init__(self, heading: str, start: int) -> None:
        self.heading = heading
        self.start = start
        self.end = 0
        self.spans: list[tuple[int, int, Entry]] = []

    @property
    def body(self) -> int:
        """Return the first line after the heading."""
        return self.start + 1 if self.heading else self.start


class Card:
    """A card as it is read. ``metadata`` is the front matter, every scalar a string."""

    def __init__(self, text: str, metadata: dict[str, Value], kinds: Kinds = _STANDARD) -> None:
        self.text = text
        self.metadata = metadata
        self.kinds = kinds

    def __eq__(self, other: object) -> bool:
        """Tell whether two cards say the same, byte for byte, by the same tables."""
        return isinstance(other, Card) and (self.text, self.metadata, self.kinds) == (
            other.text, other.metadata, other.kinds,
        )  # fmt: skip

    def __hash__(self) -> int:
        """Return what equal cards have in common."""
        return hash(self.text)

    @property
    def id(self) -> str:
        """Return the id of the client."""
        return self.value("id")

    @property
    def number(self) -> str:
        """Return the card number that stands on paper."""
        return self.value("number")

    @property
    def name(self) -> str:
        """Return the full name as one string."""
        name = self.metadata.get("name", "")
        if isinstance(name, dict):
            parts = (name.get(key, "") for key in ("family", "given", "patronymic"))
            name = " ".join(part for part in parts if isinstance(part, str) and part)
        return (name if isinstance(name, str) else "") or self.value("company")

    def value(self, key: str) -> str:
        """Return one string of the front matter, or "" when it is absent or no single value."""
        value = self.metadata.get(key, "")
        return value if isinstance(value, str) else ""

    def values(self, key: str) -> list[str]:
        """Return a list of the front matter without labels; a single value is a list of one."""
        if not self.metadata.get(key):
            return []
        return [value for _label, value in self.labelled(key)]

    def labelled(self, key: str) -> list[tuple[str, str]]:
        """Return (label, value) pairs; ``- work: "+7…"`` has the label ``work``, most have none."""
        value = self.metadata.get(key, "")
        if key in profile.HEALTH:  # however it is written down, nothing of it may get lost
            return [("", text) for text in _told(value) if text]
        pairs: list[tuple[str, str]] = []
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                pairs += [
                    (label, text) for label, text in item.items() if isinstance(text, str) and text
                ]
            elif isinstance(item, str) and item:
                pairs.append(("", item))
        return pairs

    @functools.cached_property
    def _body(self) -> _Body:
        return _read_body(self.text, self.kinds)

    @functools.cached_property
    def lines(self) -> list[str]:
        r"""Return the lines of the file, split at ``\\n`` only; ``\\r`` stays on them."""
        return self.text.split("\n")

    @property
    def sections(self) -> list[Section]:
        """Return the sections in the order of the file; the first has no heading."""
        return self._body.sections

    @functools.cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Return all entries in the order of the file."""
        return tuple(each for section in self.sections for _first, _end, each in section.spans)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return the lines that are kept but not understood."""
        return tuple(self._body.problems)

    @functools.cached_property
    def prose(self) -> dict[str, str]:
        """Return the user's own text: heading of the section to its lines that belong to no entry."""
        return {
            section.heading: text for section in self.sections if (text := self._prose_of(section))
        }

    def _prose_of(self, section: Section) -> str:
        taken = {line for first, end, _entry in section.spans for line in range(first, end)}
        lines = [
            self.lines[line].rstrip("\r")
            for line in range(section.body, section.end)
            if line not in taken
        ]
        return "\n".join(lines).strip("\n")

    def of_kind(self, name: str) -> tuple[Entry, ...]:
        """Return the entries of one kind."""
        return tuple(each for each in self.entries if each.kind == name)

    def entry(self, entry_id: str) -> Entry:
        """Return the entry with an id, given with or without ``^``. Raises :class:`NoEntryError`."""
        return self.find(entry_id)[2]

    def find(self, entry_id: str) -> tuple[int, int, Entry]:
        """Return an entry with its first line and the line after its last, counted from 0.

        Raises :class:`NoEntryError`, and :class:`BadCardError` when several have the id.
        """
        wanted = entry_id.strip().removeprefix("^").lower()
        found = [
            span
            for section in self.sections
            for span in section.spans
            if span[2].id == wanted and wanted
        ]
        if not found:
            raise NoEntryError(self, entry_id)
        if len(found) > 1:
            lines = ", ".join(str(span[0] + 1) for span in found)
            raise BadCardError(
                found[0][0] + 1,
                _("the id ^{id} is used by several entries: lines {lines}").format(
                    id=wanted,
                    lines=lines,
                ),
            )
        return found[0]

    def line_of(self, key: str) -> int:
        """Return the line, from 1, of a key of the front matter; 1 for one that is not there."""
        numbered = enumerate(self.lines, 1)
        return next((number for number, line in numbered if line.startswith(f"{key}:")), 1)

    @property
    def newline(self) -> str:
        """Return the line break of the file: that of its first line."""
        return "\r\n" if self.lines[0].endswith("\r") else "\n"


def _told(value: Value) -> list[str]:
    """Return all that a value says, one string for each innermost one: ``name: text``."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in _told(item)]
    return [
        f"{key}: {text}" if text else key
        for key, inner in value.items()
        for text in _told(inner) or [""]
    ]


def parse(text: str, kinds: Kinds = _STANDARD) -> Card:
    """Read a card. Raises :class:`BadCardError` for a file that must not be written to."""
    if ("<<<<<<<" in text or ">>>>>>>" in text) and (match := _CONFLICT.search(text)):
        raise BadCardError(
            text.count("\n", 0, match.start()) + 1,
            _("there are git conflict markers; settle them in an editor, then run cardcli check"),
            problem=codes.CONFLICT,
        )
    start, end = front_matter(text)
    return Card(text, _metadata(text, start, end), kinds)


def front_matter(text: str) -> tuple[int, int]:
    """Return where the YAML between the two ``---`` lines begins and ends."""
    if text.startswith("---\n"):  # as nearly every card does
        end = text.find("\n---", 3)
        if end > 0 and text[end + 4 : end + 5] == "\n":
            return 4, end + 1
    first, newline, _rest = text.removeprefix(BOM).partition("\n")
    if first.rstrip() != "---" or not newline:
        reason = _("the card does not begin with front matter (a line “---”)")
        raise BadCardError(1, reason, problem=codes.NO_HEADER)
    start = len(text) - len(text.removeprefix(BOM)) + len(first) + 1
    closing = re.compile(r"^---[ \t]*\r?$", re.MULTILINE).search(text, start)
    if closing is None:
        reason = _("the front matter is not closed: its second line “---” is missing")
        raise BadCardError(1, reason, problem=codes.NO_HEADER)
    return start, closing.start()


def _metadata(whole: str, start: int, end: int) -> dict[str, Value]:
    plain = plainyaml.read(whole[start:end])
    if plain is not None:
        return plain
    import frontmatter

    try:
        header = f"---\n{whole[start:end]}---\n"
        return cast("dict[str, Value]", frontmatter.parse(header, handler=_handler())[0])
    except yamlpatch.BadYamlError as error:
        raise BadCardError(error.line + 1, error.reason) from None


@functools.cache
def _handler() -> Any:
    """Return what tells python-frontmatter where the front matter is and what its values are.

    It is given the lines between two ``---`` that we found, with the text around them left out.
    """
    from frontmatter.default_handlers import YAMLHandler

    class StringYaml(YAMLHandler):
        def split(self, text: str) -> tuple[str, str]:
            return text.removeprefix("---\n").removesuffix("---"), ""

        def load(self, fm: str, **_options: object) -> dict[str, Value]:
            return yamlpatch.read(fm)

    return StringYaml()


class _Body:
    """The sections of a card: one pass over its lines."""

    def __init__(self, lines: list[str], kinds: Kinds) -> None:
        self.problems: list[Problem] = []
        self.sections: list[Section] = []
        self._lines = lines
        self._kinds = kinds
        self._ids: dict[str, int] = {}
        self._fence = ""
        self._walk()

    def _walk(self) -> None:
        number = _after_front_matter(self._lines)
        self.sections.append(Section("", number))
        while number < len(self._lines):
            number = self._line(number)
        self.sections[-1].end = len(self._lines)
        if self._fence:
            message = (
                _("a comment (<!--) is opened and never closed")
                if self._fence == "<!--"
                else _("a code block (```) is opened and never closed")
            )
            self._report(codes.FENCE, len(self._lines) - 1, message)

    def _line(self, number: int) -> int:
        """Take the line *number* and return the number of the next one to look at."""
        line = self._lines[number].rstrip("\r")
        if self._fence:
            self._fence = fence_below(line, self._fence)
        elif fence := fence_below(line):
            self._fence = fence
        elif line.startswith("## "):
            self.sections[-1].end = number
            self.sections.append(Section(line[3:].strip().rstrip("#").rstrip(), number))
        elif match := entries.match_line(line):
            return self._entry(number, match)
        elif day := entries.impossible_day(line):
            message = _("this looks like an entry, but there is no such day: {day}; it is kept")
            self._report(codes.NO_DAY, number, message.format(day=day))
        elif entries.entry_like(line):
            self._report(
                codes.ALMOST,
                number,
                _("this looks like an entry but is none; it is kept. Write: - 2026-05-14 Title"),
            )
        return number + 1

    def _entry(self, number: int, match: re.Match[str]) -> int:
        line = match.string
        end = self._continuation(number + 1)
        found, doubled = entries.read(
            match, [line.rstrip("\r") for line in self._lines[number + 1 : end]]
        )
        section = self.sections[-1]
        kind = self._kinds.of_heading(section.heading)
        found = Entry(
            found.id,
            found.date,
            found.title,
            found.time,
            found.fields,
            found.text,
            kind.name if kind else "",
            section.heading,
            number + 1,
        )
        section.spans.append((number, end, found))
        for key in doubled:
            message = _("the field “{key}” is given twice; the first counts").format(key=key)
            self._report(codes.TWICE, number, message)
        if found.id in self._ids:
            self._report(
                codes.SAME_MARK,
                number,
                _("the id ^{id} is already used in line {line}").format(
                    id=found.id,
                    line=self._ids[found.id],
                ),
            )
        elif found.id:
            self._ids[found.id] = number + 1
        elif mark := entries.foreign_mark(line):
            message = _("the id {mark} is none of ours (^ and six characters)").format(mark=mark)
            self._report(codes.FOREIGN_MARK, number, message)
        else:
            message = _("the entry has no id (^ and six characters at its end)")
            self._report(codes.NO_MARK, number, message)
        return end

    def _continuation(self, number: int) -> int:
        """Return the line after an entry's indented lines; blank lines between them are its own."""
        end = number
        while number < len(self._lines):
            line = self._lines[number].rstrip("\r")
            number += 1
            if line.startswith(("  ", "\t")) and line.strip():
                end = number
            elif line.strip():
                break
        return end

    def _report(self, code: str, number: int, message: str) -> None:
        self.problems.append(codes.problem(code, number + 1, message))


@functools.lru_cache(maxsize=16)
def _read_body(text: str, kinds: Kinds) -> _Body:
    """Read a body; a merge and a write look at the same few texts again and again."""
    return _Body(text.split("\n"), kinds)


def fence_below(line: str, above: str = "") -> str:
    """Return what the lines below *line* stand in: the mark that opened a code block or comment, or "".

    *above* is the same of the line itself. A code block ends with the same marks, at least as many.
    """
    if above == "<!--":
        return "" if "-->" in line else above
    if above:
        said = line.strip()
        return "" if said.startswith(above) and not said.strip(above[0]) else above
    match = FENCE.match(line)
    if match is None or (match[1] == "<!--" and "-->" in line):
        return ""
    return match[1]


def _after_front_matter(lines: Sequence[str]) -> int:
    if not lines or lines[0].removeprefix(BOM).rstrip() != "---":
        return 0
    return next(
        (number + 1 for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0
    )


def revision(text: str) -> str:
    """Return eight hex digits that name this text: the beginning of git's own id of the blob.

    So ``git cat-file blob REVISION`` gives back what stood on a printed sheet.
    """
    return revision_of(text.encode())


def revision_of(data: bytes) -> str:
    """Return the revision of a card by the bytes of its file, see :func:`revision`."""
    import hashlib

    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()[:8]
