"""What ``check --fix`` makes of one card: only what has one right answer, the same on every workplace.

Only the lines in question change; a card that would not say the same afterwards stays as it is.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections import Counter
from collections.abc import Callable

from cardcli import card as cards
from cardcli import codes, entry, ids
from cardcli.card import Card, Section, parse
from cardcli.checks.values import Limits, judge
from cardcli.entry import Entry
from cardcli.errors import BadCardError
from cardcli.fields import Type
from cardcli.yamlpatch import Plain

_MARK = re.compile(rf"[ \t]+\^{ids.PATTERN}[ \t]*$")
_MADE = "entry"


def repaired(card: Card, limits: Limits) -> str:
    """Return the text of a card with what can be mended mended."""
    steps: tuple[Callable[[Card, Limits], str], ...] = (_ids, _values, _order)
    for step in steps:
        try:
            card = parse(step(card, limits), card.kinds)
        except BadCardError:  # that step is not safe in this card; the others may be
            continue
    return card.text


def _ids(card: Card, limits: Limits) -> str:  # noqa: ARG001 - a step like the others
    """Give every entry an id of its own, derived from what it says."""
    lines = list(card.lines)
    taken = {each.id for each in card.entries if each.id}
    seen: set[str] = set()
    alike: Counter[tuple[str, ...]] = Counter()
    for each in card.entries:
        line = lines[each.line - 1]
        if each.id not in seen and each.id:
            seen.add(each.id)
            continue
        text = line.rstrip("\r")
        if not each.id and entry.foreign_mark(text):
            continue
        said = _said(each, text)
        alike[said] += 1
        made = _free(said, alike[said], taken)
        taken.add(made)
        seen.add(made)
        lines[each.line - 1] = f"{_MARK.sub('', text).rstrip()} ^{made}{line[len(text) :]}"
    text = "\n".join(lines)
    _refuse_other(card, text)
    return text


def _said(each: Entry, line: str) -> tuple[str, ...]:
    """Return what the id of an entry is derived from: its kind, its line and its text."""
    return each.kind or each.section, _MARK.sub("", line).rstrip(), each.id, each.text


def _free(said: tuple[str, ...], count: int, taken: set[str]) -> str:
    while (made := ids.derived_id(_MADE, *said, str(count))) in taken:
        count += 1
    return made


def _refuse_other(card: Card, text: str) -> None:
    """Raise unless *text* says what the card says, ids apart."""
    changed = parse(text, card.kinds)
    same = [each.content[1:] for each in card.entries] == [
        each.content[1:] for each in changed.entries
    ]
    if not same or changed.metadata != card.metadata or changed.prose != card.prose:
        raise BadCardError(1, "")


def _values(card: Card, limits: Limits) -> str:
    """Write values in their stored form where their meaning is certain."""
    for field in card.kinds.profile.fields:
        value = card.metadata.get(field.key)
        verdict = judge(field, value, limits) if isinstance(value, str) and value else None
        if verdict and verdict.code == codes.FORM:
            dated = field.type in {Type.DATE, Type.BIRTHDAY}
            stored = Plain(verdict.stored) if dated else verdict.stored
            with contextlib.suppress(BadCardError):  # written so that it cannot be spliced
                card = parse(cards.set_key(card, field.key, stored), card.kinds)
    for each in card.entries:
        changed = _stored(card, each, limits)
        if changed and each.id:
            with contextlib.suppress(BadCardError):
                text = cards.amend(card, each.id, functools.partial(_with, changed))
                card = parse(text, card.kinds)
    return card.text


def _with(fields: dict[str, str], each: Entry) -> Entry:
    return each._replace(fields={**each.fields, **fields})


def _stored(card: Card, each: Entry, limits: Limits) -> dict[str, str]:
    """Return the fields of an entry that are written otherwise than stored."""
    found = {}
    for field in card.kinds.named(each.kind).fields if each.kind else ():
        value = each.fields.get(field.key)
        verdict = judge(field, value, limits) if value else None
        if verdict and verdict.code == codes.FORM:
            found[field.key] = verdict.stored
    return found


def _order(card: Card, limits: Limits) -> str:  # noqa: ARG001 - a step like the others
    """Sort the entries of each section by day and time where only blank lines stand between them."""
    text = card.text
    for number, section in enumerate(card.sections):
        current = parse(text, card.kinds)
        if sortable(current, section):
            text = _sorted(current, current.sections[number])
    changed = parse(text, card.kinds)
    before, after = (
        sorted(repr(each.content) for each in every.entries) for every in (card, changed)
    )
    if before != after or changed.prose != card.prose:
        raise BadCardError(1, "")
    return text


def sortable(card: Card, section: Section) -> bool:
    """Tell whether the entries of a section are out of order and nothing but blanks lies between."""
    moments = [(each.date, each.time) for _first, _end, each in section.spans]
    if moments == sorted(moments):
        return False
    begin, finish = section.spans[0][0], section.spans[-1][1]
    taken = {line for first, end, _each in section.spans for line in range(first, end)}
    return all(line in taken or not card.lines[line].strip() for line in range(begin, finish))


def _sorted(card: Card, section: Section) -> str:
    lines = [line.rstrip("\r") for line in card.lines]
    endings = [line[len(line.rstrip("\r")) :] for line in card.lines]
    blocks = sorted(section.spans, key=lambda span: (span[2].date, span[2].time))
    begin, finish = section.spans[0][0], section.spans[-1][1]
    made: list[str] = []
    for place, (first, end, _each) in zip(section.spans, blocks, strict=True):
        gap = lines[begin : place[0]]
        made += [*gap, *lines[first:end]]
        begin = place[1]
    lines[section.spans[0][0] : finish] = made
    return "\n".join(line + ending for line, ending in zip(lines, endings, strict=True))
