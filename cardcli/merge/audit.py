"""What both parents of a merge say and its result does not: the proof that nothing was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from cardcli import entry as entries
from cardcli.card import BadCardError, Card, parse
from cardcli.entry import Entry
from cardcli.fields import Type
from cardcli.kinds import Kinds
from cardcli.merge.mapping import LATEST, flat
from cardcli.merge.notes import KIND, PROSE
from cardcli.text import unescape
from cardcli.yamlpatch import Value

Fact = tuple[str, str, str]
"""(entry id or "", key, value): something a card says."""


def lost(
    base: str, one: str, two: str, result: str, kinds: Kinds, renamed: Mapping[str, str]
) -> list[Fact]:
    """Return what a side says, nobody took out, and the result of the merge does not say."""
    was, mine, yours, now = (_facts(text, kinds) for text in (base, one, two, result))
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


def _facts(text: str, kinds: Kinds) -> Counter[Fact]:
    try:
        card = parse(text, kinds)
        return Counter(_of_card(card))
    except BadCardError:
        return Counter(("", PROSE, line.strip()) for line in text.split("\n") if line.strip())


def _of_card(card: Card) -> Iterator[Fact]:
    for key, value in card.metadata.items():
        yield from (("", name, each) for name, each in _of_value(key, value))
    for number, line in enumerate(card.lines):
        if number >= card.sections[0].start:
            break
        if line.lstrip().startswith("#"):
            yield "", PROSE, line.strip()
    for first, _end, each in (span for section in card.sections for span in section.spans):
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
