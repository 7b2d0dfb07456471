"""What is wrong in one card, line by line: grammar, values, order. Nothing is changed."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cardcli import contacts, dates, profile, sense
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.errors import BadValueError, Problem
from cardcli.fields import Field, Rules, Type, check
from cardcli.language import _, active


@dataclass(frozen=True, slots=True)
class Limits:
    """What values are checked against: the rules of reading, the region of phone numbers.

    ``purposes`` say why optional keys of the profile are kept; ``obligatory`` are the keys every
    card should have.
    """

    rules: Rules
    region: str = "RU"
    purposes: Mapping[str, str] = dataclasses.field(default_factory=dict)
    obligatory: tuple[str, ...] = ()


def problems(card: Card, limits: Limits) -> list[Problem]:
    """Return all problems of a card in the order of its lines."""
    found = [*card.problems, *_profile(card, limits), *_entries(card, limits), *_order(card)]
    return sorted(found, key=lambda problem: problem.line)


def _profile(card: Card, limits: Limits) -> Iterator[Problem]:
    if not card.name:
        yield Problem(1, _("the card has neither a name nor a company"))
    for field in card.kinds.profile.fields:
        for value in card.values(field.key):
            reason = _wrong(field, value, limits)
            if reason:
                yield Problem(
                    card.line_of(field.key),
                    reason,
                    "warning" if field.type in {Type.PHONE, Type.EMAIL} else "error",
                )
    yield from _wanted(card, limits)


def _wanted(card: Card, limits: Limits) -> Iterator[Problem]:
    """Yield what the card should hold and what it should not, by the settings of the store."""
    table = card.kinds.profile
    for key in profile.without_purpose(card.metadata, limits.purposes):
        sentence = _("{field}: it is kept, but cardcli.yaml states no purpose for it (purposes:)")
        yield Problem(
            card.line_of(key), sentence.format(field=_(table.field(key).label)), "warning"
        )
    missing = profile.unasked(card.metadata, limits.obligatory)
    if missing:
        labels = ", ".join(_(table.field(key).label) for key in missing)
        yield Problem(1, _("not filled in yet: {fields}").format(fields=labels), "warning")
    if card.value("status") and not card.value("status_reason"):
        sentence = _("the status was set by hand, but status_reason does not say why")
        yield Problem(card.line_of("status"), sentence, "warning")


def _wrong(field: Field, value: str, limits: Limits) -> str:
    """Return why a stored value is not right, or ""."""
    try:
        if field.type is Type.PHONE:
            return contacts.phone(value, limits.region).warning
        if field.type is Type.EMAIL:
            return contacts.email(value).warning
        if field.type in {Type.DATE, Type.BIRTHDAY} and check(field, value, limits.rules) != value:
            return _("{field}: “{value}” is not written as 2026-05-14").format(
                field=_(field.label), value=value
            )
        stored = check(field, value, limits.rules)
        if field.type is Type.CHOICE and stored != value:
            return _("{field}: write “{stored}”, not “{value}”").format(
                field=_(field.label), stored=stored, value=value
            )
    except BadValueError as error:
        return str(error)
    return ""


def _entries(card: Card, limits: Limits) -> Iterator[Problem]:
    for each in card.entries:
        if not each.kind:
            continue
        kind = card.kinds.named(each.kind)
        for field in kind.fields:
            value = each.fields.get(field.key)
            if value is None and field.required:
                yield Problem(each.line, _("{field} is missing").format(field=_(field.label)))
            elif value is not None and (reason := _wrong(field, value, limits)):
                yield Problem(each.line, reason)
        yield from _references(card, each, kind.fields)
        for sentence in sense.contradictions(kind, each):
            yield Problem(each.line, sentence)
        if sentence := sense.outdated_history(kind, each):
            yield Problem(each.line, sentence, "warning")


def _references(card: Card, each: Entry, fields: Iterable[Field]) -> Iterator[Problem]:
    known = {other.id for other in card.entries}
    for field in fields:
        value = each.fields.get(field.key, "")
        if field.type is Type.ENTRY and value and value not in known:
            yield Problem(
                each.line,
                _("{field}: the card has no entry ^{id}").format(field=_(field.label), id=value),
            )


def _order(card: Card) -> Iterator[Problem]:
    for section in card.sections:
        spans = section.spans
        for (_first, _end, above), (_next, _last, below) in itertools.pairwise(spans):
            if (above.date, above.time) > (below.date, below.time):
                yield Problem(
                    below.line,
                    _("the entry of {date} stands below a later one").format(
                        date=dates.show_date(below.date, active()),
                    ),
                    "warning",
                )
