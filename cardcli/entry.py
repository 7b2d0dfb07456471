"""One entry of a card: its line, its fields and its continuation lines.

``- DATE[ TIME] TITLE( [key:: value])* ^ID``, then lines indented by two blanks. The fields are
Obsidian Dataview's inline fields, ``^ID`` is Obsidian's block id.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from cardcli import dates, ids
from cardcli.text import (
    clean_line,
    clean_text,
    escape,
    escape_text_line,
    unescape,
    unescape_text_line,
)
from cardcli.tuples import NamedTuple

_LINE = re.compile(
    rf"- (\d{{4}}-\d\d-\d\d)(?: ((?:[01]\d|2[0-3]):[0-5]\d))?(?: (?!\^{ids.PATTERN}[ \t]*$)(.*?))?(?: \^({ids.PATTERN}))?[ \t]*",
    re.ASCII,
)
_ALMOST = re.compile(r"\s{0,3}[-*+]\s+\[?\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b", re.ASCII)
_FOREIGN = re.compile(r"(?<=[ \t])\^[\w-]+(?=[ \t]*$)")
_KEY = re.compile(r"[^\W\d_][\w-]*")
_FAR_LEFT = re.compile(r"(\d\d):(?=\d\d(?:\s|$))", re.ASCII)
EMPTY_TITLE = "—"


class Entry(NamedTuple):
    """An entry as it is read; all values are decoded strings.

    ``kind`` is the name of its kind, or "" in a section of the user's own; ``section`` the heading
    as written; ``line`` counts from 1; ``id`` is "" for a line written by hand without one.
    """

    id: str
    date: str
    title: str
    time: str = ""
    fields: Mapping[str, str] = MappingProxyType({})
    text: str = ""
    kind: str = ""
    section: str = ""
    line: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what entries of a section are ordered by."""
        return self.date, self.time, self.id

    @property
    def content(self) -> tuple[object, ...]:
        """Return all that the entry says, without where it stands in the file."""
        return self.id, self.date, self.time, self.title, dict(self.fields), self.text, self.section


def entry_like(line: str) -> bool:
    """Tell whether a line that is no entry was probably meant to be one."""
    return _ALMOST.match(line) is not None


def impossible_day(line: str) -> str:
    """Return the day of a line that would be an entry if the calendar had that day, or ""."""
    match = _LINE.fullmatch(line)
    return match[1] if match and not dates.from_iso(match[1]) else ""


def foreign_mark(line: str) -> str:
    """Return the block id at the end of an entry's line that is none of ours, or ""."""
    match = _FOREIGN.search(line)
    return match[0] if match else ""


def match_line(line: str) -> re.Match[str] | None:
    """Return the match of an entry's first line with a day that exists, or None."""
    match = _LINE.fullmatch(line)
    return match if match and dates.from_iso(match[1]) else None


def read(match: re.Match[str], continuation: list[str]) -> tuple[Entry, list[str]]:
    """Return the entry of a matched line with its continuation lines, and keys given twice."""
    entry, doubled = _read(match.string, tuple(continuation))
    return entry, list(doubled)


@functools.lru_cache(maxsize=8192)
def _read(line: str, continuation: tuple[str, ...]) -> tuple[Entry, tuple[str, ...]]:
    """Read one entry; versions of a card have most of them in common, so they are remembered."""
    fields: dict[str, str] = {}
    doubled = []
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(line)
    rest = match[3] or ""
    title, found = split_fields(rest)
    for each in found:
        if each.key in fields:
            doubled.append(each.key)
        fields.setdefault(each.key, unescape(each.value))
    text = "\n".join(unescape_text_line(_dedent(line)) for line in continuation)
    entry = Entry(
        match[4] or "", match[1], unescape(title), match[2] or "", fields, text.rstrip("\n")
    )
    return entry, tuple(doubled)


def _dedent(line: str) -> str:
    if not line.strip():
        return ""
    return line[1:] if line.startswith("\t") else line.removeprefix("  ")


class InlineField(NamedTuple):
    """A field with its place in the text it was found in."""

    start: int
    end: int
    key: str
    value: str


@functools.lru_cache(maxsize=8192)
def split_fields(text: str) -> tuple[str, list[InlineField]]:
    """Return the title (still escaped) and the inline fields of the text of an entry's line."""
    found = list(_inline_fields(text))
    parts, last = [], 0
    for each in found:
        parts.append(text[last : each.start])
        last = each.end
    parts.append(text[last:])
    return " ".join(part.strip() for part in parts if part.strip()), found


def _inline_fields(text: str) -> Iterator[InlineField]:
    position = 0
    while position < len(text):
        if text[position] == "\\":
            position += 2
        elif text[position] == "[" and (end := _closing(text, position)):
            key, colons, value = text[position + 1 : end - 1].partition("::")
            if colons and _KEY.fullmatch(key.strip()):
                yield InlineField(position, end, key.strip(), value.strip())
            position = end
        else:
            position += 1


def _closing(text: str, start: int) -> int:
    """Return the position after the bracket that closes the one at *start*, or 0."""
    depth, position = 0, start
    while position < len(text):
        char = text[position]
        if char == "\\":
            position += 1
        elif char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
            if not depth:
                return position + 1
        position += 1
    return 0


def write(entry: Entry) -> list[str]:
    """Return the lines of a new entry."""
    time = f" {entry.time}" if entry.time else ""
    fields = "".join(f" {_field(key, value)}" for key, value in entry.fields.items())
    mark = f" ^{entry.id}" if entry.id else ""
    return [f"- {entry.date}{time} {_title(entry.title)}{fields}{mark}", *_continuation(entry.text)]


def _title(title: str) -> str:
    """Escape a title; one that begins like a time of day would be read as one."""
    return (
        _FAR_LEFT.sub(r"\1\\:", escape(clean_line(title)), count=1)
        if _FAR_LEFT.match(title.strip())
        else (escape(clean_line(title)) or EMPTY_TITLE)
    )


def _field(key: str, value: str) -> str:
    return f"[{key}:: {escape(clean_line(value))}]"


def _continuation(text: str) -> list[str]:
    cleaned = clean_text(text)
    lines = cleaned.split("\n") if cleaned else []
    return [f"  {escape_text_line(line)}" if line else "" for line in lines]


def rewrite(lines: list[str], old: Entry, new: Entry) -> list[str]:
    """Return *lines* of the entry *old* changed to say *new*: only what differs is written anew."""
    match = match_line(lines[0])
    if match is None:
        return write(new)
    rest = match[3] or ""
    if new.title != old.title:
        _title_was, found = split_fields(rest)
        rest = " ".join([_title(new.title), *(rest[each.start : each.end] for each in found)])
    for key in {**old.fields, **new.fields}:
        if old.fields.get(key) != new.fields.get(key):
            rest = _with_field(rest, key, new.fields.get(key))
    time = f" {new.time}" if new.time else ""
    mark = f" ^{new.id}" if new.id else ""
    first = f"- {new.date}{time} {rest}{mark}"
    return [first, *(lines[1:] if new.text == old.text else _continuation(new.text))]


def _with_field(rest: str, key: str, value: str | None) -> str:
    found = [each for each in split_fields(rest)[1] if each.key == key]
    if value is None:
        for each in reversed(found):
            rest = (rest[: each.start].rstrip() + rest[each.end :]).strip() or EMPTY_TITLE
        return rest
    if found:
        return rest[: found[0].start] + _field(key, value) + rest[found[0].end :]
    return f"{rest} {_field(key, value)}"
