"""What both parents of a merge say and its result does not: the proof that nothing was lost."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cardcli import entry as entries
from cardcli.card import Card
from cardcli.card import parse as parse_card
from cardcli.entry import Entry
from cardcli.errors import BadCardError
from cardcli.fields import Type
from cardcli.kinds import Kinds
from cardcli.merge.mapping import LATEST, flat
from cardcli.merge.notes import KIND, PROSE
from cardcli.text import unescape
from cardcli.yamlpatch import Value

Fact = tuple[str, str, str]
"""(entry id or "", key, value): something a card says."""
parse = functools.lru_cache(maxsize=8)(parse_card)
"""A merge reads its versions more than once."""


def lost(
    parents: Sequence[str], result: str, kinds: Kinds, renamed: Mapping[str, str]
) -> list[Fact]:
    """Return what a side says, nobody took out, and the result of the merge does not say.

    *parents* are the base and the two sides.
    """
    versions = [_version(text, kinds) for text in (*parents, result)]
    same = set.intersection(*(_entries_of(version) for version in versions))
    was, mine, yours, now = (Counter(_facts(version, same)) for version in versions)
    now += Counter(
        {(renamed[fact[0]], *fact[1:]): n for fact, n in now.items() if fact[0] in renamed}
    )
    missing = []
    for fact in {**mine, **yours}:
        taken = max(0, was[fact] - mine[fact]) + max(0, was[fact] - yours[fact])
        added = max(0, mine[fact] - was[fact], yours[fact] - was[fact])
        if now[fact] < was[fact] - taken + added:
            missing.append(fact)
    return [fact for fact in missing if not _superseded(fact, now)]


def _superseded(fact: Fact, now: Counter[Fact]) -> bool:
    """Tell whether a value gave way to a later one of the same key (``confirmed``)."""
    return fact[1] in LATEST and any(other[:2] == fact[:2] and other[2] >= fact[2] for other in now)


def _version(text: str, kinds: Kinds) -> Card | str:
    """Return a card, or the text of one that cannot be understood."""
    try:
        return parse(text, kinds)
    except BadCardError:
        return text


def _entries_of(version: Card | str) -> set[str]:
    """Return the entries as they are written, those that stand there once."""
    if isinstance(version, str):
        return set()
    lines = version.lines
    counts = Counter(
        "\n".join(lines[first:end])
        for section in version.sections
        for first, end, _entry in section.spans
    )
    return {raw for raw, count in counts.items() if count == 1}


def _facts(version: Card | str, same: set[str]) -> Iterator[Fact]:
    """Yield what a version says, without the entries that are the *same* in all of them."""
    if isinstance(version, str):
        yield from (("", PROSE, line.strip()) for line in version.split("\n") if line.strip())
    else:
        yield from _of_card(version, same)


def _of_card(card: Card, same: set[str]) -> Iterator[Fact]:
    for key, value in card.metadata.items():
        yield from (("", name, each) for name, each in _of_value(key, value))
    for number, line in enumerate(card.lines):
        if number >= card.sections[0].start:
            break
        if line.lstrip().startswith("#"):
            yield "", PROSE, line.strip()
    for first, end, each in (span for section in card.sections for span in section.spans):
        if "\n".join(card.lines[first:end]) not in same:
            yield from _of_entry(card, each, card.lines[first])
    for prose in card.prose.values():
        for line in prose.split("\n"):
            if line.strip() and not _is_name(card, line):
                yield "", PROSE, line.strip()


def _is_name(card: Card, line: str) -> bool:
    """Tell whether a line is the heading that follows the name by itself."""
    return line.startswith("# ") and unescape(line[2:]).strip() == card.name.strip()


def _of_value(key: str, value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        yield from ((key, flat(item)) for item in value)
    elif isinstance(value, dict):
        for inner, item in value.items():
            yield from _of_value(f"{key}.{inner}", item)
    else:
        yield key, value


def _of_entry(card: Card, each: Entry, line: str) -> Iterator[Fact]:
    if not each.id:
        yield "", PROSE, line.strip()
        for text in each.text.split("\n"):
            if text.strip():
                yield "", PROSE, text.strip()
        return
    yield each.id, "", ""
    yield from ((each.id, key, getattr(each, key)) for key in ("date", "time", "title"))
    known = card.kinds.named(each.kind) if each.kind else None
    match = entries.match_line(line.rstrip("\r"))
    for found in entries.split_fields(match[3] or "")[1] if match else ():
        field = known.field(found.key) if known else None
        value = unescape(found.value)
        many = field is not None and field.type in {Type.DATES, Type.FILES}
        for one in value.split(",") if many else [value]:
            yield each.id, found.key, one.strip()
    for text in each.text.split("\n"):
        if text.strip():
            yield each.id, "text", text.strip()
    if each.kind == KIND:
        yield from _of_difference(each)


def _of_difference(each: Entry) -> Iterator[Fact]:
    """Yield what a line under “To check” still says of the place it was taken from."""
    of, key = each.fields.get("of", ""), each.fields.get("field", "")
    if other := each.fields.get("other"):
        yield of, key, other
    for line in each.text.split("\n"):
        if line.strip():
            yield of, key, line.strip()
            yield "", PROSE, line.strip()
