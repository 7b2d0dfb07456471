"""Problems of the entries: their fields, their days, what they refer to."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator

from cardcli import codes, dates, sense, settling
from cardcli.card import Card
from cardcli.checks.facts import EARLIEST
from cardcli.checks.values import Limits, judge
from cardcli.entry import Entry
from cardcli.errors import Problem
from cardcli.fields import Field, Type
from cardcli.kinds import DIFFERENCE, HISTORY, Kind, Kinds
from cardcli.language import _, active
from cardcli.meant import nearest, suggesting
from cardcli.text import fold

_HAPPENED = frozenset(
    {"sale", "payment", "refund", "survey", "observation", "patch-test", "consent"}
)
"""Kinds that nobody writes down before they happen; others are planned, but not for years."""
_YEAR = dt.timedelta(days=366)
_SHORTEST = 4
_LATER = frozenset({"of", "in", "sha256", HISTORY})


def problems(card: Card, limits: Limits) -> Iterator[Problem]:
    """Yield the problems of all entries."""
    born = dates.from_iso(card.value("birthday"))
    known = {each.id for each in card.entries}
    for each in card.entries:
        yield from _day(each, born, limits.rules.today)
        if not each.kind:
            continue
        kind = card.kinds.named(each.kind)
        if kind.name == DIFFERENCE:
            yield _difference(card, each)
            continue
        yield from _fields(each, kind, limits)
        yield from _references(each, kind.fields, known)
        yield from _keys(each, card.kinds)
        for sentence in sense.contradictions(kind, each):
            yield codes.problem(codes.CONTRADICTION, each.line, sentence)
        if sentence := sense.outdated_history(kind, each):
            yield codes.problem(codes.HISTORY, each.line, sentence)
    yield from _sections(card)


def _day(each: Entry, born: dt.date | None, today: dt.date) -> Iterator[Problem]:
    day = dates.from_iso(each.date)
    if day is None:
        return
    if EARLIEST <= day <= today and not (born and day < born):
        return
    shown = dates.show_date(each.date, active())
    if day < EARLIEST:
        message = _("{day} is too long ago").format(day=shown)
        yield codes.problem(codes.TOO_EARLY, each.line, message)
    elif born and day < born:
        message = _("{day} is before the client was born, on {birthday}").format(
            day=shown, birthday=dates.show_date(born.isoformat(), active())
        )
        yield codes.problem(codes.TOO_EARLY, each.line, message)
    if day > today and (each.kind in _HAPPENED or day - today > _YEAR):
        message = _("{day} lies in the future").format(day=shown)
        yield codes.problem(codes.FUTURE, each.line, message)


def _fields(each: Entry, kind: Kind, limits: Limits) -> Iterator[Problem]:
    for field in kind.fields:
        value = each.fields.get(field.key)
        if value is None and field.required:
            message = _("{field} is missing").format(field=_(field.label))
            yield codes.problem(codes.REQUIRED, each.line, message)
        elif value is not None and (verdict := judge(field, value, limits)):
            yield codes.problem(verdict.code, each.line, verdict.message)


def _references(each: Entry, fields: Iterable[Field], known: set[str]) -> Iterator[Problem]:
    for field in fields:
        value = each.fields.get(field.key, "")
        if field.type is Type.ENTRY and value and value not in known:
            message = _("{field}: the card has no entry ^{id}").format(
                field=_(field.label), id=value
            )
            yield codes.problem(codes.REFERENCE, each.line, message)


def _keys(each: Entry, kinds: Kinds) -> Iterator[Problem]:
    """Yield the fields that are nearly one of the kind: ``prise`` for ``price``, ``цена``."""
    for key in each.fields:
        meant = "" if key in _LATER else _meant(kinds, each.kind, key)
        if meant and meant not in each.fields:
            message = _("“{key}” is taken for a key of your own; did you mean “{word}”?")
            yield codes.problem(codes.ALMOST_KEY, each.line, message.format(key=key, word=meant))


@functools.lru_cache(maxsize=1024)
def _meant(kinds: Kinds, name: str, key: str) -> str:
    kind = kinds.named(name)
    known = [field.key for field in kind.fields]
    found = kind.canonical(key)
    if key in known or found in known:
        return "" if key in known else found
    return (nearest(key, known, closeness=0.8) or "") if len(key) >= _SHORTEST else ""


def _difference(card: Card, each: Entry) -> Problem:
    message = _("{field}: {kept} stands, the other is {other}").format(
        field=settling.label_of(card, each),
        kept=" ".join(settling.kept(card, each).split()) or "—",
        other=" ".join(settling.other(each).split()),
    )
    return codes.problem(codes.DIFFERENCE, each.line, message)


def _sections(card: Card) -> Iterator[Problem]:
    """Yield the headings that are no kind of ours, though entries stand below them."""
    for section in card.sections:
        if not section.spans:
            continue
        if card.kinds.of_heading(section.heading) is None:
            meant = _nearest_heading(card.kinds, section.heading)
            yield codes.problem(
                codes.SECTION, max(section.start, 0) + 1, _unknown(section.heading, meant)
            )


def _unknown(heading: str, meant: str) -> str:
    if not heading:
        return _("entries stand above the first heading, so they are of no kind")
    sentence = _("the heading “{heading}” is no kind of entry").format(heading=heading)
    return suggesting(sentence, meant)


@functools.lru_cache(maxsize=256)
def _nearest_heading(kinds: Kinds, heading: str) -> str:
    headings = {fold(text): text for kind in kinds.all for text in kind.headings.values()}
    return headings.get(nearest(fold(heading), headings) or "", "")
